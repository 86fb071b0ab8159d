"""Each member of the cast told from registration to this moment."""

import datetime as dt
from dataclasses import replace
from random import Random

from clinic.models import User
from demo import after, clinic_day, history, people, safety, treating
from demo import chart as charts
from demo.cast import MARIA, Part
from demo.chart import Chart
from demo.history import Treated
from demo.scene import Scene
from treatments.models import Addendum, ErrorMark

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# Twelve months later is three days from now.
ENDS_SOON = 362 * DAY
ERROR = "Written on the wrong visit. The treatment is in the note of the visit before."
ADDENDUM = "The depth of the second site was 12 mm."


def play(scene: Scene, part: Part, *, seed: str, number: int) -> None:
    dice = Random(f"{seed}:cast:{number}")
    therapist = scene.team.therapists[part.therapist]
    last = _last_visit(scene, part)
    first = history.weekday(last - history.DAYS_BETWEEN * DAY * max(part.past - 1, 0))
    known_since = first - DAY if part.past else scene.clock.now - 2 * DAY
    if part.consent == "ends_soon":
        known_since -= ENDS_SOON
    person = _person(scene, part, dice)
    chart = charts.register(scene, dice, person, at=known_since, visits_before=part.visits_before)
    chart.supervisor = scene.team.therapists[MARIA] if part.supervised else None
    _furnish(chart, part, at=known_since)
    side, met = part.side, first + 3 * MINUTE if part.past else known_since + HOUR
    charts.diagnose(chart, part.condition, side, by=therapist, at=met)
    _prepare(chart, part, at=first - 25 * MINUTE if part.past else scene.clock.now - DAY, therapist=therapist)
    told = history.tell(chart, visits=part.past, last=last, therapist=therapist, muscles=part.muscles)
    if part.supervised:
        for treated in told[:-1]:
            treating.cosign(chart, treated.session, at=treated.session.ended_at + DAY)
    if told:
        _answer(chart, part, told[-1])
        _say_afterwards(chart, part, told[-1])
    _since_then(chart, part, therapist)
    if part.hour:
        clinic_day.tell(chart, part, therapist)


def _last_visit(scene: Scene, part: Part) -> dt.datetime:
    if part.hours_ago:
        return scene.clock.now.replace(second=0, microsecond=0) - part.hours_ago * HOUR
    return history.weekday(clinic_day.when(scene.clock, part.hour) - 7 * DAY)


def _person(scene: Scene, part: Part, dice: Random) -> people.Person:
    drawn = people.person(dice, today=scene.clock.today, age=part.age)
    if part.name is None:
        return drawn
    family, given = part.name
    email = f"{given}.{family}.{part.age}@example.invalid".lower()
    return replace(drawn, family_name=family, given_name=given, sex="female", email=email)


def _furnish(chart: Chart, part: Part, *, at: dt.datetime) -> None:
    charts.furnish(chart, at=at, medicare=part.medicare)
    if part.medicine:
        charts.medicate(chart, *part.medicine, at=at, thins_blood=True)
    if part.referred:
        charts.refer(chart, chart.scene.shelf.conditions[part.condition].name)


def _prepare(chart: Chart, part: Part, *, at: dt.datetime, therapist: User) -> None:
    """Screening and consent before the first visit, where they differ from everybody's."""
    concerns = dict(part.concerns)
    if part.consent == "guardian":
        name = charts.guard(chart, at=at)
        safety.ask(chart, at=at, concerns={**concerns, "under-18": ""}, reviewer=therapist)
        safety.consent(chart, at=at + 13 * MINUTE, therapist=therapist, guardian=name)
    if part.screening == "waiting":
        safety.ask(chart, at=chart.scene.clock.now - 28 * MINUTE, concerns=concerns)
    elif not part.past and part.screening == "reviewed":
        safety.ask(chart, at=at, concerns=concerns, reviewer=therapist)
    if part.consent == "ends_soon":
        safety.consent(chart, at=chart.scene.clock.now - ENDS_SOON, therapist=therapist)
    elif part.consent == "paper" or (part.consent == "given" and not part.past):
        safety.consent(chart, at=at + 13 * MINUTE, therapist=therapist, on_paper=part.consent == "paper")
    elif part.consent == "refused":
        safety.refuse(chart, at=at + 20 * MINUTE)


def _since_then(chart: Chart, part: Part, therapist: User) -> None:
    """What changed between the newest session and today."""
    yesterday = chart.scene.clock.now - DAY
    if part.consent == "withdrawn":
        safety.withdraw(chart, at=yesterday)
    if part.consent == "ended":
        safety.ask(chart, at=yesterday, reviewer=therapist)
    if part.screening == "ended":
        safety.consent(chart, at=yesterday, therapist=therapist)


def _answer(chart: Chart, part: Part, newest: Treated) -> None:
    """What the call list knows of the newest session."""
    now, followups = chart.scene.clock.now, newest.followups
    usual = after.usual_answers(chart, is_first=True)
    if part.reply == "red":
        signs, answers = ("breathless", "chest-pain"), {**usual, "now": 2, "worst": 3}
        note = "Short of breath on the stairs since last evening. Told to call 911."
        after.answer(chart, followups[0], at=now - 35 * MINUTE, answers=answers, signs=signs, note=note)
    elif part.reply == "sore":
        answers = {**usual, "now": 8, "worst": 9, "still_sore": True}
        after.answer(chart, followups[0], at=now - 50 * MINUTE, answers=answers)
    elif part.reply == "missed":
        history.settle(chart, followups[:1])
        after.miss(chart, followups[-1], at=now - 20 * MINUTE)
    elif part.reply != "due":
        history.settle(chart, followups)


def _say_afterwards(chart: Chart, part: Part, newest: Treated) -> None:
    session, by = newest.session, newest.session.therapist
    at = session.ended_at + DAY
    if part.later == "addendum":
        chart.batch.add(
            Addendum, session=session, reason="Typed wrongly", text=ADDENDUM, written_at=at, written_by=by
        )
        chart.batch.note("addendum.written", session, by=by, patient=chart.patient, at=at)
    elif part.later == "error":
        chart.batch.add(ErrorMark, session=session, reason=ERROR, marked_at=at, marked_by=by)
        chart.batch.note("session.in_error", session, by=by, patient=chart.patient, at=at, reason=ERROR)
