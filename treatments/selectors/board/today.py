"""The rows of a day's board, read in a fixed number of queries."""

import datetime as dt

from clinic.models import Practice
from patients.models import Visit
from patients.rules import state_duties
from patients.rules.identity import keys
from patients.rules.state_duties import DutyCounter
from patients.selectors import validity
from treatments.rules.board import today as today_rules
from treatments.rules.board.today import BoardRow
from treatments.selectors.board import day_visits


def rows_for(
    user,
    *,
    day: dt.date,
    today: dt.date,
    practice: Practice,
    with_summaries: bool = False,
    only_own: bool = False,
) -> list[BoardRow]:
    """All visits of a day by time, in a fixed number of queries. `practice` is that of the page frame.

    `only_own`: those of this therapist alone.
    """
    visits = day_visits.visits_of(user, day, with_summaries=with_summaries, only_own=only_own)
    facts = validity.validity_facts([visit.patient for visit in visits], on=day)
    # a mark for the name of a closed record would tell the name
    shown = [visit for visit in visits if not today_rules.is_hidden(visit)]
    namesakes = today_rules.marked(shown) if only_own else _namesakes(shown)
    return [
        today_rules.board_row(
            visit,
            facts[visit.patient_id],
            namesakes,
            user=user,
            day=day,
            today=today,
            with_summary=with_summaries,
            duties=_duties(visit, practice, day=day),
        )
        for visit in visits
    ]


def _namesakes(visits: list[Visit]) -> set[int]:
    return keys.namesakes({visit.patient_id: visit.patient for visit in visits}.values())


def _duties(visit: Visit, practice: Practice, *, day: dt.date) -> tuple[DutyCounter, ...]:
    """What direct access asks for at the place of the visit, where somebody has something to do."""
    access = state_duties.direct_access(visit, on=day)
    limits = state_duties.limits_at(visit.location_id, practice)
    return tuple(one for one in state_duties.counters(access, limits, on=day) if one.kind != "info")
