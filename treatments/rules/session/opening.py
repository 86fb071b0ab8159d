"""Whether a session may be opened: every reason at once, each with its way out."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import formats
from clinic.models import CounselOpinion, Jurisdiction
from clinic.rules import all_states
from clinic.values.addresses import reverse
from clinic.values.errors import CAUTION, STOP, Reason
from patients.models import Visit
from patients.rules import notices, validity
from patients.rules.notices import MedicareFacts
from treatments.rules import qualification
from treatments.rules.session import state_rules

# Older visits are noted with an addendum to the next note.
# own choice: CMS asks for notes during or soon after the service (columbusohmedicalbilling.com), no number
LATE_DAYS = 30
# What is needed of every visit, also where nobody is needled.
OF_EVERY_VISIT = frozenset({"deceased", "merged", "not-checked-in", "condition-missing"})
# What still stops a late entry. The rest was missing on its day: it is shown, and no longer settled.
STOPS_LATE = frozenset({"merged", "not-checked-in", "condition-missing"})


@dataclass(frozen=True)
class Occasion:
    """The visit that a session is opened for, or None, and how. `on` is its day.

    `late`: the day is over, and what happened is written down. `needles`: somebody is needled.
    """

    visit: Visit | None
    on: dt.date
    late: bool = False
    needles: bool = True


@dataclass(frozen=True)
class StateRule:
    """Whether the state lets physical therapists needle on the day, who says so, and what counsel says.

    `opinion` is what a lead recorded, where the state bars needling. `name`: the rules that say so, which
    are the shipped ones where the practice's own copy permits more.
    """

    status: str = Jurisdiction.Status.ALLOWED
    bars: bool = False
    source: str = ""
    checked_on: dt.date | None = None
    opinion: CounselOpinion | None = None
    name: str = ""


@dataclass(frozen=True)
class OpenFacts:
    """Everything that decides whether a session may be opened. `on` is the day of the visit."""

    ref: str
    on: dt.date
    who: qualification.QualificationFacts
    safety: validity.ValidityFacts
    visit_id: int | None = None
    has_condition: bool = True
    deceased_on: dt.date | None = None
    is_merged: bool = False
    jurisdiction: str = ""
    state_rule: StateRule = StateRule()
    referral_rule: str = Jurisdiction.Referral.NONE
    has_referral: bool = False
    medicare: MedicareFacts | None = None
    # when the treatment begins, at the latest
    at: dt.datetime | None = None
    late: bool = False
    needles: bool = True
    state: state_rules.StateFacts = state_rules.StateFacts()


def open_reasons(facts: OpenFacts) -> list[Reason]:
    """Stops and cautions, the most serious subject first."""
    found = [
        *_who_reasons(facts),
        *_person_reasons(facts),
        *_state_reasons(facts),
        *_referral_reasons(facts),
        *_visit_reasons(facts),
        *validity.screening_reasons(facts.safety, on=facts.on),
        *_short_screen_reasons(facts),
        *_consent_reasons(facts),
        *_condition_reasons(facts),
        *_cover_reasons(facts),
        *state_rules.reasons(facts.state, ref=facts.ref, on=facts.on, therapist=facts.who.therapist),
    ]
    if not facts.needles:
        found = [reason for reason in found if _is_of_every_visit(reason)]
    who = {reason.code for reason in qualification.reasons(facts.who)} | STOPS_LATE
    if facts.late:
        found = [reason if reason.code in who else _past(reason) for reason in found]
    return found


def occasion(visit: Visit | None, *, today: dt.date, needles: bool = True) -> Occasion:
    """How a session of this visit is opened today."""
    arrived_at = visit.arrived_at if visit else None
    day = timezone.localdate(arrived_at) if arrived_at else today
    return Occasion(visit, day, late=day < today, needles=needles)


def late_reasons(occasion: Occasion, *, today: dt.date, reason: str) -> list[Reason]:
    """Why this visit cannot be noted late."""
    if not occasion.late:
        return []
    if today - occasion.on > dt.timedelta(days=LATE_DAYS):
        message = _(
            "This visit is more than %(late_days)s days ago. Add to the next note what is missing of it."
        ) % {"late_days": LATE_DAYS}
        return [Reason("too-late", message, field="late_entry_reason")]
    if not reason.strip():
        message = _("Say why the note is written late.")
        return [Reason("late-reason-missing", message, field="late_entry_reason")]
    return []


def _is_of_every_visit(reason: Reason) -> bool:
    return reason.code in OF_EVERY_VISIT or qualification.is_of_licence(reason)


def _past(reason: Reason) -> Reason:
    return replace(reason, level=CAUTION, url="", way_out="")


def cautions(reasons: list[Reason]) -> list[Reason]:
    """Those that the form shows and that keep nothing from being opened."""
    return [reason for reason in reasons if reason.level != STOP]


def _who_reasons(facts: OpenFacts) -> list[Reason]:
    """A supervisor is named in the form; whatever else is missing has to be corrected by somebody else."""
    record = reverse("treatments:record", args=[facts.ref])
    return [
        reason if reason.field else replace(reason, url=record, way_out=_("Back to the record"))
        for reason in qualification.reasons(facts.who)
    ]


def _person_reasons(facts: OpenFacts) -> list[Reason]:
    found = []
    record = reverse("treatments:record", args=[facts.ref])
    if facts.deceased_on:
        found.append(
            Reason("deceased", _("This patient has died."), url=record, way_out=_("Back to the record"))
        )
    if facts.is_merged:
        message = _("This record was merged into another one. Open the session there.")
        found.append(Reason("merged", message, url=record, way_out=_("Back to the record")))
    return found


def _state_reasons(facts: OpenFacts) -> list[Reason]:
    record = reverse("treatments:record", args=[facts.ref])
    return [
        replace(reason, url=record, way_out=_("Back to the record")) if reason.level == STOP else reason
        for reason in state_reasons(facts.state_rule)
    ]


def state_reasons(rule: StateRule) -> list[Reason]:
    """A state that bars needling refuses; with counsel's word on record it is said. A silent one is said."""
    named = {
        "jurisdiction": rule.name,
        "source": rule.source,
        "day": formats.day(rule.checked_on) if rule.checked_on else "",
    }
    if rule.bars and rule.opinion is not None:
        message = _("%(jurisdiction)s: dry needling is not permitted (%(source)s). %(opinion)s") % {
            **named,
            "opinion": all_states.opinion_sentence(rule.opinion),
        }
        return [Reason("counsel-allows", message, CAUTION)]
    if rule.bars:
        return [_barred(rule, named)]
    if rule.status != Jurisdiction.Status.SILENT:
        return []
    message = (
        _(
            "%(jurisdiction)s: the law was not found to say whether physical therapists may needle "
            "(%(source)s, checked %(day)s). Ask your counsel."
        )
        % named
    )
    return [Reason("state-silent", message, CAUTION)]


def _barred(rule: StateRule, named: dict) -> Reason:
    sentence = (
        _(
            "%(jurisdiction)s: physical therapists may not needle yet (%(source)s, checked %(day)s). Offer "
            "other care. Where counsel says otherwise, a lead records it under State rules."
        )
        if rule.status == Jurisdiction.Status.LATER
        else _(
            "%(jurisdiction)s: physical therapists may not needle (%(source)s, checked %(day)s). Offer "
            "other care. Where counsel says otherwise, a lead records it under State rules."
        )
    )
    return Reason("not-allowed-here", sentence % named)


def _referral_reasons(facts: OpenFacts) -> list[Reason]:
    """Blank: no text was found on referrals, and nothing is claimed."""
    note = reverse("patients:alerts", args=[facts.ref])
    if facts.has_referral or facts.referral_rule in (Jurisdiction.Referral.NONE, ""):
        return []
    if facts.referral_rule == Jurisdiction.Referral.REQUIRED:
        message = _("%(jurisdiction)s requires a referral for dry needling, and none is recorded.") % {
            "jurisdiction": facts.jurisdiction
        }
        return [Reason("referral-missing", message, url=note, way_out=_("Record the referral"))]
    message = _("%(jurisdiction)s advises a referral for dry needling, and none is recorded.") % {
        "jurisdiction": facts.jurisdiction
    }
    return [Reason("referral-advised", message, CAUTION, url=note, way_out=_("Record the referral"))]


def _visit_reasons(facts: OpenFacts) -> list[Reason]:
    if facts.visit_id is not None:
        return []
    start = reverse("patients:visit-start", args=[facts.ref])
    message = _("The patient is not checked in. A session belongs to a visit.")
    return [Reason("not-checked-in", message, url=start, way_out=_("Check the patient in"))]


def _consent_reasons(facts: OpenFacts) -> list[Reason]:
    found = validity.consent_reasons(facts.safety, on=facts.on)
    return [state_rules.in_writing(reason, facts.state) for reason in found]


def _short_screen_reasons(facts: OpenFacts) -> list[Reason]:
    return validity.visit_reasons(facts.safety, visit_id=facts.visit_id)


def _cover_reasons(facts: OpenFacts) -> list[Reason]:
    """A notice comes before the treatment. source: domain facts 8, S63 and S61."""
    found = notices.opening_reasons(facts.medicare, at=facts.at) if facts.at else []
    url = f"{reverse('patients:alerts', args=[facts.ref])}#s-notice"
    return [replace(reason, url=url, way_out=_("Record a notice")) for reason in found]


def _condition_reasons(facts: OpenFacts) -> list[Reason]:
    if facts.has_condition:
        return []
    add = reverse("patients:condition-add", args=[facts.ref])
    message = _("No condition is recorded. A session treats at least one.")
    return [Reason("condition-missing", message, url=add, way_out=_("Record a condition"))]
