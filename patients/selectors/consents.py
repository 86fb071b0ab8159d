"""Consents with the people they name, the current text, and the screening that a consent refers to."""

import datetime as dt

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Jurisdiction, Location, Practice, User
from clinic.models.rows import Beside, put_beside, read_beside
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

PEOPLE = Beside(
    User,
    *("therapist", "witness", "given_by", "refused_by", "withdrawal__withdrawn_by"),
    columns=User.NAMED_BY,
)


def all_of(user: User, patient: Patient) -> list[Consent]:
    """Every consent of a patient with the people it names, the oldest first."""
    return [with_people(consent) for consent in ALL_OF(user=user.pk, at=timezone.now(), ref=patient.ref)]


def _all_of(user: int, at: dt.datetime, ref: str) -> QuerySet[Consent]:
    return visible_to(user, ref=ref, at=at).order_by("recorded_at", "pk")


ALL_OF = PreparedQuery(_all_of)


def visible_to(user: User | int, *, ref: str, at: dt.datetime | None = None) -> QuerySet[Consent]:
    """Consents of one patient, for `with_people`."""
    patients = Patient.objects.visible_to(user, at=at).filter(ref=ref)
    consents = Consent.objects.select_related("patient", "text", "withdrawal")
    return read_beside(consents.filter(patient__pk__among=patients), PEOPLE)


def with_people(consent: Consent) -> Consent:
    """The consent with the people it names."""
    return put_beside(consent, PEOPLE)


def copies_of(consent: Consent) -> QuerySet[ConsentCopy]:
    return consent.copies.select_related("given_by").order_by("given_at")


def text_for(jurisdiction: Jurisdiction | None) -> ConsentText | None:
    """The text that is currently signed."""
    return ConsentText.objects.published().wanted_by(jurisdiction).first()


def rules_with_no_other(text: ConsentText) -> list[str]:
    """The state rules that hold somewhere and under which no other text can be signed."""
    practice = Practice.objects.select_related("jurisdiction").get(pk=1)
    there = Location.objects.filter(retired_at=None, jurisdiction__isnull=False).select_related(
        "jurisdiction"
    )
    held = {practice.jurisdiction, *(location.jurisdiction for location in there)}
    return sorted(rules.name for rules in held if rules is not None and _is_only_text(text, rules))


def _is_only_text(text: ConsentText, rules: Jurisdiction) -> bool:
    served = ConsentText.objects.published().wanted_by(rules).values_list("pk", flat=True)
    return list(served) == [text.pk]


def agreed_statements(consent: Consent) -> list[str]:
    """What stands agreed with a consent: its own statements and those of what was added to it."""
    stands = Consent.objects.filter(Q(pk=consent.pk) | Q(parent=consent, refused_at=None, withdrawal=None))
    return [statement for row in stands.values_list("statements", flat=True) for statement in row]


def ended_on(patient: Patient) -> dt.date | None:
    """The last day on which the patient refused or withdrew consent."""
    rows = Consent.objects.filter(patient=patient)
    last = rows.aggregate(refused=Max("refused_at"), withdrawn=Max("withdrawal__withdrawn_at"))
    return max((timezone.localdate(at) for at in last.values() if at), default=None)


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
