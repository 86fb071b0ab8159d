"""The health questions of the intake and of each visit, their answers and their review."""

import datetime as dt
from collections.abc import Mapping

from clinic.models import User
from demo.record.patients import PatientRecord
from demo.setup import catalogs
from patients.models import Level, Screening, ScreeningAnswer, ScreeningItem, Visit
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
    concerns: Mapping[str, str] = NO_CONCERNS,
    reviewer: User | None = None,
) -> Screening:
    """`concerns` is {item code: detail}. Without a reviewer the screening waits for one."""
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
    if reviewer is not None:
        _review(record, screening, by=reviewer)
    record.screening = screening
    return screening


def take_at_visit(
    record: PatientRecord,
    visit: Visit,
    *,
    at: dt.datetime,
    by: User,
    concerns: Mapping[str, str] = NO_CONCERNS,
) -> Screening:
    """“Anything changed?”, asked by staff: when nothing changed, asking is the review."""
    screening = _add_screening(
        record,
        record.context.catalogs.screening.visit,
        concerns,
        age=ages.ADULT_AGE,
        kind=ScreeningItem.Kind.VISIT,
        source=Screening.Source.STAFF,
        taken_at=at,
        taken_by=by,
        visit=visit,
    )
    if screening.computed_level == Level.CLEAR:
        screening.decision, screening.decided_level = Screening.Decision.PROCEED, Level.CLEAR
        record.batch.review(screening, by=by, after=dt.timedelta(0))
    return screening


def _add_screening(
    record: PatientRecord,
    items: tuple[ScreeningItem, ...],
    concerns: Mapping[str, str],
    *,
    age: int,
    **columns,
) -> Screening:
    catalog = record.context.catalogs.screening
    given = {item.code: _concerning(item, concerns[item.code]) for item in items if item.code in concerns}
    screening = record.batch.add(
        Screening,
        patient=record.patient,
        rule_version=catalog.rule_versions[columns["kind"]],
        computed_level=screening_rules.level_of(items, {**catalog.reassuring, **given}, age=age),
        **columns,
    )
    for item in items:
        if item.code in given:
            answer = catalogs.answer_columns(item, given[item.code])
            record.batch.add_columns(ScreeningAnswer, screening_id=screening.pk, **answer)
        else:
            record.batch.add_from_template(catalog.reassuring_rows[item.code], screening.pk)
    record.add_event("screening.taken", screening, by=screening.taken_by, at=screening.taken_at)
    return screening


def _concerning(item: ScreeningItem, detail: str) -> screening_rules.Given:
    regions = (CONCERNED_REGION,) if item.asks_regions else ()
    return screening_rules.Given(item.concern_answer, detail, regions)


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
