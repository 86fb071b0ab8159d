"""The health questions of the intake and of each visit, their answers and their review."""

import datetime as dt
from collections.abc import Mapping

from clinic.models import User
from demo.record.patients import PatientRecord
from patients.models import Level, Screening, ScreeningItem, Visit
from patients.rules import ages
from patients.rules import screenings as screening_rules

NO_CONCERNS: Mapping[str, str] = {}
CONCERNED_REGION = {"region": "f-quadm", "side": "left"}
# A clear result proceeds; a caution proceeds with care; a stop stays one.
DECISIONS = {
    Level.CLEAR: (Screening.Decision.PROCEED, ""),
    Level.CAUTION: (Screening.Decision.MODIFY, "Fewer needles, longer pressure after each one."),
    Level.STOP: (Screening.Decision.REFER, "Sent back to the family physician first."),
}
REVIEW_TAKES = dt.timedelta(minutes=4)


def take_intake(
    record: PatientRecord,
    *,
    at: dt.datetime,
    reviewer: User,
    concerns: Mapping[str, str] = NO_CONCERNS,
) -> Screening:
    """The health questions of the intake and their review. `concerns` is {item code: detail}."""
    screening = _add_screening(
        record,
        record.context.catalogs.screening.intake,
        concerns,
        age=record.age(at),
        kind=ScreeningItem.Kind.INTAKE,
        source=Screening.Source.TABLET,
        taken_at=at,
        taken_by=record.reception,
    )
    _review(record, screening, by=reviewer)
    record.screening = screening
    return screening


def take_at_visit(record: PatientRecord, visit: Visit, *, at: dt.datetime, by: User) -> Screening:
    """“Anything changed?”, asked by the therapist: nothing has, and asking is the review."""
    screening = _add_screening(
        record,
        record.context.catalogs.screening.visit,
        NO_CONCERNS,
        age=ages.ADULT_AGE,
        kind=ScreeningItem.Kind.VISIT,
        source=Screening.Source.STAFF,
        taken_at=at,
        taken_by=by,
        visit=visit,
        decision=Screening.Decision.PROCEED,
        decided_level=Level.CLEAR,
    )
    record.batch.review(screening, by=by, after=dt.timedelta(0))
    return screening


def answers(
    record: PatientRecord, items: tuple[ScreeningItem, ...], concerns: Mapping[str, str]
) -> dict[str, screening_rules.GivenAnswer]:
    """An answer to each item, by code: reassuring unless it is one of the concerns."""
    usual = {item.code: record.context.catalogs.screening.reassuring[item.code] for item in items}
    return usual | _concerning_answers(items, concerns)


def _concerning_answers(
    items: tuple[ScreeningItem, ...], concerns: Mapping[str, str]
) -> dict[str, screening_rules.GivenAnswer]:
    return {
        item.code: screening_rules.GivenAnswer(
            item.concern_answer, concerns[item.code], (CONCERNED_REGION,) if item.asks_regions else ()
        )
        for item in items
        if item.code in concerns
    }


def _add_screening(
    record: PatientRecord,
    items: tuple[ScreeningItem, ...],
    concerns: Mapping[str, str],
    *,
    age: int,
    **columns,
) -> Screening:
    catalog = record.context.catalogs.screening
    given = {**catalog.reassuring, **_concerning_answers(items, concerns)}
    screening = record.batch.add(
        Screening,
        patient=record.patient,
        rule_version=catalog.rule_versions[columns["kind"]],
        computed_level=screening_rules.level_of(items, given, age=age),
        **screening_rules.packed(items, given, versions=catalog.versions),
        **columns,
    )
    record.add_event("screening.taken", screening, by=screening.taken_by, at=screening.taken_at)
    return screening


def _review(record: PatientRecord, screening: Screening, *, by: User) -> None:
    screening.decision, screening.reason = DECISIONS[screening.computed_level]
    screening.decided_level = screening_rules.level_after(screening.computed_level, screening.decision)
    taken_on = record.context.clock.day_of(screening.taken_at)
    screening.expires_on = ages.months_later(taken_on, record.context.staff.practice.screening_months)
    record.batch.review(screening, by=by, after=REVIEW_TAKES)
    record.add_event(
        "screening.reviewed",
        screening,
        by=by,
        at=screening.taken_at + REVIEW_TAKES,
        changes={"decision": ["", screening.decision]},
    )
