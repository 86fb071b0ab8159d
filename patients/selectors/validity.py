"""The newest health questions and consent of patients, which decide whether a session may start."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import OuterRef, Q, Subquery

from patients.models import Consent, Patient, Screening
from patients.rules.validity import INTAKE, VISIT, ConsentFacts, ScreeningFacts, ValidityFacts
from patients.rules.visits.days import day_bounds


def validity_facts(patients: Iterable[Patient], *, on: dt.date) -> dict[int, ValidityFacts]:
    """Facts by patient pk, in two queries for any number of patients."""
    people = {patient.pk: patient for patient in patients}
    intakes, visits = _screenings(people, on)
    consents = _consents(people, on)
    return {
        pk: ValidityFacts(
            ref=person.ref,
            born=person.born,
            intake=intakes.get(pk),
            visit_screens=tuple(visits.get(pk, ())),
            consent=consents.get(pk),
        )
        for pk, person in people.items()
    }


def _screenings(people, on) -> tuple[dict, dict]:
    start, end = day_bounds(on)
    # what was answered later says nothing of the day
    until = Screening.objects.filter(patient=OuterRef("patient"), kind=INTAKE, taken_at__lt=end)
    newest = until.order_by("-taken_at", "-pk")
    of_the_day = Q(kind=VISIT, taken_at__gte=start, taken_at__lt=end)
    latest_intake = Q(kind=INTAKE, pk=Subquery(newest.values("pk")[:1]))
    rows = (
        Screening.objects.filter(latest_intake | of_the_day, patient__in=people)
        .order_by("-taken_at", "-pk")
        .values_list("patient_id", "kind", "pk", "computed_level", "decided_level", "expires_on", "visit_id")
    )
    intakes: dict[int, ScreeningFacts] = {}
    visits: dict[int, list[ScreeningFacts]] = {}
    for patient_id, kind, pk, computed, decided, expires_on, visit_id in rows:
        facts = ScreeningFacts(pk, computed, decided, expires_on, visit_id)
        if kind == INTAKE:
            intakes[patient_id] = facts
        else:
            visits.setdefault(patient_id, []).append(facts)
    return intakes, visits


def _consents(people, on) -> dict[int, ConsentFacts]:
    """The newest consent or refusal of each patient until that day, with regions that were added to it."""
    _, end = day_bounds(on)
    until = Q(given_at__lt=end) | Q(refused_at__lt=end)
    initial_consents = Consent.objects.filter(until, patient=OuterRef("patient"), kind=Consent.Kind.INITIAL)
    newest = Subquery(initial_consents.order_by("-recorded_at", "-pk").values("pk")[:1])
    added = Q(parent=newest, refused_at=None, withdrawal=None)
    rows = (
        Consent.objects.filter(Q(pk=newest) | added, patient__in=people)
        .order_by("kind", "pk")
        .values("pk", "patient_id", "kind", "expires_on", "refused_at", "withdrawal__pk", "signer", "regions")
    )
    regions: dict[int, set[str]] = {}
    initial = {}
    for row in rows:
        regions.setdefault(row["patient_id"], set()).update(row["regions"])
        if row["kind"] == Consent.Kind.INITIAL:
            initial[row["patient_id"]] = row
    return {pk: _consent_facts(row, regions[pk]) for pk, row in initial.items()}


def _consent_facts(row: Mapping, regions: set[str]) -> ConsentFacts:
    return ConsentFacts(
        pk=row["pk"],
        expires_on=row["expires_on"],
        refused=row["refused_at"] is not None,
        withdrawn=row["withdrawal__pk"] is not None,
        signer=row["signer"],
        regions=frozenset(regions),
    )
