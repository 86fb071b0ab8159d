"""Today's board: the one next step of each visit, and its counters."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from clinic.access import Permission, may
from clinic.models.rows import instant
from patients.models import Visit
from patients.rules import validity as validity_rules
from patients.rules.validity import ValidityFacts, ValidityState
from treatments.rules.board import my_day

# Steps of somebody who is here and not treated yet, then of somebody who has still to come.
STEPS_BEFORE_TREATMENT = ({"open", "session", "ask-aloud", "ask-intake", "consent"}, {"arrive"})
NO_SCREENING = {"screening-missing", "screening-ended"}
NO_CONSENT = {"consent-missing", "consent-ended"}


@dataclass(frozen=True)
class VisitFacts:
    """What the rule of the next step needs to know of one visit."""

    state: str
    day: str
    screening: str = ""
    visit_screen: str = ""
    consent: str = ""
    session: str = ""
    needles_in: int = 0
    has_next: bool = False
    is_mine: bool = False
    may_manage: bool = True


@dataclass(frozen=True)
class NextStep:
    """One button or a few words. `code` says which, `label` is what stands there."""

    code: str
    label: str
    icon: str = ""

    @property
    def is_post(self) -> bool:
        return self.code in ("arrive", "room", "leave")

    @property
    def is_words(self) -> bool:
        return self.code in ("wait", "none")


NO_STEP = NextStep("none", "")


@dataclass(frozen=True)
class BoardRow:
    """One row of the board, ready to be drawn."""

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
    story: "my_day.TreatmentSummary | None" = None

    @property
    def state(self) -> str:
        return self.visit.state


def next_step(standing: VisitFacts) -> NextStep:
    """The one thing to do next for this visit, for whoever looks. Pure."""
    steps = {
        "expected": _step_expected,
        "arrived": _step_arrived,
        "in_room": _step_in_room,
        "left": _step_left,
    }
    choose = steps.get(standing.state)
    return choose(standing) if choose and (standing.may_manage or standing.is_mine) else NO_STEP


def hidden_step(standing: VisitFacts) -> NextStep:
    """Who may not open the record still checks the patient in and out. Pure."""
    step = next_step(replace(standing, screening="", visit_screen="", consent="", is_mine=False))
    return step if step.is_post or step.is_words else NO_STEP


def _step_expected(at: VisitFacts) -> NextStep:
    if at.day == "future":
        return NO_STEP
    if at.day == "past":
        return NextStep("settle", "Did they come?")
    return NextStep("arrive", "Mark arrived", "check")


def _step_arrived(at: VisitFacts) -> NextStep:
    if at.day == "past":
        return NextStep("leave", "Mark left")
    if at.session:
        # treated without a press on “To room”
        return _step_in_room(at)
    if at.screening in NO_SCREENING:
        return NextStep("ask-intake", "Hand over questions", "tablet")
    if at.consent in NO_CONSENT:
        return NextStep("consent", "Get consent", "doc")
    if at.visit_screen == "visit-screen-missing":
        # who treats asks it aloud; the desk has the tablet
        return (
            NextStep("ask-aloud", "Any change?", "doc")
            if at.is_mine
            else NextStep("ask-visit", "Any change?", "tablet")
        )
    if at.is_mine:
        return NextStep("open", "Start session", "needle")
    return NextStep("room", "To room", "chev")


def _step_in_room(at: VisitFacts) -> NextStep:
    if at.session == "draft":
        return (
            NextStep("session", "Continue", "needle") if at.is_mine else NextStep("wait", "In treatment now")
        )
    if at.needles_in:
        return NextStep("wait", "Needles still in")
    if at.session or at.day == "past":
        return NextStep("leave", "Mark left", "out")
    return (
        NextStep("open", "Start session", "needle") if at.is_mine else NextStep("leave", "Mark left", "out")
    )


def _step_left(at: VisitFacts) -> NextStep:
    if at.is_mine and at.session == "draft":
        return NextStep("session", "Finish note", "draft")
    return NO_STEP if at.has_next else NextStep("book", "Book next visit", "plus")


def up_next(lines: list[BoardRow]) -> BoardRow | None:
    """Whom to treat next: the first who is here, else the first who is expected."""
    waiting = (line for codes in STEPS_BEFORE_TREATMENT for line in lines if line.step.code in codes)
    return next(waiting, None)


def counts_of(lines: list[BoardRow]) -> dict[str, int]:
    return {name: len(filtered(lines, name)) for name in FILTERS}


def filtered(lines: list[BoardRow], show: str) -> list[BoardRow]:
    """The rows that a counter stands for; an unknown word shows all."""
    keeps = FILTER_TESTS.get(show)
    return [line for line in lines if keeps(line)] if keeps else lines


def _is_ahead(line: BoardRow) -> bool:
    return line.state in ("expected", "arrived", "in_room")


def _lacks_consent(line: BoardRow) -> bool:
    return _is_ahead(line) and line.consent.kind == "stop"


def _lacks_screening(line: BoardRow) -> bool:
    return _is_ahead(line) and line.screening.kind != "ok"


def _is_in(state: str) -> Callable[[BoardRow], bool]:
    return lambda line: line.state == state


# What a counter of the board keeps, by the word in its address.
FILTER_TESTS: dict[str, Callable[[BoardRow], bool]] = {
    "waiting": _is_in("arrived"),
    "consent": _lacks_consent,
    "screening": _lacks_screening,
    "room": _is_in("in_room"),
    "left": _is_in("left"),
}
FILTERS = tuple(FILTER_TESTS)


def relation_to_today(day: dt.date, today: dt.date) -> str:
    return "today" if day == today else "past" if day < today else "future"


def board_row(
    visit: Visit,
    facts: ValidityFacts,
    same: set[int],
    *,
    user,
    day: dt.date,
    today: dt.date,
    with_story: bool,
) -> BoardRow:
    """`visit` comes with its sessions and, for a story, with the patient's last ones."""
    screening = validity_rules.screening_state(facts, on=day)
    consent = validity_rules.consent_state(facts, on=day)
    changed = validity_rules.visit_state(facts, visit_id=visit.pk)
    hidden = visit.patient.restricted_at is not None and not visit.open_to_me
    standing = VisitFacts(
        state=visit.state,
        day=relation_to_today(day, today),
        screening=screening.code,
        visit_screen=changed.code,
        consent=consent.code,
        session=_session_state(visit.of_visit),
        needles_in=_needles_in(visit),
        has_next=visit.next_at is not None,
        is_mine=visit.therapist_id == user.pk and may(user, Permission.SESSION_OPEN),
        may_manage=may(user, Permission.VISIT_MANAGE),
    )
    return BoardRow(
        visit=visit,
        number=visit.made + visit.made_before + 1,
        is_new=not (visit.made or visit.made_before or visit.was_here),
        namesake=visit.patient_id in same,
        hidden=hidden,
        screening=_screening_cell(screening, changed),
        consent=consent,
        session_ref=_session_shown(visit, user),
        needles_in=standing.needles_in,
        needles_since=_needles_since(visit),
        next_at=visit.next_at,
        step=hidden_step(standing) if hidden else next_step(standing),
        story=my_day.treatment_summary(visit) if with_story and not hidden else None,
    )


def _needles_in(visit: Visit) -> int:
    return sum(row["needles"] for row in visit.of_visit if row["needles"])


def _needles_since(visit: Visit) -> dt.datetime | None:
    return min((instant(row["needles_since"]) for row in visit.of_visit if row["needles"]), default=None)


def _session_shown(visit: Visit, user) -> str:
    """The session that the row leads to: one's own, else the first."""
    mine = [row["ref"] for row in visit.of_visit if row["therapist_id"] == user.pk]
    return next(iter([*mine, *(row["ref"] for row in visit.of_visit)]), "")


def _screening_cell(screening: ValidityState, changed: ValidityState) -> ValidityState:
    """The column's one word: what today's short screen adds weighs more than a questionnaire that is fine."""
    if changed.kind in ("stop", "caution") and screening.kind != "stop":
        return changed
    return screening


def _session_state(sessions: list[dict]) -> str:
    """draft while the treatment goes on, done once it has ended or is locked, blank where there is none."""
    if not sessions:
        return ""
    going = [
        row for row in sessions if not (row["ended_at"] or row["signed_at"] or row["closed_unsigned_at"])
    ]
    return "draft" if going else "done"
