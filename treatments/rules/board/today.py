"""Today's board: its rows, each with the one next step of its visit."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from clinic.access import Permission, may
from clinic.models.rows import instant
from patients.models import Visit
from patients.rules import validity as validity_rules
from patients.rules.state_duties import DutyCounter
from patients.rules.validity import ValidityFacts, ValidityState
from treatments.rules.board import my_day
from treatments.rules.board.next_step import NextStep, VisitFacts, hidden_step, next_step, open_screening


@dataclass(frozen=True)
class BoardRow:
    """One row of the board, as its template shows it."""

    visit: Visit
    number: int
    is_new: bool
    namesake: bool
    hidden: bool
    screening: ValidityState
    consent: ValidityState
    session_ref: str
    needles_in: int
    needles_since: dt.datetime | None
    next_at: dt.datetime | None
    step: NextStep
    # the answers that this reader has to review
    to_review: int | None
    # what of the health questions is open: ask, review, stop
    open_screening: frozenset[str] = frozenset()
    # whether a note of the visit waits for the signature of its therapist
    is_unsigned: bool = False
    summary: my_day.TreatmentSummary | None = None
    # what the rules of the place ask of direct access
    duties: tuple[DutyCounter, ...] = ()

    @property
    def state(self) -> str:
        return self.visit.state


def relation_to_today(day: dt.date, today: dt.date) -> str:
    return "today" if day == today else "past" if day < today else "future"


def is_hidden(visit: Visit) -> bool:
    """Whether the record is closed to the reader of the board."""
    return visit.patient.restricted_at is not None and not visit.open_to_me


def marked(visits: Iterable[Visit]) -> set[int]:
    """Patients of one's own visits whose name another visit of the day has, whoever it is booked with."""
    return {visit.patient_id for visit in visits if visit.shares_name}


def board_row(
    visit: Visit,
    facts: ValidityFacts,
    same: set[int],
    *,
    user,
    day: dt.date,
    today: dt.date,
    with_summary: bool,
    duties: tuple[DutyCounter, ...] = (),
) -> BoardRow:
    """`visit` comes from `day_visits`, with the patient's last sessions if there is to be a summary."""
    screening = validity_rules.screening_state(facts, on=day)
    consent = validity_rules.consent_state(facts, on=day)
    changed = validity_rules.visit_state(facts, visit_id=visit.pk)
    hidden = is_hidden(visit)
    to_review = validity_rules.to_review(facts, on=day, visit_id=visit.pk)
    visit_facts = replace(
        _own_facts(visit, user),
        day=relation_to_today(day, today),
        screening=screening.code,
        visit_screen=changed.code,
        consent=consent.code,
        to_review=to_review is not None,
    )
    return BoardRow(
        visit=visit,
        number=visit.made + visit.made_before + 1,
        is_new=not (visit.made or visit.made_before or visit.was_here),
        namesake=visit.patient_id in same,
        hidden=hidden,
        screening=_screening_cell(screening, changed, state=visit.state),
        consent=consent,
        session_ref=_session_shown(visit, user),
        needles_in=visit_facts.needles_in,
        needles_since=_needles_since(visit),
        next_at=visit.next_at,
        step=hidden_step(visit_facts) if hidden else next_step(visit_facts),
        to_review=None if hidden or not may(user, Permission.SCREENING_REVIEW) else to_review,
        open_screening=frozenset() if hidden else open_screening(visit_facts),
        is_unsigned=_is_unsigned(visit),
        summary=my_day.treatment_summary(visit) if with_summary and not hidden else None,
        duties=() if hidden else duties,
    )


def _own_facts(visit: Visit, user) -> VisitFacts:
    """What the visit says of itself, before the patient's papers and the day are looked at."""
    return VisitFacts(
        state=visit.state,
        day="",
        session=_session_state(visit.of_visit),
        needles_in=_needles_in(visit),
        has_next=visit.next_at is not None,
        is_mine=visit.therapist_id == user.pk and may(user, Permission.SESSION_OPEN),
        may_manage=may(user, Permission.VISIT_MANAGE),
    )


def _needles_in(visit: Visit) -> int:
    return sum(row["needles"] for row in visit.of_visit if row["needles"])


def _needles_since(visit: Visit) -> dt.datetime | None:
    return min((instant(row["needles_since"]) for row in visit.of_visit if row["needles"]), default=None)


def _session_shown(visit: Visit, user) -> str:
    """The session that the row links to: the reader's own, else the first."""
    mine = [row["ref"] for row in visit.of_visit if row["therapist_id"] == user.pk]
    return next(iter([*mine, *(row["ref"] for row in visit.of_visit)]), "")


def _is_unsigned(visit: Visit) -> bool:
    own = (row for row in visit.of_visit if row["therapist_id"] == visit.therapist_id)
    return any(not (row["signed_at"] or row["closed_unsigned_at"]) for row in own)


def _screening_cell(screening: ValidityState, changed: ValidityState, *, state: str) -> ValidityState:
    """The state in the screening column: a short screen of today can override clear health questions.

    Who is here and was not asked the health update is not clear.
    """
    if changed.kind in ("stop", "caution") and screening.kind != "stop":
        return changed
    if state == "arrived" and changed.code == "visit-screen-missing" and screening.kind == "ok":
        return changed
    return screening


def _session_state(sessions: list[dict]) -> str:
    """“draft” during the treatment, “done” once it has ended or is locked, blank without a session."""
    if not sessions:
        return ""
    unfinished = [
        row for row in sessions if not (row["ended_at"] or row["signed_at"] or row["closed_unsigned_at"])
    ]
    return "draft" if unfinished else "done"
