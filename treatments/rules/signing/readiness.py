"""Readiness: what still stops a session from being signed, each with the field that corrects it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.values.addresses import reverse
from clinic.values.errors import Reason
from treatments.models import NeedlingSession
from treatments.rules import billing, qualification
from treatments.rules.adverse_events import noted as noted_events
from treatments.rules.adverse_events.event import EventOnFile
from treatments.rules.session import copied, draft_parts
from treatments.rules.session.draft import Draft
from treatments.rules.session.parts import DraftCondition, DraftMeasurement
from treatments.rules.signing import begun, pain, without_needles
from treatments.rules.signing.pain import ConditionFacts
from treatments.rules.sites import entry, muscle_parts, needled_site

NEEDLES_DIFFER = "needles-differ"


@dataclass(frozen=True)
class SigningFacts:
    """A draft as its signature sees it. `answered` are the keys of the prompts that have a reason."""

    ref: str
    who: qualification.QualificationFacts | None = None
    not_needled: str = ""
    not_needled_detail: str = ""
    sites: tuple[needled_site.NeedledSite, ...] = ()
    # sites whose row stands for several muscles, by key, with those that they ask among
    unnamed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conditions: tuple[ConditionFacts, ...] = ()
    coded: tuple[DraftCondition, ...] = ()
    limits: needled_site.SiteConstraints = needled_site.SiteConstraints()
    answered: frozenset[tuple[str, str, str]] = frozenset()
    incident_reported: bool = False
    needles_out: int | None = None
    tolerance: str = ""
    tolerance_detail: str = ""
    adverse_events: tuple[EventOnFile, ...] = ()
    needs_second_count: bool = False
    needles_opened: int | None = None
    needles_unused: int | None = None
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    aftercare_given: bool = False
    first_hours_missing: bool = False
    identity_checked: bool = False
    billing_code: str = ""
    billing_reason: str = ""
    other_care: str = ""
    coded_today: tuple[billing.CodedNote, ...] = ()
    unconfirmed: int = 0
    measurements: tuple[DraftMeasurement, ...] = ()
    reading: str = ""

    @property
    def needles_in(self) -> int:
        return sum(site.needles or 0 for site in self.sites)

    @property
    def about(self) -> needled_site.SessionValues:
        """What its sites are compared with; the end as it is about to be signed."""
        return needled_site.values_of(self)


def facts_for(draft: Draft, *, who: qualification.QualificationFacts | None = None) -> SigningFacts:
    """The draft as its signature sees it; `who` where its signer is judged with somebody else beside."""
    session = draft.session
    return SigningFacts(
        ref=session.ref,
        who=who or draft.signer,
        not_needled=session.not_needled,
        not_needled_detail=session.not_needled_detail,
        sites=tuple(needled_site.from_row(site) for site in draft.standing_sites),
        unnamed=muscle_parts.unnamed(draft.standing_sites, heads_count_once=draft.practice.heads_count_once),
        conditions=tuple(_condition(row) for row in draft.conditions),
        coded=draft.conditions,
        limits=draft_parts.constraints_of(draft),
        answered=frozenset(draft.answers),
        needles_out=session.needles_out,
        needs_second_count=draft.practice.two_people_count and session.needles_second_at is None,
        needles_opened=session.needles_opened,
        needles_unused=session.needles_unused,
        tolerance=session.tolerance,
        tolerance_detail=session.tolerance_detail,
        adverse_events=draft.adverse_events,
        started_at=session.started_at,
        ended_at=session.ended_at,
        aftercare_given=bool(draft.advice_given),
        first_hours_missing=any(item.code not in draft.advice_given for item in draft.first_hours),
        identity_checked=session.identity_checked_at is not None,
        billing_code=session.billing_code,
        billing_reason=session.billing_override_reason,
        other_care=session.other_care,
        coded_today=draft.coded_today,
        unconfirmed=len(copied.unconfirmed_events(draft)),
        measurements=draft.measurements,
        reading=draft_parts.reading_of(draft),
    )


def _condition(row: DraftCondition) -> ConditionFacts:
    names = ("pk", "pain_before", "pain_after", "not_asked_before", "not_asked_after")
    return ConditionFacts(name=row.named, **{name: getattr(row, name) for name in names})


def is_late(ended_at: dt.datetime | None, *, now: dt.datetime, hours: int) -> bool:
    """Whether a signature comes so long after the session that the note says why."""
    return ended_at is not None and now - ended_at > dt.timedelta(hours=hours)


def sign_reasons(facts: SigningFacts) -> list[Reason]:
    """Every stop at once, in the order of the page."""
    found = [
        *_who(facts),
        *_pain(facts),
        *_sites(facts),
        *_times(facts),
        *_needles(facts),
        *_outcome(facts),
        *begun.empty_measurements(facts.ref, facts.measurements),
        *_billing(facts),
        *_copied(facts),
    ]
    if facts.not_needled:
        found = [*_without_needles(facts), *without_needles.still_asked(found)]
    if not facts.identity_checked:
        message = _("Confirm name and birth date with the patient.")
        found.append(Reason("identity-unchecked", message, field="identity_checked"))
    return found


def _copied(facts: SigningFacts) -> list[Reason]:
    if not facts.unconfirmed:
        return []
    message = ngettext(
        "%(count)d copied value is not confirmed yet.",
        "%(count)d copied values are not confirmed yet.",
        facts.unconfirmed,
    ) % {"count": facts.unconfirmed}
    url = reverse("treatments:session-copied", args=[facts.ref])
    return [Reason("copied-unconfirmed", message, url=url, way_out=_("Confirm what was copied"))]


def _reason(facts: SigningFacts, code: str, message: str, field: str, way_out: str) -> Reason:
    url = f"{reverse('treatments:session', args=[facts.ref])}#div_id_{field}"
    return Reason(code, message, field=field, url=url, way_out=way_out)


def _who(facts: SigningFacts) -> list[Reason]:
    found = qualification.reasons(facts.who) if facts.who else []
    return [replace(reason, field="supervisor") for reason in found]


def _pain(facts: SigningFacts) -> list[Reason]:
    found = [each for row in facts.conditions for each in pain.missing(row)]
    return [_reason(facts, each.code, each.message, each.field, each.way_out) for each in found]


def _sites(facts: SigningFacts) -> list[Reason]:
    if not facts.sites:
        message = _("Record at least one needled site, or say why nobody was needled.")
        return [_reason(facts, "no-sites", message, "muscle", _("Add a site"))]
    found = []
    for site in facts.sites:
        field = f"site-{site.key}"
        for reason in entry.entry_reasons(site):
            message = f"{site.label}. {reason.message}"
            found.append(_reason(facts, f"site-{reason.code}", message, field, _edit(site.number)))
        if site.key in facts.unnamed:
            message = f"{site.label}. {muscle_parts.question(facts.unnamed[site.key])}"
            which = f"which-{site.key}"
            found.append(_reason(facts, muscle_parts.UNNAMED, message, which, _("Say which")))
        if site.is_left_in and not site.needle_in_at and site.dwell_seconds is None:
            said = _("Enter the minutes the needle stayed in.")
            found.append(_reason(facts, "dwell-missing", f"{site.label}. {said}", field, _edit(site.number)))
    return [*found, *_prompts(facts)]


def _edit(number: int) -> str:
    return _("Edit site %(number)s") % {"number": number}


def _without_needles(facts: SigningFacts) -> list[Reason]:
    found = without_needles.reasons(
        facts.not_needled,
        facts.not_needled_detail,
        other_care=facts.other_care,
        is_needled=bool(facts.sites or facts.needles_out),
        code=facts.billing_code,
    )
    return [_reason(facts, r.code, str(r.message), r.field, r.way_out) for r in found]


def _prompts(facts: SigningFacts) -> list[Reason]:
    found = []
    beside = {"coded_today": facts.coded_today, "conditions": facts.coded}
    raised = draft_parts.prompts_of(facts.sites, facts.limits, facts.about, **beside)
    for prompt in raised:
        if prompt.key in facts.answered:
            continue
        label = f"{prompt.label}. " if prompt.label else ""
        message = f"{label}{prompt.message}"
        found.append(_reason(facts, prompt.rule, message, prompt.field, _("Give the reason")))
    return found


def _times(facts: SigningFacts) -> list[Reason]:
    found = []
    if facts.started_at is None:
        message = _("Enter when the session started.")
        found.append(_reason(facts, "start-missing", message, "started_at", _("Enter the start")))
    if facts.ended_at is None:
        message = _("Enter when the session ended.")
        found.append(_reason(facts, "not-ended", message, "ended_at", _("Enter the end")))
    return found


def _needles(facts: SigningFacts) -> list[Reason]:
    found = []
    dwelling = sum(s.needles or 0 for s in facts.sites if s.needle_in_at and not s.needle_out_at)
    if dwelling:
        message = ngettext(
            "%(count)d needle still in. Take them out and say so at the site.",
            "%(count)d needles still in. Take them out and say so at the site.",
            dwelling,
        ) % {"count": dwelling}
        found.append(_reason(facts, "needles-still-in", message, "needles_out", _("Go to the sites")))
    if facts.needles_out is None:
        message = _("Count the needles out and enter the number.")
        return [*found, _reason(facts, "needles-not-counted", message, "needles_out", _("Enter the count"))]
    if facts.needs_second_count:
        message = _("Two people count the needles here. Say who counted with you.")
        found.append(_reason(facts, "second-count-missing", message, "needles_second", _("Say who counted")))
    if facts.needles_out != facts.needles_in and not facts.incident_reported:
        found.append(
            _reason(facts, NEEDLES_DIFFER, needles_differ_message(facts), "needles_out", _("Count again"))
        )
    return found


def needles_differ_message(facts: SigningFacts) -> str:
    return ngettext(
        "%(needles_in)s needle in, %(needles_out)s out. Count again, correct the sites, or sign "
        "with an incident record. If one is missing, look before the patient leaves.",
        "%(needles_in)s needles in, %(needles_out)s out. Count again, correct the sites, or sign "
        "with an incident record. If one is missing, look before the patient leaves.",
        facts.needles_in,
    ) % {"needles_in": facts.needles_in, "needles_out": facts.needles_out}


def _outcome(facts: SigningFacts) -> list[Reason]:
    found = []
    if not facts.tolerance:
        message = _("Say how it was tolerated.")
        found.append(_reason(facts, "tolerance-missing", message, "tolerance", _("Say how")))
    elif facts.tolerance != NeedlingSession.Tolerance.WELL and not facts.tolerance_detail.strip():
        message = _("Say what happened and what was done.")
        found.append(
            _reason(facts, "tolerance-detail-missing", message, "tolerance_detail", _("Say what happened"))
        )
    found += noted_events.reasons(facts.ref, facts.tolerance, facts.adverse_events)
    if not facts.aftercare_given:
        message = _("Tick the advice that was given for the days after.")
        found.append(_reason(facts, "aftercare-missing", message, "aftercare", _("Tick the advice")))
    if facts.first_hours_missing:
        message = _(
            "A site lies over the lung or beside the spine, or nobody picked its place. Hand over the advice "
            "for the first hours, and tick it."
        )
        found.append(_reason(facts, "first-hours-missing", message, "aftercare", _("Tick the advice")))
    return found


def _billing(facts: SigningFacts) -> list[Reason]:
    """Here only that a reason stands: the proposal itself is made where the practice's counting is known."""
    if facts.billing_code and facts.billing_code not in (billing.FEW, billing.MANY):
        message = _("Choose %(few)s or %(many)s, or leave the code as proposed.") % {
            "few": billing.FEW,
            "many": billing.MANY,
        }
        return [_reason(facts, "billing-code-unknown", message, "billing_code", _("Change the code"))]
    if facts.billing_code and not facts.billing_reason.strip():
        message = _("Say why the billing code differs from the proposed one.")
        field = "billing_override_reason"
        return [_reason(facts, "billing-reason-missing", message, field, _("Say why"))]
    return []
