"""Whether a session may be opened: every reason at once, each with its way out."""

import datetime as dt
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import Jurisdiction
from clinic.values.errors import CAUTION, STOP, Reason
from patients.models import Coverage, Visit
from patients.rules import alerts, validity
from treatments.rules import qualification

# Older visits are noted with an addendum to the next note.
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
    allowed: bool | None = True
    referral_rule: str = Jurisdiction.Referral.NONE
    has_referral: bool = False
    medicare_without_notice: bool = False
    late: bool = False
    needles: bool = True


def open_reasons(facts: OpenFacts) -> list[Reason]:
    """Stops and cautions, the most serious subject first."""
    found = [
        *_who_reasons(facts),
        *_person_reasons(facts),
        *_rule_reasons(facts),
        *_visit_reasons(facts),
        *validity.screening_reasons(facts.safety, on=facts.on),
        *_short_screen_reasons(facts),
        *validity.consent_reasons(facts.safety, on=facts.on),
        *_condition_reasons(facts),
        *_cover_reasons(facts),
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


def _rule_reasons(facts: OpenFacts) -> list[Reason]:
    note = reverse("patients:alerts", args=[facts.ref])
    if facts.allowed is False:
        message = _(
            "%(jurisdiction)s does not allow dry needling by a physical therapist. Offer other care."
        ) % {"jurisdiction": facts.jurisdiction}
        record = reverse("treatments:record", args=[facts.ref])
        return [Reason("not-allowed-here", message, url=record, way_out=_("Back to the record"))]
    if facts.has_referral or facts.referral_rule == Jurisdiction.Referral.NONE:
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


def _short_screen_reasons(facts: OpenFacts) -> list[Reason]:
    return validity.visit_reasons(facts.safety, visit_id=facts.visit_id)


def _cover_reasons(facts: OpenFacts) -> list[Reason]:
    """The notice is signed before the service. source: domain facts 8, S63 and S61."""
    if not facts.medicare_without_notice:
        return []
    found = alerts.coverage_reasons(Coverage.Kind.MEDICARE, Coverage.Notice.NONE)
    url = reverse("patients:alerts", args=[facts.ref])
    return [replace(reason, url=url, way_out=_("Note the signed notice")) for reason in found]


def _condition_reasons(facts: OpenFacts) -> list[Reason]:
    if facts.has_condition:
        return []
    add = reverse("patients:condition-add", args=[facts.ref])
    message = _("No condition is recorded. A session treats at least one.")
    return [Reason("condition-missing", message, url=add, way_out=_("Record a condition"))]
