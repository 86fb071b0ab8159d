"""Builds each scenario from registration to this moment."""

import datetime as dt
from dataclasses import dataclass, replace
from random import Random

from clinic.models import User
from demo.record import consents, followups, past_visits, patients, screenings, sessions
from demo.record.past_visits import PastSession
from demo.record.patients import PatientRecord
from demo.scenarios import latest_actions, today
from demo.scenarios.definitions import MARIA, Scenario
from demo.setup import people
from demo.setup.context import BuildContext, Clock

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# Given that long ago, a consent of twelve months ends in three days.
ENDS_SOON = 362 * DAY


@dataclass(frozen=True)
class Dates:
    """When the parts of a scenario before today happened."""

    registered: dt.datetime
    diagnosed: dt.datetime
    # health questions and consent of the first visit
    screened: dt.datetime
    last_visit: dt.datetime


def add_patient(context: BuildContext, scenario: Scenario, *, seed: str, number: int) -> None:
    # another text would draw other people and values from the same seed
    random_source = Random(f"{seed}:cast:{number}")
    therapist = context.staff.therapists[scenario.therapist]
    dates = _dates(context.clock, scenario)
    record = _register(context, scenario, random_source, at=dates.registered)
    patients.add_condition(record, scenario.condition, scenario.side, by=therapist, at=dates.diagnosed)
    _add_screening(record, scenario, at=dates.screened, therapist=therapist)
    _add_consent(record, scenario, at=dates.screened, therapist=therapist)
    _add_past(record, scenario, last=dates.last_visit, therapist=therapist)
    _add_recent_changes(record, scenario, therapist)
    _add_papers(record, scenario)
    if scenario.hour:
        today.add_visit(record, scenario, therapist)


def _dates(clock: Clock, scenario: Scenario) -> Dates:
    last = _last_visit(clock, scenario)
    first = past_visits.weekday(last - past_visits.DAYS_BETWEEN * DAY * max(scenario.past - 1, 0))
    registered = first - DAY if scenario.past else clock.now - 2 * DAY
    if scenario.consent == "ends_soon":
        registered -= ENDS_SOON
    return Dates(
        registered=registered,
        diagnosed=first + 3 * MINUTE if scenario.past else registered + HOUR,
        screened=first - 25 * MINUTE if scenario.past else clock.now - DAY,
        last_visit=last,
    )


def _last_visit(clock: Clock, scenario: Scenario) -> dt.datetime:
    if scenario.hours_ago:
        return clock.now.replace(second=0, microsecond=0) - scenario.hours_ago * HOUR
    return past_visits.weekday(today.shifted_to_now(clock, scenario.hour) - 7 * DAY)


def _register(
    context: BuildContext, scenario: Scenario, random_source: Random, *, at: dt.datetime
) -> PatientRecord:
    person = _person(context, scenario, random_source)
    record = patients.register(context, random_source, person, at=at, visits_before=scenario.visits_before)
    record.particulars = scenario.particulars
    record.supervisor = context.staff.therapists[MARIA] if scenario.supervised else None
    patients.add_desk_details(record, at=at, medicare=scenario.medicare)
    if scenario.blood_thinner:
        patients.add_blood_thinner(record, *scenario.blood_thinner, at=at)
    if scenario.referred:
        patients.add_referral(record, context.catalogs.conditions[scenario.condition].name)
    return record


def _person(context: BuildContext, scenario: Scenario, random_source: Random) -> people.FictionalPerson:
    drawn = people.random_person(random_source, today=context.clock.today, age=scenario.age)
    if scenario.name is None:
        return drawn
    family, given = scenario.name
    email = f"{given}.{family}.{scenario.age}@example.invalid".lower()
    return replace(drawn, family_name=family, given_name=given, sex="female", email=email)


def _add_screening(record: PatientRecord, scenario: Scenario, *, at: dt.datetime, therapist: User) -> None:
    """The intake screening, where it differs from what a first visit adds by itself."""
    concerns = dict(scenario.concerns)
    if scenario.consent == "guardian":
        concerns["under-18"] = ""
        screenings.take_intake(record, at=at, concerns=concerns, reviewer=therapist)
    elif scenario.screening == "waiting":
        latest_actions.take_intake(record, concerns)
    elif scenario.screening == "reviewed" and not scenario.past:
        screenings.take_intake(record, at=at, concerns=concerns, reviewer=therapist)


def _add_consent(record: PatientRecord, scenario: Scenario, *, at: dt.datetime, therapist: User) -> None:
    """Consent, where it differs from what a first visit adds by itself."""
    signed_at = at + 13 * MINUTE
    if scenario.consent == "guardian":
        guardian = patients.add_guardian(record, at=at)
        consents.give(record, at=signed_at, therapist=therapist, guardian=guardian)
    elif scenario.consent == "ends_soon":
        consents.give(record, at=record.context.clock.now - ENDS_SOON, therapist=therapist)
    elif scenario.consent == "paper":
        consents.give(record, at=signed_at, therapist=therapist, on_paper=True)
    elif scenario.consent == "given" and not scenario.past:
        consents.give(record, at=signed_at, therapist=therapist)
    elif scenario.consent == "refused":
        latest_actions.refuse_consent(record)


def _add_past(record: PatientRecord, scenario: Scenario, *, last: dt.datetime, therapist: User) -> None:
    past = past_visits.add_past_visits(
        record, visits=scenario.past, last=last, therapist=therapist, muscles=scenario.muscles
    )
    if scenario.supervised:
        for earlier in past[:-1]:
            sessions.cosign(record, earlier.session, at=earlier.session.ended_at + DAY)
    for newest in past[-1:]:
        _add_call(record, scenario, newest)
        _add_after_signing(record, scenario, newest)
        if scenario.event:
            latest_actions.record_event(record, newest.session, scenario.event)


def _add_call(record: PatientRecord, scenario: Scenario, newest: PastSession) -> None:
    """What the call list knows of the newest session."""
    calls = newest.followups
    usual = followups.usual_answers(record, is_first=True)
    if scenario.reply == "red":
        answers, signs = {**usual, "now": 2, "worst": 3}, ("breathless", "chest-pain")
        note = "Short of breath on the stairs since last evening. Told to call 911."
        latest_actions.file_answers(record, calls[0], answers, signs=signs, note=note)
    elif scenario.reply == "sore":
        answers = {**usual, "now": 8, "worst": 9, "still_sore": True}
        latest_actions.file_answers(record, calls[0], answers)
    elif scenario.reply == "missed":
        followups.settle(record, calls[:1])
        latest_actions.miss_call(record, calls[-1])
    elif scenario.reply != "due":
        followups.settle(record, calls)


def _add_after_signing(record: PatientRecord, scenario: Scenario, newest: PastSession) -> None:
    if scenario.after_signing == "addendum":
        latest_actions.write_addendum(record, newest.session)
    elif scenario.after_signing == "error":
        latest_actions.mark_error(record, newest.session)


def _add_recent_changes(record: PatientRecord, scenario: Scenario, therapist: User) -> None:
    """What changed between the newest session and this moment."""
    yesterday = record.context.clock.now - DAY
    if scenario.consent == "withdrawn":
        latest_actions.withdraw_consent(record)
    if scenario.consent == "ended":
        screenings.take_intake(record, at=yesterday, reviewer=therapist)
    if scenario.screening == "ended":
        consents.give(record, at=yesterday, therapist=therapist)


def _add_papers(record: PatientRecord, scenario: Scenario) -> None:
    """What the desk scans: of whoever signed on paper, was referred, or has a card."""
    if scenario.consent == "paper":
        latest_actions.file_consent(record)
    if scenario.referred:
        latest_actions.file_referral(record)
    if scenario.medicare:
        latest_actions.file_card(record)
