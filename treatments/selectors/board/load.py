"""The visits of a week by therapist and time, in one statement. Nobody who is treated is named."""

import datetime as dt

from patients.models import Visit
from patients.rules.visits.days import day_bounds
from treatments.rules.board.load import Booked


def week_of(first: dt.date) -> list[Booked]:
    """Seven days from `first`; neither cancelled nor missed visits."""
    start, end = day_bounds(first)[0], day_bounds(first + dt.timedelta(days=6))[1]
    people = ("first_name", "last_name", "username", "display_credentials")
    visits = (
        Visit.objects.standing()
        .between(start, end)
        .select_related("therapist")
        .only("booked_for", *(f"therapist__{name}" for name in people))
        .order_by("booked_for", "pk")
    )
    return [Booked(visit.therapist_id, visit.therapist.display_name, visit.booked_for) for visit in visits]
