"""The one next step of a visit, and what of its health questions is open."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.words import Text

NO_SCREENING = {"screening-missing", "screening-ended"}
SAYS_STOP = {"screening-stop", "visit-screen-stop"}
UNREVIEWED = {"screening-unreviewed", "visit-screen-unreviewed"}
ASK, REVIEW, STOP = "ask", "review", "stop"
NO_CONSENT = {"consent-missing", "consent-ended"}
TEXT_CHANGED = "consent-changed"
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
    label: Text
    icon: str = ""

    @property
    def is_post(self) -> bool:
        return self.code in ("arrive", "room", "leave")

    @property
    def is_text(self) -> bool:
        return self.code in ("wait", "none")


NO_STEP = NextStep("none", "")
REVIEW_ANSWERS = NextStep("review", gettext_lazy("Review answers"), "doc")


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
        return NextStep("settle", _("No-show?"))
    if facts.is_mine and facts.to_review:
        # nobody has to be here for it
        return REVIEW_ANSWERS
    if facts.day == "future":
        return NO_STEP
    return NextStep("arrive", _("Check in"), "check")


def _step_arrived(facts: VisitFacts) -> NextStep:
    if facts.day == "past":
        return NextStep("leave", _("Check out"))
    if facts.session:
        # treatment started without “To room”
        return _step_in_room(facts)
    return _step_before_session(facts) or (
        _start(facts) if facts.is_mine else NextStep("room", _("To room"), "chev")
    )


def missing_papers(screening: str, consent: str) -> NextStep | None:
    """Health questions and consent, by the codes of their states."""
    if screening in NO_SCREENING:
        return NextStep("ask-intake", _("Hand over questions"), "tablet")
    if consent in NO_CONSENT:
        return NextStep("consent", _("Get consent"), "doc")
    return None


def _step_before_session(facts: VisitFacts) -> NextStep | None:
    """The first thing that is still missing of somebody who is here."""
    if facts.is_mine and facts.to_review:
        return REVIEW_ANSWERS
    if missing := missing_papers(facts.screening, facts.consent):
        return missing
    if facts.consent == TEXT_CHANGED and not facts.is_mine:
        return NextStep("consent", _("Ask what changed"), "doc")
    if facts.visit_screen == "visit-screen-missing":
        # the therapist asks in the room; the desk hands over the tablet
        return (
            NextStep("ask-aloud", _("Health update"), "doc")
            if facts.is_mine
            else NextStep("ask-visit", _("Health update"), "tablet")
        )
    return None


def _start(facts: VisitFacts) -> NextStep:
    """Nobody is needled after a stop that stands, or who does not consent: the visit is still noted."""
    if facts.consent in DECLINED or {facts.screening, facts.visit_screen} & SAYS_STOP:
        return NextStep("without", _("Note without needles"), "draft")
    return NextStep("open", _("Start session"), "needle")


def _step_in_room(facts: VisitFacts) -> NextStep:
    if facts.session == "draft":
        return (
            NextStep("session", _("Continue"), "needle")
            if facts.is_mine
            else NextStep("wait", _("In treatment now"))
        )
    if facts.needles_in:
        return NextStep("wait", _("Needles still in"))
    if facts.session or facts.day == "past" or not facts.is_mine:
        return NextStep("leave", _("Check out"), "out")
    return _step_before_session(facts) or _start(facts)


def _step_left(facts: VisitFacts) -> NextStep:
    if facts.is_mine and facts.session == "draft":
        return NextStep("session", _("Finish note"), "draft")
    if facts.is_mine and facts.day == "past" and not facts.session:
        return NextStep("late", _("Write late note"), "draft")
    return NO_STEP if facts.has_next else NextStep("book", _("Book next visit"), "plus")


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
