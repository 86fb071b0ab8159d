"""The newest health questions and consent of patients, which decide whether a session may start."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Jurisdiction, Practice
from clinic.models.rows import RelatedRows, as_list, day, instant
from patients.models import Consent, ConsentText, Level, Patient, Screening
from patients.rules import consent_texts
from patients.rules.validity import INTAKE, VISIT, ConsentFacts, ScreeningFacts, ValidityFacts
from patients.rules.visits.days import day_bounds
from patients.selectors import visits as visits_selectors

CONSENT = (
    "pk", "kind", "expires_on", "refused_at", "withdrawal__pk", "signer", "regions", "statements", "text_id",
    "asked_now", "recorded_at",
)  # fmt: skip
SCREENING = ("pk", "kind", "computed_level", "decided_level", "expires_on", "visit_id", "taken_at")


def validity_facts(
    patients: Iterable[Patient], *, on: dt.date, rules: Jurisdiction | None = None
) -> dict[int, ValidityFacts]:
    """Facts by patient pk, in one query for any number of patients.

    `rules` say which consent text they are to have signed; without, those of the place do where they are, or
    were last.
    """
    people = {patient.pk: patient for patient in patients}
    start, end = day_bounds(on)
    rows = FACTS(people=tuple(people), start=start, end=end, rules=rules.pk if rules else None)
    return {pk: _facts(people[pk], *found) for pk, *found in rows}


def _facts(
    person: Patient, screenings: list[dict], consents: list[dict], merged: list[dict]
) -> ValidityFacts:
    """What was answered before a record was `merged` into this one does not speak for both."""
    intake = next((row for row in screenings if row["kind"] == INTAKE), None)
    updates = (row for row in screenings if row["kind"] != INTAKE)
    unasked = _merged_since(intake["taken_at"], merged) if intake else merged
    return ValidityFacts(
        ref=person.ref,
        born=person.born,
        intake=_screening_facts(intake) if intake else None,
        visit_screens=tuple(
            _screening_facts(row) for row in updates if not _merged_since(row["taken_at"], merged)
        ),
        consent=_consent_of(consents, merged),
        merged_level=_merged_level(unasked),
    )


def _merged_since(at: str, merged: list[dict]) -> list[dict]:
    return [row for row in merged if instant(row["at"]) >= instant(at)]


def _merged_level(unasked: list[dict]) -> str:
    if not unasked:
        return ""
    return Level.STOP if any(row["stop"] for row in unasked) else Level.CAUTION


def _consent_of(consents: list[dict], merged: list[dict]) -> ConsentFacts | None:
    if not (consents and _is_initial(consents[0])):
        return None
    since = _merged_since(consents[0]["recorded_at"], merged)
    return replace(_consent_facts(*consents), refused_on_merged=any(row["refused"] for row in since))


def _screening_facts(row: Mapping) -> ScreeningFacts:
    return ScreeningFacts(
        row["pk"], row["computed_level"], row["decided_level"], day(row["expires_on"]), row["visit_id"]
    )


def _rows(people: tuple[int, ...], start: dt.datetime, end: dt.datetime, rules: int | None) -> QuerySet:
    """(patient, the newest intake and the answers of the day, consents) of each patient."""
    return (
        Patient.objects.filter(pk__among=people)
        .order_by()
        .annotate(
            facts_screenings=RelatedRows(_screenings(start, end), **{name: name for name in SCREENING}),
            facts_consents=RelatedRows(_consents(start, end, rules), **{name: name for name in CONSENT}),
            facts_merged=RelatedRows(
                Patient.objects.filter(merged_into=OuterRef("pk"), merged_at__lt=end).order_by("pk"),
                at="merged_at",
                stop=Exists(_stops(start, end)),
                refused=Exists(_no_consents()),
            ),
        )
        .values_list("pk", "facts_screenings", "facts_consents", "facts_merged")
    )


FACTS = PreparedQuery(_rows)


def _screenings(start: dt.datetime, end: dt.datetime) -> QuerySet:
    # what was answered later says nothing of the day
    until = Screening.objects.filter(patient=OuterRef("patient"), kind=INTAKE, taken_at__lt=end)
    newest = until.order_by("-taken_at", "-pk")
    of_the_day = Q(kind=VISIT, taken_at__gte=start, taken_at__lt=end)
    latest_intake = Q(kind=INTAKE, pk=Subquery(newest.values("pk")[:1]))
    rows = Screening.objects.filter(latest_intake | of_the_day, patient=OuterRef("pk"))
    return rows.order_by("-taken_at", "-pk")


def _stops(start: dt.datetime, end: dt.datetime) -> QuerySet:
    """Of a merged record: its newest health questions or an update of the day say stop."""
    says_stop = Q(decided_level=Level.STOP) | Q(decided_level="", computed_level=Level.STOP)
    return _screenings(start, end).filter(says_stop)


def _no_consents() -> QuerySet:
    """Of a merged record: whatever was refused or withdrawn."""
    said_no = Q(refused_at__isnull=False) | Q(withdrawal__isnull=False)
    return Consent.objects.filter(said_no, patient=OuterRef("pk")).order_by()


def _consents(start: dt.datetime, end: dt.datetime, rules: int | None) -> QuerySet:
    """The newest consent or refusal until that day, with what was added to it."""
    until = Q(given_at__lt=end) | Q(refused_at__lt=end)
    initial_consents = Consent.objects.filter(until, patient=OuterRef("patient"), kind=Consent.Kind.INITIAL)
    newest = Subquery(initial_consents.order_by("-recorded_at", "-pk").values("pk")[:1])
    added = Q(parent=newest, withdrawal=None) & (Q(refused_at=None) | Q(kind=Consent.Kind.UPDATE))
    texts = ConsentText.objects.in_force(before=end, rules="rules")
    texts = texts.filter(language=OuterRef("text__language"))
    rows = Consent.objects.filter(Q(pk=newest) | added, patient=OuterRef("pk")).order_by("kind", "pk")
    return rows.annotate(rules=_rules_of_place(start, end) if rules is None else Value(rules)).annotate(
        asked_now=Subquery(texts.values("statements")[:1])
    )


def _rules_of_place(start: dt.datetime, end: dt.datetime) -> Coalesce:
    """Those of the place of the patient of the outer row, else those of the practice."""
    placing = visits_selectors.placing(OuterRef("patient"), start=start, end=end)
    placing = placing.values("location__jurisdiction")[:1]
    return Coalesce(Subquery(placing), Subquery(Practice.objects.filter(pk=1).values("jurisdiction")[:1]))


def _is_initial(row: Mapping) -> bool:
    return row["kind"] == Consent.Kind.INITIAL


def _consent_facts(row: Mapping, *added: Mapping) -> ConsentFacts:
    """`row` is the consent, `added` what came to it since, answers to a changed text last."""
    given = [row, *(each for each in added if each["refused_at"] is None)]
    answered = next((each for each in reversed(added) if each["kind"] == Consent.Kind.UPDATE), row)
    regions = {region for each in given for region in as_list(each["regions"])}
    return ConsentFacts(
        pk=row["pk"],
        expires_on=day(row["expires_on"]),
        refused=row["refused_at"] is not None or answered["refused_at"] is not None,
        unagreed=_unagreed(row, given),
        withdrawn=row["withdrawal__pk"] is not None,
        signer=row["signer"],
        regions=frozenset(regions),
    )


def _unagreed(row: Mapping, given: list[Mapping]) -> tuple[str, ...]:
    """What a paper says is not known here, so that nothing of it can have changed."""
    if not (row["text_id"] and row["asked_now"]):
        return ()
    agreed = [statement for each in given for statement in as_list(each["statements"])]
    return tuple(consent_texts.unagreed(as_list(row["asked_now"]), agreed))
