"""The rows of a day's board, read in a fixed number of queries."""

import datetime as dt

from patients.rules.identity import keys
from patients.selectors import validity
from treatments.rules.board import today as today_rules
from treatments.rules.board.today import BoardRow
from treatments.selectors.board import day_visits


def rows_for(user, *, day: dt.date, today: dt.date, with_summaries: bool = False) -> list[BoardRow]:
    """All visits of a day by time, in a fixed number of queries."""
    visits = day_visits.visits_of(user, day, with_summaries=with_summaries)
    facts = validity.validity_facts([visit.patient for visit in visits], on=day)
    # a mark for the name of a closed record would tell the name
    shown = [visit for visit in visits if not today_rules.is_hidden(visit)]
    namesakes = keys.namesakes({visit.patient_id: visit.patient for visit in shown}.values())
    return [
        today_rules.board_row(
            visit,
            facts[visit.patient_id],
            namesakes,
            user=user,
            day=day,
            today=today,
            with_summary=with_summaries,
        )
        for visit in visits
    ]
