"""What happened before today: weekly visits, each with its session, and pain that slowly gives way."""

import datetime as dt
from dataclasses import dataclass

from clinic.models import User
from demo import after, safety, treating
from demo.chart import Chart
from patients.models import Visit
from treatments.models import FollowUp, Muscle, NeedlingSession

DAYS_BETWEEN = 7
# Answers are asked for again once they ended.
STALE = dt.timedelta(days=360)
UNREACHED = 0.05
# Stamps that the visit itself tells well enough; an event for each would be a third of all events.
QUIET = {"roomed", "left"}
SITES = 3


@dataclass(frozen=True)
class Treated:
    """A session of the past with the calls that it asked for."""

    session: NeedlingSession
    followups: list[FollowUp]


def tell(
    chart: Chart, *, visits: int, last: dt.datetime, therapist: User, muscles: tuple[str, ...] = ()
) -> list[Treated]:
    """`visits` signed sessions, a week apart, the newest at `last`; the newest one's calls are open."""
    pain = chart.dice.randint(6, 9)
    told = []
    for number in range(visits):
        booked = weekday(last - dt.timedelta(days=DAYS_BETWEEN * (visits - 1 - number)))
        _keep_current(chart, booked, therapist)
        told.append(_past_visit(chart, booked, therapist, pain, muscles))
        # part of what was won lasts until the next visit
        pain = max(pain - chart.dice.choice((0, 1, 1, 2)), 1)
    for treated in told[:-1]:
        settle(chart, treated.followups)
    return told


def weekday(at: dt.datetime) -> dt.datetime:
    """Nobody is treated on a weekend: the Friday before."""
    return at - dt.timedelta(days=max(at.weekday() - 4, 0))


def visit(chart: Chart, booked: dt.datetime, therapist: User, *, kind: str = "", **stamps) -> Visit:
    """A booking with its stamps: arrived, roomed, left, cancelled or missed, each an instant."""
    team, by = chart.scene.team, chart.reception
    pairs = {f"{name}_at": at for name, at in stamps.items()} | {f"{name}_by": by for name in stamps}
    room = team.rooms[team.therapists.index(therapist) + 1] if "roomed" in stamps else None
    booked_at = min(booked - dt.timedelta(days=6), chart.scene.clock.now - dt.timedelta(days=1))
    made = chart.batch.add(
        Visit,
        ref=chart.scene.minter.record(),
        patient=chart.patient,
        location=team.location,
        room=room,
        therapist=therapist,
        kind=kind or (Visit.Kind.FOLLOW_UP if chart.sessions else Visit.Kind.FIRST),
        booked_for=booked,
        minutes=team.practice.visit_minutes,
        booked_at=booked_at,
        booked_by=by,
        **pairs,
    )
    chart.batch.note("visit.booked", made, by=by, patient=chart.patient, at=booked_at)
    for name, at in stamps.items():
        if name not in QUIET:
            chart.batch.note(f"visit.{name}", made, by=by, patient=chart.patient, at=at)
    return made


def treat(
    chart: Chart, on: Visit, *, at: dt.datetime, pain: tuple[int, int], muscles: tuple[str, ...] = ()
) -> NeedlingSession:
    """A whole session, ended and not signed yet."""
    screen = safety.ask_again(chart, on, at=at - dt.timedelta(minutes=2), by=on.therapist)
    session = treating.open_session(chart, on, screen, at=at)
    conditions = treating.treat_conditions(chart, session, pain)
    needled = [
        treating.needle(chart, session, conditions[0], muscle, number=number)
        for number, muscle in enumerate(chosen(chart, muscles), start=1)
    ]
    treating.finish(chart, session, needled, conditions)
    return session


def chosen(chart: Chart, codes: tuple[str, ...] = ()) -> list[Muscle]:
    """These muscles, else usual ones of the first condition."""
    shelf = chart.scene.shelf
    if codes:
        return [shelf.muscles[code] for code in codes]
    usual = shelf.for_condition[chart.conditions[0].condition.code]
    return chart.dice.sample(usual, min(SITES, len(usual)))


def settle(chart: Chart, followups: list[FollowUp]) -> None:
    """Calls that were due by now reached the patient, most of the time."""
    first = min(chart.scene.team.practice.followup_steps)
    for followup in followups:
        at = followup.due_at + after.CALLED_AFTER
        if at > chart.scene.clock.now:
            continue
        if chart.dice.random() < UNREACHED:
            after.give_up(chart, followup, at=at)
        else:
            after.answer(
                chart, followup, at=at, answers=after.usual_answers(chart, is_first=followup.step == first)
            )


def _past_visit(
    chart: Chart, booked: dt.datetime, therapist: User, pain: int, muscles: tuple[str, ...]
) -> Treated:
    minutes = dt.timedelta(minutes=1)
    came = visit(
        chart,
        booked,
        therapist,
        arrived=booked - chart.dice.randint(2, 9) * minutes,
        roomed=booked + minutes,
        left=booked + 34 * minutes,
    )
    eased = max(pain - chart.dice.randint(1, 3), 0)
    session = treat(chart, came, at=booked + 5 * minutes, pain=(pain, eased), muscles=muscles)
    treating.sign(chart, session)
    return Treated(session, after.schedule(chart, session))


def _keep_current(chart: Chart, booked: dt.datetime, therapist: User) -> None:
    """The intake questionnaire and the consent, before the first visit and once a year after that."""
    if chart.screening is None or booked - chart.screening.taken_at > STALE:
        safety.ask(chart, at=booked - dt.timedelta(minutes=25), reviewer=therapist, concerns=_concerns(chart))
    if chart.consent is None or booked - chart.consent.given_at > STALE:
        safety.consent(chart, at=booked - dt.timedelta(minutes=12), therapist=therapist)


def _concerns(chart: Chart) -> dict[str, str]:
    """Most people report nothing; some never had a needle, a few fainted once."""
    first = {"first-needling": ""} if chart.dice.random() < 0.4 else {}
    fainted = {"fainted": "Once, at a blood test."} if chart.dice.random() < 0.05 else {}
    return first | fainted
