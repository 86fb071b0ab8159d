"""The many: patients with an ordinary past, drawn from their own dice."""

import datetime as dt
from random import Random

from demo import chart as charts
from demo import history, people
from demo.scene import Scene

# The newest visit of a regular is this long ago, so that the call list stays a day's work at any size.
FEWEST_DAYS_AGO = 6
MOST_DAYS_AGO = 300
LATEST_START = 16


def tell(scene: Scene, *, seed: str, number: int, sessions: int) -> None:
    """One patient. The dice depend on seed and number alone, whatever batch the patient falls into."""
    dice = Random(f"{seed}:{number}")
    clock = scene.clock
    therapist = dice.choice(scene.team.therapists)
    day = clock.today - dt.timedelta(days=dice.randint(FEWEST_DAYS_AGO, MOST_DAYS_AGO))
    last = history.weekday(clock.at(day, dice.randrange(8, LATEST_START), dice.choice((0, 30))))
    first = last - dt.timedelta(days=history.DAYS_BETWEEN * max(sessions - 1, 0))
    registered = history.weekday(first) - dt.timedelta(days=dice.randint(1, 9))
    chart = charts.register(
        scene,
        dice,
        people.person(dice, today=clock.today),
        at=registered,
        visits_before=dice.choice((0, 0, 0, 4, 11)),
    )
    charts.furnish(chart, at=registered)
    codes = sorted(scene.shelf.for_condition)
    code = codes[number % len(codes)]
    side = charts.side_for(dice, scene.shelf.conditions[code])
    charts.diagnose(chart, code, side, by=therapist, at=history.weekday(first) + dt.timedelta(minutes=3))
    told = history.tell(chart, visits=sessions, last=last, therapist=therapist)
    for treated in told[-1:]:
        history.settle(chart, treated.followups)
