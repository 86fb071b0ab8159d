"""Whom a note may have been about instead, and what a session of that patient stands on."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.values.errors import STOP
from patients.models import Consent, Patient, PatientCondition, Screening, Visit
from patients.rules import validity as validity_rules
from patients.rules.identity.search_terms import SearchTerms
from patients.rules.visits import days
from patients.selectors import validity
from patients.selectors.identity import search
from treatments.models import NeedlingSession
from treatments.rules.signing import wrong_patient
from treatments.rules.signing.wrong_patient import Target

SHOWN = 30


@dataclass(frozen=True)
class Papers:
    """Keys of what was valid at the session; None where nothing was."""

    consent: int | None = None
    intake: int | None = None
    visit_screen: int | None = None


def visits_of_the_day(note: NeedlingSession, *, user) -> list[Target]:
    """Other patients who came that day and of whom the therapist has signed no note, their own first."""
    day = timezone.localdate(wrong_patient.started_at(note))
    visits = Visit.objects.visible_to(user).standing().between(*days.day_bounds(day))
    noted = NeedlingSession.objects.signed().filter(visit=OuterRef("pk"), therapist=note.therapist_id)
    rows = visits.exclude(patient=note.patient_id).filter(~Exists(noted))
    rows = rows.select_related("patient", "therapist", "location").order_by("booked_for", "pk")
    # nearly every record is unmerged: asked of the database, that would lead to the day's visits
    standing = [visit for visit in rows if visit.patient.merged_into_id is None]
    found = sorted(standing, key=lambda visit: visit.therapist_id != note.therapist_id)
    return [Target(visit.patient, visit) for visit in found[:SHOWN]]


def found(terms: SearchTerms, note: NeedlingSession, *, user, listed: list[Target]) -> list[Target]:
    """Patients that a search finds and that have no visit of that day among those `listed`."""
    people = {person.pk: person for person in search.find_patients(terms, user=user)}
    known = {target.patient.pk for target in listed} | {note.patient_id}
    visible = Patient.objects.visible_to(user).filter(pk__in=people.keys() - known)
    keys = set(visible.values_list("pk", flat=True))
    return [Target(person) for pk, person in people.items() if pk in keys]


def by_reference(ref: str, *, user) -> Target | None:
    """The patient that was found a page ago."""
    patient = Patient.objects.visible_to(user).filter(ref=ref, merged_into=None).first()
    return Target(patient) if patient else None


def conditions_of(patient: Patient) -> QuerySet[PatientCondition]:
    open_rows = PatientCondition.objects.open().filter(episode__patient=patient, episode__discharged_at=None)
    return open_rows.select_related("condition", "variant", "episode")


def papers_of(target: Target, note: NeedlingSession) -> Papers:
    """The right patient's own consent and health questions, where they stood before the session ended."""
    day, end = timezone.localdate(wrong_patient.started_at(note)), wrong_patient.ended_at(note)
    facts = validity.validity_facts([target.patient], on=day)[target.patient.pk]
    is_valid = not any(reason.level == STOP for reason in validity_rules.consent_reasons(facts, on=day))
    consents = Consent.objects.filter(Q(given_at__lte=end) | Q(paper_on__lte=day), patient=target.patient)
    consent = consents.filter(pk=facts.consent.pk) if facts.consent and is_valid else consents.none()
    taken = Screening.objects.filter(patient=target.patient, taken_at__lte=end).order_by("-taken_at", "-pk")
    short = taken.filter(kind=validity_rules.VISIT, visit=target.visit) if target.visit else taken.none()
    return Papers(
        consent=consent.values_list("pk", flat=True).first(),
        intake=taken.filter(kind=validity_rules.INTAKE).values_list("pk", flat=True).first(),
        visit_screen=short.values_list("pk", flat=True).first(),
    )
