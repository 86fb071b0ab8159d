"""Consents with the people they name, the current text, and the screening that a consent refers to."""

from django.db.models import QuerySet

from clinic.models import Jurisdiction, User
from patients.models import (
    Consent,
    ConsentCopy,
    ConsentText,
    Patient,
    RelatedPerson,
    Screening,
    ScreeningItem,
)
from patients.rules.signers import NamesOnRecord

PEOPLE = ("therapist", "witness", "given_by", "refused_by", "withdrawal__withdrawn_by")


def visible_to(user: User, *, ref: str) -> QuerySet[Consent]:
    """Consents of one patient, with the people they name."""
    patients = Patient.objects.visible_to(user).filter(ref=ref)
    return Consent.objects.select_related("patient", "text", *PEOPLE).filter(patient__in=patients)


def copies_of(consent: Consent) -> QuerySet[ConsentCopy]:
    return consent.copies.select_related("given_by").order_by("given_at")


def text_for(jurisdiction: Jurisdiction) -> ConsentText | None:
    """The text that is currently signed."""
    return ConsentText.objects.published().wanted_by(jurisdiction).first()


def names_on_record(patient: Patient) -> NamesOnRecord:
    """The names that a signer is compared with."""
    guardians = patient.related_people.filter(kind=RelatedPerson.Kind.GUARDIAN, ended_at=None)
    return NamesOnRecord(
        patient.family_name,
        patient.given_name,
        patient.preferred_name,
        tuple(guardians.values_list("name", flat=True)),
    )


def latest_screening(patient: Patient) -> Screening | None:
    """The latest intake answers, which a consent refers to."""
    intakes = Screening.objects.filter(patient=patient, kind=ScreeningItem.Kind.INTAKE)
    return intakes.order_by("-taken_at", "-pk").first()
