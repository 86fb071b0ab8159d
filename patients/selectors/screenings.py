"""The current health questions, and recorded answers."""

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from clinic.models.rows import RelatedRows
from patients.models import Episode, Patient, QuestionWording, Screening, ScreeningItem, Visit
from patients.rules import screenings
from patients.rules import wordings as wordings_rules
from patients.rules.screenings import AnsweredSet, GivenAnswer, RecordedAnswer
from patients.selectors import wordings

HEALTH = QuestionWording.Catalogue.HEALTH


def asked_now(kind: str, *, patient: Patient) -> QuerySet[ScreeningItem]:
    """The questions with the version of their words. At a first visit none asks what is new since then."""
    items = ScreeningItem.objects.current().filter(kind=kind)
    since_a_visit = Q(code__in=screenings.SINCE_LAST_VISIT)
    asked = items.filter(~since_a_visit | Q(Exists(_earlier_visits(patient))) | Q(_visits_elsewhere(patient)))
    return wordings.with_version(asked, catalogue=HEALTH)


def _earlier_visits(patient: Patient) -> QuerySet[Visit]:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Visit.objects.filter(patient=patient, arrived_at__lt=today).order_by()


def _visits_elsewhere(patient: Patient) -> Exists:
    """Visits before Filiform was there."""
    return Exists(Episode.objects.filter(patient=patient, visits_before__gt=0).order_by())


def visible_to(user: User, *, ref: str) -> QuerySet[Screening]:
    """Screenings of one patient, with who took and who reviewed them."""
    patients = Patient.objects.visible_to(user).filter(ref=ref)
    rows = Screening.objects.select_related("patient", "taken_by", "reviewed_by")
    return rows.filter(patient__pk__among=patients)


def questions_of(codes: list[str]) -> list[ScreeningItem]:
    """The questions of these codes, retired ones included."""
    return list(ScreeningItem.objects.filter(code__in=codes)) if codes else []


def answers_of(screening: Screening, *, kind: str = "") -> list[RecordedAnswer]:
    """In the order of the questions. Of another kind of questions than `kind`, if it is given, none."""
    if kind and screening.kind != kind:
        return []
    given = {each.code: each for each in screenings.answered(screening)}
    items = _with_words(ScreeningItem.objects.filter(code__in=given))
    return [_recorded(item, given[item.code], item.words) for item in items]


def all_of(patient: Patient) -> list[AnsweredSet]:
    """Every set of answers of a patient, the oldest first, in two statements."""
    rows = ALL_OF(patient=patient.pk)
    given = {row.pk: {each.code: each for each in screenings.answered(row)} for row in rows}
    named = {code for row in rows for code in (*given[row.pk], *row.not_asked)}
    items = ITEMS(codes=tuple(sorted(named))) if named else []
    return [_answered_set(row, given[row.pk], items) for row in rows]


def _all_of(patient: int) -> QuerySet[Screening]:
    rows = Screening.objects.filter(patient=patient).select_related("taken_by", "reviewed_by")
    return rows.order_by("taken_at", "pk")


def _items(codes: tuple[str, ...]) -> QuerySet[ScreeningItem]:
    return _with_words(ScreeningItem.objects.filter(code__among=codes))


ALL_OF = PreparedQuery(_all_of)
ITEMS = PreparedQuery(_items)


def _answered_set(screening: Screening, given: dict, items: list) -> AnsweredSet:
    """Out of the questions of all sets, in their order."""
    answers = [_recorded(item, given[item.code], item.words) for item in items if item.code in given]
    not_asked = [item.question for item in items if item.code in screening.not_asked]
    return AnsweredSet(screening, answers, not_asked)


def _with_words(items: QuerySet[ScreeningItem]) -> QuerySet:
    words = RelatedRows(wordings.of_code(catalogue=HEALTH), code="code", version="version", text="text")
    return items.annotate(words=words)


def _recorded(item: ScreeningItem, answered: wordings_rules.Answered, words: list[dict]) -> RecordedAnswer:
    given = GivenAnswer(answered.answer, answered.detail, answered.regions)
    return RecordedAnswer(item, wordings_rules.words_of(answered, words), answered.level, given)
