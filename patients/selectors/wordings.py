"""The words of questions: which version is asked now, and those that packed answers name."""

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, StrIndex
from django.db.models.lookups import GreaterThan

from patients.models import QuestionWording


def with_version(questions: QuerySet, *, catalogue: str) -> QuerySet:
    """Rows of a catalogue with `wording_version`, the version of their `question`; None where it is new."""
    same = QuestionWording.objects.filter(
        catalogue=catalogue, code=OuterRef("code"), text=OuterRef("question")
    )
    return questions.annotate(wording_version=Subquery(same.order_by("-version").values("version")[:1]))


def of_code(*, catalogue: str) -> QuerySet[QuestionWording]:
    """Every wording of the question whose code the outer row has."""
    return QuestionWording.objects.filter(catalogue=catalogue, code=OuterRef("code")).order_by("version")


def named_in(column: str, *, catalogue: str, answer: str = "") -> QuerySet[QuestionWording]:
    """The wordings that the packed answers in the outer row's column name; `answer`: of those so answered."""
    version = Cast("version", CharField())
    end = f' {answer}"' if answer else " "
    rows = QuestionWording.objects.filter(catalogue=catalogue)
    return rows.filter(has_entry(column, F("code"), Value(" "), version, Value(end))).order_by("code")


def has_entry(column: str, *start) -> GreaterThan:
    """A condition: packed answers in the outer row's column have an entry that begins so.

    What a patient typed may say the same: read the entry itself where it decides.
    """
    return _has(OuterRef(column), start)


def entry_begins(*start) -> GreaterThan:
    """The same of the answers of concern of a screening that is looked through itself."""
    return _has(F("concerns"), start)


def _has(answers, start: tuple) -> GreaterThan:
    return GreaterThan(StrIndex(Cast(answers, TextField()), Concat(Value('"'), *start)), 0)


def newest_version(*, catalogue: str, code: str) -> int:
    """0 when there is none."""
    versions = QuestionWording.objects.filter(catalogue=catalogue, code=code).order_by("-version")
    return versions.values_list("version", flat=True).first() or 0
