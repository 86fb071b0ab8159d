"""The parts of a draft as values: sites, conditions, measurements, advice, answers and changes."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from clinic.models.base import ConditionSide
from patients.rules.validity import ConsentFacts, ScreeningFacts
from treatments.models import Muscle, NeedleSite

SIDES = dict(ConditionSide.choices)


def side_text(side: str) -> str:
    """“left”, within a sentence; a side of an older release as it stands."""
    return str(SIDES[side]).lower() if side in SIDES else side


@dataclass(frozen=True, slots=True, repr=False)
class SiteMuscle:
    """What the rules and the page need to know of a site's muscle."""

    code: str
    name: str
    group: str = ""
    hazards: tuple[str, ...] = ()
    depth_limit_mm: int | None = None
    limit_approved_by: str = ""
    limit_approved_on: dt.date | None = None
    default_status: str = Muscle.Standing.USUAL
    billing_key: str = ""
    heads: str = ""
    members: str = ""
    facts_changed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class SiteRegion:
    code: str
    name: str = ""
    view: str = ""
    consent_group: str = ""
    over_lung: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class DraftSite:
    """A needled site. `key` is in the spelling with dashes."""

    key: str
    number: int
    side: str
    muscle: SiteMuscle | None = None
    unlisted_name: str = ""
    region: SiteRegion | None = None
    sub_site: str = ""
    tissue: str = NeedleSite.Tissue.TRIGGER_POINT
    technique: str = NeedleSite.Technique.IN_OUT
    lot: str = ""
    # technical: what a site has in a test that names no needle
    gauge_mm: Decimal = Decimal("0.30")
    # technical: the same
    length_mm: int = 40
    depth_mm: int | None = None
    depth_class: str = ""
    direction: str = ""
    needles: int = 1
    insertions: int = 1
    twitches: int = 0
    dwell_seconds: int | None = None
    needle_in_at: dt.datetime | None = None
    needle_out_at: dt.datetime | None = None
    stimulation_device: str = ""
    stimulation_hz: Decimal | None = None
    stimulation_us: int | None = None
    stimulation_ma: Decimal | None = None
    taut_band: bool | None = None
    nodule: bool | None = None
    referral_reproduced: bool | None = None
    pain_during: int | None = None
    bleeding: str = ""
    haemostasis: str = ""
    note: str = ""
    added_at: dt.datetime | None = None
    struck_at: dt.datetime | None = None

    @property
    def name(self) -> str:
        """The muscle's name for people."""
        return self.muscle.name if self.muscle else self.unlisted_name


@dataclass(frozen=True, slots=True, repr=False)
class DraftCondition:
    pk: int
    name: str
    side: str
    icd10: str = ""
    pain_before: int | None = None
    pain_after: int | None = None
    not_asked_before: str = ""
    not_asked_after: str = ""
    patient_condition_id: int | None = None
    code_set_ended_on: dt.date | None = None
    # the code in the patient's record now, None where that is not known, and those that its variant may give
    recorded_icd10: str | None = None
    codes_now: frozenset[str] = frozenset()

    @property
    def named(self) -> str:
        """“Neck pain, right”"""
        return f"{self.name}, {side_text(self.side)}"


@dataclass(frozen=True, slots=True, repr=False)
class DraftMeasurement:
    pk: int
    kind: str
    side: str
    joint: str = ""
    motion: str = ""
    active: bool = True
    scale: str = ""
    before: Decimal | None = None
    after: Decimal | None = None
    unit: str = ""
    muscle_name: str = ""
    pain_at_end: bool = False
    device: str = ""
    position: str = ""
    remark: str = ""

    @property
    def side_word(self) -> str:
        return side_text(self.side)


@dataclass(frozen=True, slots=True, repr=False)
class SiteChoices:
    """What the form of a site depends on. `needle_stock` as the practice wrote it."""

    conditions: tuple[DraftCondition, ...] = ()
    needle_stock: str = ""
    one_needle_each: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class AdviceItem:
    """Advice for the days after that the practice gives now; with a `place` only after sites there."""

    code: str
    text: str
    kind: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LaterScreening:
    """Health questions that were answered since the session was opened."""

    kind: str
    taken_at: dt.datetime
    facts: ScreeningFacts


@dataclass(frozen=True, slots=True, repr=False)
class LaterConsent:
    """What the consent of the session came to since it was opened; `ended_at`: withdrawn or refused then."""

    facts: ConsentFacts
    ended_at: dt.datetime | None = None


@dataclass(frozen=True)
class ToldInSession:
    """Something said in the session that its note answers: the rule, when it was said, where to settle it."""

    rule: str
    at: dt.datetime
    url: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class PromptAnswer:
    """A reason that was given for the prompt of a rule. `asked` is the prompt's text that it answers."""

    pk: int
    rule: str
    site_key: str
    asked: str
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class NewestEvent:
    """The newest change of a field; its number is the field's version.

    `copied` is the number of the change that copied it out of a note in error, if one did.
    """

    field: str
    part: str
    site_key: str
    version: int
    copied: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class SiteChange:
    """One change of a site as the journal records it. `adopted` is the session whose plan it came from."""

    site_key: str
    old: dict | None
    new: dict | None
    adopted: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class CourseRegion:
    """A part of the body that a needling course of the therapist covers."""

    code: str
    issued_on: dt.date | None = None
    expires_on: dt.date | None = None

    def stands(self, on: dt.date) -> bool:
        return (self.issued_on or on) <= on <= (self.expires_on or on)
