"""The current health questions, and recorded answers."""

from django.db.models import QuerySet

from clinic.models import User
from clinic.models.rows import RelatedRows
from patients.models import Patient, QuestionWording, Screening, ScreeningItem
from patients.rules import screenings
from patients.rules import wordings as wordings_rules
from patients.rules.screenings import GivenAnswer, RecordedAnswer
from patients.selectors import wordings

HEALTH = QuestionWording.Catalogue.HEALTH


def asked_now(kind: str) -> QuerySet[ScreeningItem]:
    """The questions with the version of their words."""
    return wordings.with_version(ScreeningItem.objects.current().filter(kind=kind), catalogue=HEALTH)


def visible_to(user: User, *, ref: str) -> QuerySet[Screening]:
    """Screenings of one patient, with who took and who reviewed them."""
    patients = Patient.objects.visible_to(user).filter(ref=ref)
    rows = Screening.objects.select_related("patient", "taken_by", "reviewed_by")
    return rows.filter(patient__in=patients)


def questions_of(codes: list[str]) -> list[ScreeningItem]:
    """The questions of these codes, retired ones included."""
    return list(ScreeningItem.objects.filter(code__in=codes)) if codes else []


def answers_of(screening: Screening, *, kind: str = "") -> list[RecordedAnswer]:
    """In the order of the questions. Of another kind of questions than `kind`, if it is given, none."""
    if kind and screening.kind != kind:
        return []
    given = {each.code: each for each in screenings.answered(screening)}
    items = ScreeningItem.objects.filter(code__in=given)
    words = RelatedRows(wordings.of_code(catalogue=HEALTH), code="code", version="version", text="text")
    return [_recorded(item, given[item.code], item.words) for item in items.annotate(words=words)]


def _recorded(item: ScreeningItem, answered: wordings_rules.Answered, words: list[dict]) -> RecordedAnswer:
    given = GivenAnswer(answered.answer, answered.detail, answered.regions)
    return RecordedAnswer(item, wordings_rules.words_of(answered, words), answered.level, given)
