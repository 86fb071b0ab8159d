"""A draft as a value: the session with all its parts, as they were read at one moment.

It is built by `selectors.session.draft`, or from literals in a test. Nothing here reads the database. None of
these values shows its columns when it is printed: what is printed ends in logs.
"""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from clinic.values.addresses import reverse
from patients.rules import validity
from patients.rules.notices import MedicareFacts
from treatments.rules import billing, qualification
from treatments.rules.adverse_events.event import EventOnFile
from treatments.rules.session.opened_under import JurisdictionRules
from treatments.rules.session.parts import (
    AdviceItem,
    CourseRegion,
    DraftCondition,
    DraftMeasurement,
    DraftSite,
    LaterConsent,
    LaterScreening,
    NewestEvent,
    PromptAnswer,
    SiteChange,
    SiteChoices,
)
from treatments.rules.session.unsaved import NOTHING, UnsavedInput
from treatments.rules.signing.supervision import Change
from treatments.rules.sites import needled_site, places


@dataclass(frozen=True, slots=True, repr=False)
class DraftPatient:
    """Whom the session treats, as its pages name them."""

    # the patient banner reads the risk flags itself where a patient comes without them
    banner_answers: ClassVar[None] = None

    pk: int
    ref: str
    born: dt.date
    listed_name: str = ""
    spoken_name: str = ""

    def get_absolute_url(self) -> str:
        return reverse("treatments:record", args=[self.ref])


@dataclass(frozen=True, slots=True, repr=False)
class Clinician:
    """The author of a draft, its supervisor, or who counts needles with them."""

    pk: int
    display_name: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class DraftSession:
    """The session's own columns, with the people and the rules that they lead to."""

    # the kind of record that the audit trail names
    audit_kind = "treatments.needlingsession"

    pk: int
    ref: str
    patient: DraftPatient
    therapist: Clinician
    opened_at: dt.datetime
    jurisdiction: JurisdictionRules = JurisdictionRules()
    supervisor: Clinician | None = None
    visit_number: int = 1
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    not_needled: str = ""
    not_needled_detail: str = ""
    position: str = ""
    skin_prep: str = ""
    needles_opened: int | None = None
    needles_unused: int | None = None
    needles_out: int | None = None
    needles_counted_by_id: int | None = None
    needles_second_at: dt.datetime | None = None
    needles_second_by: Clinician | None = None
    tolerance: str = ""
    tolerance_detail: str = ""
    other_care: str = ""
    note: str = ""
    plan: str = ""
    next_visit_on: dt.date | None = None
    billing_code: str = ""
    billing_override_reason: str = ""
    identity_checked_at: dt.datetime | None = None
    late_entry_reason: str = ""
    # when the patient arrived at its visit
    visit_at: dt.datetime | None = None
    signed_at: dt.datetime | None = None
    voided_at: dt.datetime | None = None
    closed_unsigned_at: dt.datetime | None = None

    def __repr__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("treatments:session", args=[self.ref])

    @property
    def state(self) -> str:
        """draft, signed, voided or closed."""
        if self.signed_at:
            return "signed"
        if self.voided_at:
            return "voided"
        return "closed" if self.closed_unsigned_at else "draft"

    @property
    def is_draft(self) -> bool:
        return self.state == "draft"

    @property
    def needles_second(self) -> str:
        """The sign-in name of who counted a second time: the value of its field."""
        return self.needles_second_by.username if self.needles_second_by else ""

    def is_written_by(self, user) -> bool:
        """Whether this user is its author or the supervisor named on it."""
        return user.pk == self.therapist.pk or (self.supervisor is not None and user.pk == self.supervisor.pk)


@dataclass(frozen=True, slots=True, repr=False)
class PracticeChoices:
    """The settings of the practice that a draft depends on."""

    sides_count_once: bool = True
    heads_count_once: bool = True
    ask_lot_numbers: bool = False
    two_people_count: bool = False
    needle_stock: str = ""
    # technical: the settings of the practice stand here, these are their defaults
    sign_reauth_minutes: int = 10
    # technical: the same
    unsigned_nag_hours: int = 24
    followup_steps: tuple[int, ...] = ()
    followup_open_hours: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class SiteEntry:
    """A draft to which a site is added: the site is judged by the whole draft, read under its lock."""

    pk: int
    patient: int
    choices: SiteChoices
    health_answers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A session that can be written, or could until it ended, with everything that is judged or shown.

    `safety` is what the session was opened under, `later_…` what came since. `sites` are in the order of
    their numbers, the struck ones too. `counters` may count needles with the author, where two people count.
    `health_answers` are codes of those of concern. `signer` and `site_changes` are read for a signature.
    """

    session: DraftSession
    practice: PracticeChoices = PracticeChoices()
    sites: tuple[DraftSite, ...] = ()
    conditions: tuple[DraftCondition, ...] = ()
    measurements: tuple[DraftMeasurement, ...] = ()
    advice: tuple[AdviceItem, ...] = ()
    advice_given: frozenset[str] = frozenset()
    prompt_answers: tuple[PromptAnswer, ...] = ()
    events: tuple[NewestEvent, ...] = ()
    adverse_events: tuple[EventOnFile, ...] = ()
    has_calls: bool = False
    safety: validity.ValidityFacts | None = None
    later_screenings: tuple[LaterScreening, ...] = ()
    later_consent: LaterConsent | None = None
    concerns: tuple[needled_site.ScreeningConcern, ...] = ()
    avoided: tuple[needled_site.AvoidedRegion, ...] = ()
    health_answers: frozenset[str] = frozenset()
    courses: tuple[CourseRegion, ...] = ()
    suggested: frozenset[str] = frozenset()
    medicare: MedicareFacts | None = None
    coded_today: tuple[billing.CodedNote, ...] = ()
    unsaved: UnsavedInput = NOTHING
    counters: tuple[Clinician, ...] = ()
    signer: qualification.QualificationFacts | None = None
    site_changes: tuple[SiteChange, ...] | None = None
    supervisor_changes: tuple[Change, ...] = ()

    def __repr__(self) -> str:
        return f"draft of {self.session.ref}"

    @property
    def site_choices(self) -> SiteChoices:
        each = bool(self.session.jurisdiction.one_needle_per_insertion)
        return SiteChoices(self.conditions, self.practice.needle_stock, each)

    @property
    def standing_sites(self) -> tuple[DraftSite, ...]:
        """The sites that nobody has struck."""
        return tuple(site for site in self.sites if not site.struck_at)

    @property
    def general_advice(self) -> tuple[AdviceItem, ...]:
        return tuple(item for item in self.advice if not item.place)

    @property
    def general_given(self) -> int:
        return sum(item.code in self.advice_given for item in self.general_advice)

    @property
    def first_hours(self) -> tuple[AdviceItem, ...]:
        """The advice that belongs to what was needled, for the hours in which it shows."""
        needled = places.of_sites(self.standing_sites)
        return tuple(item for item in self.advice if item.place in needled)

    @property
    def advice_here(self) -> tuple[AdviceItem, ...]:
        return (*self.general_advice, *self.first_hours)

    @property
    def site_numbers(self) -> dict[str, int]:
        """{site key: its number} of every site, the struck ones too."""
        return {site.key: site.number for site in self.sites}

    @property
    def versions(self) -> dict[tuple[str, str, str], int]:
        """{(field, part, site key): version}. A field's version is the number of its newest change."""
        return {(event.field, event.part, event.site_key): event.version for event in self.events}

    def version_of(self, field: str, part: str = "", site_key: str = "") -> int:
        return self.versions.get((field, part, site_key), 0)

    @property
    def newest_change(self) -> int:
        return max((event.version for event in self.events), default=0)

    @property
    def newest_answer(self) -> int:
        """The number of the newest reason that was given for a rule."""
        return max((answer.pk for answer in self.prompt_answers), default=0)

    @property
    def number(self) -> int:
        """Grows with each change and with each reason: of two answers about one draft the newer one shows."""
        return self.newest_change + self.newest_answer

    @property
    def answers(self) -> dict[tuple[str, str, str], str]:
        """{key of a prompt: reason} for the rules that were answered, by the text of the prompt."""
        return {(answer.rule, answer.site_key, answer.asked): answer.reason for answer in self.prompt_answers}

    @property
    def consented(self) -> frozenset[str] | None:
        """The parts of the body that the consent names, later additions included. None: no consent."""
        consent = self.safety.consent if self.safety else None
        later = self.later_consent.facts.regions if self.later_consent else frozenset()
        return consent.regions | later if consent else None

    def covered(self, on: dt.date) -> frozenset[str] | None:
        """The parts of the body that the therapist's courses cover on a day. None: no course says which."""
        is_limited = self.courses or self.session.jurisdiction.hours_practicum
        return frozenset(row.code for row in self.courses if row.stands(on)) if is_limited else None
