"""The current health questions, and recorded answers."""

from django.db.models import QuerySet

from clinic.models import User
from patients.models import Patient, Screening, ScreeningAnswer, ScreeningItem


def asked_now(kind: str) -> QuerySet[ScreeningItem]:
    return ScreeningItem.objects.current().filter(kind=kind)


def visible_to(user: User, *, ref: str) -> QuerySet[Screening]:
    """Screenings of one patient, with who took and who reviewed them."""
    patients = Patient.objects.visible_to(user).filter(ref=ref)
    rows = Screening.objects.select_related("patient", "taken_by", "reviewed_by")
    return rows.filter(patient__in=patients)


def questions_of(codes: list[str]) -> list[ScreeningItem]:
    """The questions of these codes, retired ones included."""
    return list(ScreeningItem.objects.filter(code__in=codes)) if codes else []


def answers_of(screening: Screening, *, kind: str = "") -> list[ScreeningAnswer]:
    """Those of another kind of questions than `kind`, if it is given, are none."""
    answers = screening.answers.select_related("item")
    return list(answers.filter(screening__kind=kind) if kind else answers)
