"""Today, half way through the morning whatever the hour."""

import datetime as dt

from clinic.models import User
from demo import after, history, safety, treating
from demo.cast import Part
from demo.chart import Chart
from demo.scene import Clock
from patients.models import Visit
from treatments.models import NeedleSite, NeedlingSession

MINUTE = dt.timedelta(minutes=1)
# The hour that the board's clock would show; real visits stand as far from now as theirs from this.
PRETENDED = dt.timedelta(hours=10)
QUARTER_SECONDS = 15 * 60


def when(clock: Clock, hour: tuple[int, int]) -> dt.datetime:
    """The real instant that stands where `hour` stands on a morning at ten."""
    quarters = int(clock.now.timestamp()) // QUARTER_SECONDS
    anchor = dt.datetime.fromtimestamp(quarters * QUARTER_SECONDS, tz=dt.UTC)
    return anchor + dt.timedelta(hours=hour[0], minutes=hour[1]) - PRETENDED


def within_today(clock: Clock, at: dt.datetime) -> dt.datetime:
    """Around midnight the first or the last visits of the day crowd together."""
    return min(max(at, clock.at(clock.today, 0)), clock.at(clock.today, 23, 45))


def tell(chart: Chart, part: Part, therapist: User) -> None:
    """The visit of today as far as it has come."""
    at = when(chart.scene.clock, part.hour)
    stages = {
        "expected": _expected,
        "missed": _missed,
        "cancelled": _cancelled,
        "arrived": _arrived,
        "in_room": _in_room,
        "treating": _treating,
        "unsigned": _unsigned,
        "signed": _signed,
    }
    stages[part.stage](chart, part, at, therapist)


def _visit(chart: Chart, at: dt.datetime, therapist: User, **stamps) -> Visit:
    return history.visit(chart, within_today(chart.scene.clock, at), therapist, **stamps)


def _expected(chart: Chart, part: Part, at: dt.datetime, therapist: User) -> None:
    _visit(chart, at, therapist)


def _missed(chart: Chart, part: Part, at: dt.datetime, therapist: User) -> None:
    visit = _visit(chart, at, therapist, missed=at + 20 * MINUTE)
    visit.end_reason = "Did not come and did not call."


def _cancelled(chart: Chart, part: Part, at: dt.datetime, therapist: User) -> None:
    visit = _visit(chart, at, therapist, cancelled=chart.scene.clock.now - 90 * MINUTE)
    visit.end_reason = "Has to work; will call for another day."


def _arrived(chart: Chart, part: Part, at: dt.datetime, therapist: User) -> None:
    visit = _visit(chart, at, therapist, arrived=at - 5 * MINUTE)
    if part.changed_today:
        safety.ask_again(chart, visit, at=at - MINUTE, by=chart.reception, concerns=dict(part.changed_today))


def _in_room(chart: Chart, part: Part, at: dt.datetime, therapist: User) -> None:
    visit = _visit(chart, at, therapist, arrived=at - 6 * MINUTE, roomed=at + 2 * MINUTE)
    safety.ask_again(chart, visit, at=at + 4 * MINUTE, by=therapist)


def _treating(chart: Chart, part: Part, at: dt.datetime, therapist: User) -> None:
    """Needles stand in the second of two sites at this moment."""
    visit = _visit(chart, at, therapist, arrived=at - 4 * MINUTE, roomed=at + 3 * MINUTE)
    screen = safety.ask_again(chart, visit, at=at + 5 * MINUTE, by=therapist)
    session = treating.open_session(chart, visit, screen, at=at + 8 * MINUTE)
    session.position, session.skin_prep = session.Position.PRONE, session.SkinPrep.ALCOHOL
    condition = treating.treat_conditions(chart, session, (6, None))[0]
    first, second = history.chosen(chart)[:2]
    piston, static = NeedleSite.Technique.PISTON, NeedleSite.Technique.STATIC
    treating.needle(chart, session, condition, first, number=1, technique=piston, dwell_seconds=None)
    went_in = chart.scene.clock.now - 6 * MINUTE
    standing = {"needles": 2, "insertions": 2, "dwell_seconds": None, "needle_in_at": went_in}
    treating.needle(
        chart, session, condition, second, number=2, technique=static, added_at=went_in, **standing
    )


def _unsigned(chart: Chart, part: Part, at: dt.datetime, therapist: User) -> None:
    """The patient has left, and nobody has counted the needles or signed yet."""
    session = _whole(chart, at, therapist)
    session.needles_opened = session.needles_unused = session.needles_out = None
    session.needles_counted_at = session.needles_counted_by = None
    session.billing_code = session.billing_reason = ""
    session.billing_muscles = None


def _signed(chart: Chart, part: Part, at: dt.datetime, therapist: User) -> None:
    treating.sign(chart, _whole(chart, at, therapist))


def _whole(chart: Chart, at: dt.datetime, therapist: User) -> NeedlingSession:
    visit = _visit(chart, at, therapist, arrived=at - 7 * MINUTE, roomed=at + MINUTE, left=at + 34 * MINUTE)
    before = chart.dice.randint(4, 7)
    session = history.treat(
        chart, visit, at=at + 5 * MINUTE, pain=(before, before - chart.dice.randint(1, 3))
    )
    after.schedule(chart, session)
    return session
