"""Today's board: the one next step of each visit, and what of its health questions is open."""

import datetime as dt
from dataclasses import dataclass, replace

from clinic.access import Permission, may
from clinic.models.rows import instant
from patients.models import Visit
from patients.rules import validity as validity_rules
from patients.rules.validity import ValidityFacts, ValidityState
from treatments.rules.board import my_day

NO_SCREENING = {"screening-missing", "screening-ended"}
SAYS_STOP = {"screening-stop", "visit-screen-stop"}
UNREVIEWED = {"screening-unreviewed", "visit-screen-unreviewed"}
ASK, REVIEW, STOP = "ask", "review", "stop"
NO_CONSENT = {"consent-missing", "consent-ended"}
DECLINED = {"consent-refused", "consent-withdrawn"}


@dataclass(frozen=True)
class VisitFacts:
    """The facts of one visit that decide its next step."""

    state: str
    day: str
    screening: str = ""
    visit_screen: str = ""
    consent: str = ""
    session: str = ""
    needles_in: int = 0
    has_next: bool = False
    # whether answers wait for the review of a therapist
    to_review: bool = False
    is_mine: bool = False
    may_manage: bool = True


@dataclass(frozen=True)
class NextStep:
    """One button or a short text: its code and its label."""

    code: str
    label: str
    icon: str = ""

    @property
    def is_post(self) -> bool:
        return self.code in ("arrive", "room", "leave")

    @property
    def is_text(self) -> bool:
        return self.code in ("wait", "none")


NO_STEP = NextStep("none", "")
REVIEW_ANSWERS = NextStep("review", "Review answers", "doc")


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

    @property
    def state(self) -> str:
        return self.visit.state


def next_step(facts: VisitFacts) -> NextStep:
    """The one thing to do next for this visit, for this reader."""
    steps = {
        "expected": _step_expected,
        "arrived": _step_arrived,
        "in_room": _step_in_room,
        "left": _step_left,
    }
    choose = steps.get(facts.state)
    return choose(facts) if choose and (facts.may_manage or facts.is_mine) else NO_STEP


def hidden_step(facts: VisitFacts) -> NextStep:
    """The next step for a reader who may not open the record: they still check the patient in and out."""
    step = next_step(replace(facts, screening="", visit_screen="", consent="", is_mine=False))
    return step if step.is_post or step.is_text else NO_STEP


def _step_expected(facts: VisitFacts) -> NextStep:
    if facts.day == "past":
        return NextStep("settle", "No-show?")
    if facts.is_mine and facts.to_review:
        # nobody has to be here for it
        return REVIEW_ANSWERS
    if facts.day == "future":
        return NO_STEP
    return NextStep("arrive", "Check in", "check")


def _step_arrived(facts: VisitFacts) -> NextStep:
    if facts.day == "past":
        return NextStep("leave", "Check out")
    if facts.session:
        # treatment started without “To room”
        return _step_in_room(facts)
    return _step_before_session(facts) or (
        _start(facts) if facts.is_mine else NextStep("room", "To room", "chev")
    )


def missing_papers(screening: str, consent: str) -> NextStep | None:
    """Health questions and consent, by the codes of their states."""
    if screening in NO_SCREENING:
        return NextStep("ask-intake", "Hand over questions", "tablet")
    if consent in NO_CONSENT:
        return NextStep("consent", "Get consent", "doc")
    return None


def _step_before_session(facts: VisitFacts) -> NextStep | None:
    """The first thing that is still missing of somebody who is here."""
    if facts.is_mine and facts.to_review:
        return REVIEW_ANSWERS
    if missing := missing_papers(facts.screening, facts.consent):
        return missing
    if facts.visit_screen == "visit-screen-missing":
        # the therapist asks in the room; the desk hands over the tablet
        return (
            NextStep("ask-aloud", "Health update", "doc")
            if facts.is_mine
            else NextStep("ask-visit", "Health update", "tablet")
        )
    return None


def _start(facts: VisitFacts) -> NextStep:
    """Nobody is needled after a stop that stands, or who does not consent: the visit is still noted."""
    if facts.consent in DECLINED or {facts.screening, facts.visit_screen} & SAYS_STOP:
        return NextStep("without", "Note without needles", "draft")
    return NextStep("open", "Start session", "needle")


def _step_in_room(facts: VisitFacts) -> NextStep:
    if facts.session == "draft":
        return (
            NextStep("session", "Continue", "needle")
            if facts.is_mine
            else NextStep("wait", "In treatment now")
        )
    if facts.needles_in:
        return NextStep("wait", "Needles still in")
    if facts.session or facts.day == "past" or not facts.is_mine:
        return NextStep("leave", "Check out", "out")
    return _step_before_session(facts) or _start(facts)


def _step_left(facts: VisitFacts) -> NextStep:
    if facts.is_mine and facts.session == "draft":
        return NextStep("session", "Finish note", "draft")
    if facts.is_mine and facts.day == "past" and not facts.session:
        return NextStep("late", "Write late note", "draft")
    return NO_STEP if facts.has_next else NextStep("book", "Book next visit", "plus")


def open_screening(facts: VisitFacts) -> frozenset[str]:
    """What has still to be done about the health questions; by whom, the counters of the board say.

    A stop is a job of its own: whether or not somebody has reviewed it, nobody is needled.
    """
    codes = {facts.screening, facts.visit_screen}
    unasked = facts.state == "arrived" and facts.visit_screen == "visit-screen-missing"
    found = {
        ASK: unasked or facts.screening in NO_SCREENING,
        REVIEW: bool(codes & UNREVIEWED) and not codes & SAYS_STOP,
        STOP: bool(codes & SAYS_STOP),
    }
    return frozenset(name for name, is_open in found.items() if is_open)


def relation_to_today(day: dt.date, today: dt.date) -> str:
    return "today" if day == today else "past" if day < today else "future"


def is_hidden(visit: Visit) -> bool:
    """Whether the record is closed to the reader of the board."""
    return visit.patient.restricted_at is not None and not visit.open_to_me


def board_row(
    visit: Visit,
    facts: ValidityFacts,
    same: set[int],
    *,
    user,
    day: dt.date,
    today: dt.date,
    with_summary: bool,
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

    Who is here and was not asked the health update is not complete.
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
