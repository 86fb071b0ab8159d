"""Consents with the people on them, the text that is signed next, and what was known when one is signed."""

from django.db.models import QuerySet

from clinic.models import Jurisdiction, User
from patients.models import Consent, ConsentCopy, ConsentText, Patient, Screening, ScreeningItem

PEOPLE = ("therapist", "witness", "given_by", "refused_by", "withdrawal__withdrawn_by")


def visible_to(user: User, *, ref: str) -> QuerySet[Consent]:
    """Consents of one patient, with everybody they name."""
    patients = Patient.objects.visible_to(user).filter(ref=ref)
    return Consent.objects.select_related("patient", "text", *PEOPLE).filter(patient__in=patients)


def copies_of(consent: Consent) -> QuerySet[ConsentCopy]:
    return consent.copies.select_related("given_by").order_by("given_at")


def text_for(jurisdiction: Jurisdiction) -> ConsentText | None:
    """The text that is signed today."""
    return ConsentText.objects.published().wanted_by(jurisdiction).first()


def latest_screening(patient: Patient) -> Screening | None:
    """The questionnaire that a consent refers to."""
    taken = Screening.objects.filter(patient=patient, kind=ScreeningItem.Kind.INTAKE)
    return taken.order_by("-taken_at", "-pk").first()
