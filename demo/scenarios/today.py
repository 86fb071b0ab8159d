"""Today's visits, half way through the morning whatever the hour."""

import datetime as dt
from collections.abc import Callable

from clinic.models import User
from demo.record import followups, past_visits, screenings, sessions
from demo.record.patients import PatientRecord
from demo.scenarios import latest_actions
from demo.scenarios.definitions import Scenario
from demo.setup.context import Clock
from patients.models import Visit
from treatments.models import NeedleSite, NeedlingSession

DAYS_AHEAD = dt.timedelta(days=7)
MINUTE = dt.timedelta(minutes=1)
# The hour that scenarios count from: real visits are as far from now as theirs are from this hour.
SCENARIO_NOW = dt.timedelta(hours=10)
QUARTER_SECONDS = 15 * 60


def shifted_to_now(clock: Clock, hour: tuple[int, int]) -> dt.datetime:
    """The instant that is as far from now as `hour` is from 10:00."""
    quarters = int(clock.now.timestamp()) // QUARTER_SECONDS
    anchor = dt.datetime.fromtimestamp(quarters * QUARTER_SECONDS, tz=dt.UTC)
    return anchor + dt.timedelta(hours=hour[0], minutes=hour[1]) - SCENARIO_NOW


def within_today(clock: Clock, at: dt.datetime) -> dt.datetime:
    """Around midnight the first or the last visits of the day fall together."""
    return min(max(at, clock.at(clock.today, 0)), clock.at(clock.today, 23, 45))


def add_visit(record: PatientRecord, scenario: Scenario, therapist: User) -> None:
    """Today's visit as far as it has come, and the next one where it is booked."""
    at = shifted_to_now(record.context.clock, scenario.hour)
    STAGES[scenario.stage](record, scenario, at, therapist)
    if scenario.planned:
        past_visits.book(record, past_visits.weekday(at + DAYS_AHEAD), therapist)


def _book(record: PatientRecord, at: dt.datetime, therapist: User, **stamps) -> Visit:
    return past_visits.book(record, within_today(record.context.clock, at), therapist, **stamps)


def _expected(record: PatientRecord, scenario: Scenario, at: dt.datetime, therapist: User) -> None:
    _book(record, at, therapist)


def _missed(record: PatientRecord, scenario: Scenario, at: dt.datetime, therapist: User) -> None:
    latest_actions.miss_visit(record, _book(record, at, therapist))


def _cancelled(record: PatientRecord, scenario: Scenario, at: dt.datetime, therapist: User) -> None:
    latest_actions.cancel_visit(record, _book(record, at, therapist))


def _arrived(record: PatientRecord, scenario: Scenario, at: dt.datetime, therapist: User) -> None:
    visit = _book(record, at, therapist, arrived=at - 5 * MINUTE)
    if scenario.changed_today:
        latest_actions.take_at_visit(record, visit, dict(scenario.changed_today))


def _in_room(record: PatientRecord, scenario: Scenario, at: dt.datetime, therapist: User) -> None:
    visit = _book(record, at, therapist, arrived=at - 6 * MINUTE, roomed=at + 2 * MINUTE)
    screenings.take_at_visit(record, visit, at=at + 4 * MINUTE, by=therapist)


def _treating(record: PatientRecord, scenario: Scenario, at: dt.datetime, therapist: User) -> None:
    """Needles are in at the second of two sites at this moment."""
    visit = _book(record, at, therapist, arrived=at - 4 * MINUTE, roomed=at + 3 * MINUTE)
    visit_screening = screenings.take_at_visit(record, visit, at=at + 5 * MINUTE, by=therapist)
    session = sessions.open_session(record, visit, visit_screening, at=at + 8 * MINUTE)
    session.position, session.skin_prep = session.Position.PRONE, session.SkinPrep.ALCOHOL
    condition = sessions.add_conditions(record, session, (6, None))[0]
    first, second = past_visits.choose_muscles(record)[:2]
    # a row that stands for several muscles asks which, where this patient has one
    done = {"technique": NeedleSite.Technique.PISTON, "dwell_seconds": None, "sub_site": ""}
    sessions.add_site(record, session, condition, first, number=1, **done)
    sessions.add_site(record, session, condition, second, number=2, **_needles_in(record))


def _needles_in(record: PatientRecord) -> dict:
    since = record.context.clock.now - 6 * MINUTE
    return {
        "technique": NeedleSite.Technique.STATIC,
        "needles": 2,
        "insertions": 2,
        "dwell_seconds": None,
        "needle_in_at": since,
        "added_at": since,
    }


def _unsigned(record: PatientRecord, scenario: Scenario, at: dt.datetime, therapist: User) -> None:
    """The patient has left, and nobody has counted the needles or signed yet."""
    session = _complete_session(record, at, therapist)
    session.needles_opened = session.needles_unused = session.needles_out = None
    session.needles_counted_at = session.needles_counted_by = None
    session.billing_code = session.billing_reason = ""
    session.billing_modifiers = session.billing_modifiers_reason = ""
    session.billing_muscles = None


def _signed(record: PatientRecord, scenario: Scenario, at: dt.datetime, therapist: User) -> None:
    sessions.sign(record, _complete_session(record, at, therapist))


def _complete_session(record: PatientRecord, at: dt.datetime, therapist: User) -> NeedlingSession:
    stamps = {"arrived": at - 7 * MINUTE, "roomed": at + MINUTE, "left": at + 34 * MINUTE}
    visit = _book(record, at, therapist, **stamps)
    before = record.random_source.randint(4, 7)
    pain = (before, before - record.random_source.randint(1, 3))
    session = past_visits.treat(record, visit, at=at + 5 * MINUTE, pain=pain)
    followups.schedule(record, session)
    return session


STAGES: dict[str, Callable[[PatientRecord, Scenario, dt.datetime, User], None]] = {
    "expected": _expected,
    "missed": _missed,
    "cancelled": _cancelled,
    "arrived": _arrived,
    "in_room": _in_room,
    "treating": _treating,
    "unsigned": _unsigned,
    "signed": _signed,
}
