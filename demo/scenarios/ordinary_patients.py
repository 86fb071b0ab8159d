"""Patients with an ordinary past, as many as are wanted."""

import datetime as dt
from random import Random

from demo.record import followups, past_visits, patients
from demo.setup import people
from demo.setup.context import BuildContext, Clock

# The newest visit is this long ago, so that the call list stays a day's work at any size.
FEWEST_DAYS_AGO = 6
MOST_DAYS_AGO = 300
FIRST_HOUR, LAST_HOUR = 8, 15
VISITS_BEFORE = (0, 0, 0, 4, 11)


def add_patient(context: BuildContext, *, seed: str, number: int, sessions: int) -> None:
    """The random source depends on seed and number alone, whatever batch the patient falls into."""
    random_source = Random(f"{seed}:{number}")
    therapist = random_source.choice(context.staff.therapists)
    last = _last_visit(context.clock, random_source)
    first = past_visits.weekday(last - dt.timedelta(days=past_visits.DAYS_BETWEEN * max(sessions - 1, 0)))
    registered = first - dt.timedelta(days=random_source.randint(1, 9))
    record = patients.register(
        context,
        random_source,
        people.random_person(random_source, today=context.clock.today),
        at=registered,
        visits_before=random_source.choice(VISITS_BEFORE),
    )
    patients.add_desk_details(record, at=registered)
    code, side = _condition(record, number)
    patients.add_condition(record, code, side, by=therapist, at=first + dt.timedelta(minutes=3))
    past = past_visits.add_past_visits(record, visits=sessions, last=last, therapist=therapist)
    for newest in past[-1:]:
        followups.settle(record, newest.followups)


def _last_visit(clock: Clock, random_source: Random) -> dt.datetime:
    day = clock.today - dt.timedelta(days=random_source.randint(FEWEST_DAYS_AGO, MOST_DAYS_AGO))
    hour, minute = random_source.randint(FIRST_HOUR, LAST_HOUR), random_source.choice((0, 30))
    return past_visits.weekday(clock.at(day, hour, minute))


def _condition(record: patients.PatientRecord, number: int) -> tuple[str, str]:
    """The conditions in turn, so that each appears."""
    catalogs = record.context.catalogs
    codes = sorted(catalogs.muscle.for_condition)
    code = codes[number % len(codes)]
    return code, patients.random_side(record.random_source, catalogs.conditions[code])
