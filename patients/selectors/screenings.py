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


def answers_of(screening: Screening) -> list[ScreeningAnswer]:
    return list(screening.answers.select_related("item"))
