"""Whether health questions and consent are valid on a day, and which reasons keep a session from starting."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.values.addresses import reverse
from clinic.values.errors import CAUTION, Reason
from patients.models import Consent, Level, ScreeningItem
from patients.rules import ages

# A consent that ends within a week is pointed out while the patient is here.
# own choice: until the next visit
ENDS_SOON_DAYS = 7
CHANGED = "consent-changed"
INTAKE, VISIT = ScreeningItem.Kind.INTAKE, ScreeningItem.Kind.VISIT
REASON_SENTENCES = {
    "screening-missing": gettext_lazy("The health questions have not been asked yet."),
    "screening-merged": gettext_lazy(
        "Another record of this patient was merged into this one. Ask the health questions again."
    ),
    "consent-merged": gettext_lazy(
        "On a record that was merged into this one, the patient refused or withdrew consent. Ask again."
    ),
    "screening-ended": gettext_lazy(
        "The answers to the health questions have expired. Ask the questions again."
    ),
    "screening-unreviewed-open": gettext_lazy(
        "A therapist has not reviewed the answers to the health questions yet."
    ),
    "screening-stop-open": gettext_lazy(
        "The health questions say stop. A therapist has not reviewed the answers yet."
    ),
    "screening-stop": gettext_lazy("The health questions say stop, and the review kept it."),
    "visit-screen-missing": gettext_lazy("The health update for this visit has not been asked yet."),
    "visit-screen-unreviewed-open": gettext_lazy(
        "The health update shows a change. A therapist has not reviewed it yet."
    ),
    "visit-screen-stop-open": gettext_lazy(
        "Today's health update says stop. A therapist has not reviewed it yet."
    ),
    "visit-screen-stop": gettext_lazy("Today's health update says stop, and the review kept it."),
    "consent-missing": gettext_lazy("The patient has not consented to dry needling yet."),
    "consent-refused": gettext_lazy(
        "The patient refused dry needling. Offer other care, or ask again if they wish."
    ),
    "consent-withdrawn": gettext_lazy(
        "The patient withdrew the consent. Offer other care, or ask again if they wish."
    ),
    "consent-ended": gettext_lazy("The consent to dry needling has expired and must be given again."),
    "consent-changed": gettext_lazy(
        "The consent text has changed since the patient signed. Ask for what changed; the rest stays agreed."
    ),
    "consent-by-former-guardian": gettext_lazy(
        "A guardian consented while the patient was under 18. Ask the patient now."
    ),
}


@dataclass(frozen=True)
class ValidityState:
    """A label for a column. `kind` is ok, caution, stop, neutral or info and chooses shape and colour."""

    kind: str
    label: str
    until: dt.date | None
    code: str


@dataclass(frozen=True)
class ScreeningFacts:
    """One set of answers. `decided_level` is blank until a therapist has reviewed it."""

    pk: int
    computed_level: str
    decided_level: str = ""
    expires_on: dt.date | None = None
    visit_id: int | None = None

    @property
    def level(self) -> str:
        return self.decided_level or self.computed_level


@dataclass(frozen=True)
class ConsentFacts:
    """The newest consent or refusal. `regions` are consent groups, added regions included."""

    pk: int
    expires_on: dt.date | None = None
    refused: bool = False
    withdrawn: bool = False
    signer: str = Consent.Signer.PATIENT
    regions: frozenset[str] = frozenset()
    # statements of the text that is signed today which the patient has not agreed to, word for word
    unagreed: tuple[str, ...] = ()
    # given before a record was merged into this one on which consent was refused or withdrawn
    refused_on_merged: bool = False


@dataclass(frozen=True)
class ValidityFacts:
    """Health questions and consent of one patient. `visit_screens` are those of the day, newest first."""

    ref: str
    born: dt.date
    intake: ScreeningFacts | None = None
    visit_screens: tuple[ScreeningFacts, ...] = ()
    consent: ConsentFacts | None = None
    # since a record was merged into this one nobody has asked the health questions: its gravest level
    merged_level: str = ""


def screening_state(facts: ValidityFacts, *, on: dt.date) -> ValidityState:
    """The state of the intake questions, without any answer."""
    intake = facts.intake
    if facts.merged_level == Level.STOP:
        return ValidityState("stop", _("Stop on the merged record"), None, "screening-merged")
    if intake is None:
        return ValidityState("neutral", _("Not asked"), None, "screening-missing")
    if intake.expires_on is not None and intake.expires_on < on:
        ended = formats.near_day(intake.expires_on, today=on)
        return ValidityState(
            "caution", _("Expired %(ended)s") % {"ended": ended}, intake.expires_on, "screening-ended"
        )
    if intake.level == Level.STOP:
        return ValidityState("stop", _("Stop"), intake.expires_on, "screening-stop")
    if facts.merged_level:
        return ValidityState("caution", _("Ask again"), None, "screening-merged")
    if not intake.decided_level:
        return ValidityState("caution", _("Needs review"), None, "screening-unreviewed")
    if intake.level == Level.CAUTION:
        return ValidityState("caution", _("Caution"), intake.expires_on, "screening-caution")
    return ValidityState("ok", _("Clear"), intake.expires_on, "screening-clear")


def visit_state(facts: ValidityFacts, *, visit_id: int | None = None) -> ValidityState:
    """Whether the health update was asked for this visit, or today where no visit is given."""
    screen = visit_screen(facts, visit_id=visit_id)
    if screen is None:
        return ValidityState("neutral", _("Not asked today"), None, "visit-screen-missing")
    if screen.level == Level.STOP:
        return ValidityState("stop", _("Stop today"), None, "visit-screen-stop")
    if screen.level == Level.CAUTION and not screen.decided_level:
        return ValidityState("caution", _("Needs review"), None, "visit-screen-unreviewed")
    if screen.level == Level.CAUTION:
        return ValidityState("caution", _("Caution today"), None, "visit-screen-caution")
    return ValidityState("ok", _("Clear today"), None, "visit-screen-clear")


def consent_state(facts: ValidityFacts, *, on: dt.date) -> ValidityState:
    consent = facts.consent
    if consent is None:
        return ValidityState("stop", _("Missing"), None, "consent-missing")
    if consent.refused:
        return ValidityState("stop", _("Refused"), None, "consent-refused")
    if consent.withdrawn:
        return ValidityState("stop", _("Withdrawn"), None, "consent-withdrawn")
    last = formats.near_day(consent.expires_on, today=on) if consent.expires_on else ""
    if consent.expires_on is not None and consent.expires_on < on:
        return ValidityState(
            "stop", _("Expired %(last)s") % {"last": last}, consent.expires_on, "consent-ended"
        )
    if consent.refused_on_merged:
        return ValidityState("stop", _("Ask again"), None, "consent-merged")
    if consent.unagreed:
        return ValidityState("caution", _("Text changed"), consent.expires_on, CHANGED)
    if consent.expires_on is None:
        return ValidityState("ok", _("Given"), None, "consent-given")
    if (consent.expires_on - on).days < ENDS_SOON_DAYS:
        return ValidityState(
            "caution", _ends(consent.expires_on, on=on), consent.expires_on, "consent-ends-soon"
        )
    return ValidityState("ok", _("To %(last)s") % {"last": last}, consent.expires_on, "consent-given")


def _ends(last: dt.date, *, on: dt.date) -> str:
    if last == on:
        return _("Expires today")
    return _("Expires %(day)s") % {"day": formats.weekday(last)}


def visit_screen(facts: ValidityFacts, *, visit_id: int | None = None) -> ScreeningFacts | None:
    """The newest short screen for this visit. One taken without a visit serves any visit of the day."""
    accepted = (None, visit_id)
    screens = (screen for screen in facts.visit_screens if visit_id is None or screen.visit_id in accepted)
    return next(screens, None)


def to_review(facts: ValidityFacts, *, on: dt.date, visit_id: int | None = None) -> int | None:
    """The answers that wait for a therapist: those to the health questions first, then those of the visit."""
    intake, screen = facts.intake, visit_screen(facts, visit_id=visit_id)
    asked_anew = ("screening-ended", "screening-merged")
    if intake and not intake.decided_level and screening_state(facts, on=on).code not in asked_anew:
        return intake.pk
    if screen and not screen.decided_level and screen.level != Level.CLEAR:
        return screen.pk
    return None


def screening_reasons(facts: ValidityFacts, *, on: dt.date) -> list[Reason]:
    """Why the intake questions keep a session from starting."""
    code = screening_state(facts, on=on).code
    if code in ("screening-clear", "screening-caution"):
        return []
    intake = facts.intake
    if intake is None or code in ("screening-ended", "screening-merged") or intake.decided_level:
        return [_reason(code, _("Ask the health questions"), "screening-answer", facts.ref, INTAKE)]
    return [_reason(f"{code}-open", _("Review the answers"), "screening", facts.ref, intake.pk)]


def visit_reasons(facts: ValidityFacts, *, visit_id: int | None = None) -> list[Reason]:
    """Why today's short screen keeps a session from starting."""
    code = visit_state(facts, visit_id=visit_id).code
    if code in ("visit-screen-clear", "visit-screen-caution"):
        return []
    screen = visit_screen(facts, visit_id=visit_id)
    if screen is None or screen.decided_level:
        return [_reason(code, _("Ask the health update"), "screening-answer", facts.ref, VISIT)]
    return [_reason(f"{code}-open", _("Review the health update"), "screening", facts.ref, screen.pk)]


def consent_reasons(facts: ValidityFacts, *, on: dt.date) -> list[Reason]:
    """Why consent keeps a session from starting; a caution when the patient should be asked again."""
    code = consent_state(facts, on=on).code
    consent = facts.consent
    if consent is None or code not in ("consent-given", "consent-ends-soon", CHANGED):
        return [_reason(code, _("Take consent"), "consent-start", facts.ref)]
    if consent.signer == Consent.Signer.GUARDIAN and not ages.is_minor(facts.born, on=on):
        former = _reason("consent-by-former-guardian", _("Take consent"), "consent-start", facts.ref)
        return [replace(former, level=CAUTION)]
    if code == CHANGED:
        asked = _reason(code, _("Ask for what changed"), "consent-start", facts.ref)
        return [replace(asked, level=CAUTION, url=f"{asked.url}?update")]
    return []


def _reason(code: str, way_out: str, page: str, *parts) -> Reason:
    """The reason of a code with the page that resolves it; “-open” chooses the sentence before a review."""
    url = reverse(f"patients:{page}", args=parts)
    return Reason(code.removesuffix("-open"), str(REASON_SENTENCES[code]), url=url, way_out=way_out)
