"""The rows of a day's board, read in three queries however many there are."""

import datetime as dt

from patients.rules.identity import keys
from patients.selectors import validity
from treatments.rules.board import today as today_rules
from treatments.rules.board.today import BoardRow
from treatments.selectors.board import day_visits


def rows_for(user, *, day: dt.date, today: dt.date, with_stories: bool = False) -> list[BoardRow]:
    """All visits of a day in the order of time, in three queries however many there are."""
    visits = day_visits.visits_of(user, day, with_stories=with_stories)
    facts = validity.validity_facts([visit.patient for visit in visits], on=day)
    same = keys.namesakes({visit.patient_id: visit.patient for visit in visits}.values())
    return [
        today_rules.board_row(
            visit,
            facts[visit.patient_id],
            same,
            user=user,
            day=day,
            today=today,
            with_story=with_stories,
        )
        for visit in visits
    ]
