"""The jurisdiction's rules about a site: a prompt with its source, never a ban."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import CounselOpinion
from clinic.values.errors import Reason
from treatments.models import NeedleSite
from treatments.rules.sites.needled_site import (
    NeedledSite,
    Prompt,
    SessionValues,
    SiteConstraints,
    duration_text,
    dwell_of,
)

STATE_BARS = "state-bars"


def site_prompts(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    """The prompts of one site."""
    found = [*_dwell(site, limits), *_stimulation(site, limits), *_distance(site, limits)]
    found += _counts(site, limits)
    return [replace(prompt, source=limits.source) for prompt in found]


def session_prompts(limits: SiteConstraints, about: SessionValues) -> list[Prompt]:
    """The prompts of the state as a whole, and of the other treatment given."""
    raised = [replace(prompt, source=limits.source) for prompt in _modality(about.other_care, limits)]
    return [*_barred(limits), *raised]


def _barred(limits: SiteConstraints) -> list[Prompt]:
    """Answered by what counsel says, which is filed as the session is opened, or once a lead recorded it."""
    if not limits.barred_by:
        return []
    return [Prompt(STATE_BARS, barred_text(limits.barred_by), source=limits.barred_source)]


def barred_text(jurisdiction: str) -> str:
    return _(
        "%(jurisdiction)s does not let physical therapists needle. Where counsel says otherwise, a lead "
        "records what counsel says under State rules; then say why this session took place."
    ) % {"jurisdiction": jurisdiction}


def counsel_reasons(rule: str, opinion: CounselOpinion | None) -> list[Reason]:
    """Why a prompt cannot be answered yet: no therapist lets a barred state pass alone."""
    if rule != STATE_BARS or opinion is not None:
        return []
    message = _(
        "A lead records what counsel says under State rules first. Until then the note stays open, or a "
        "lead closes the draft unsigned."
    )
    return [Reason("counsel-missing", message, field="reason")]


def _dwell(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    dwell, allowed = dwell_of(site), limits.max_dwell_seconds
    stays = site.is_left_in or bool(dwell)
    if allowed is None or not stays or (dwell or 0) < allowed or (allowed and dwell == allowed):
        return []
    sentence = (
        _(
            "%(jurisdiction)s does not allow needles left in for more than %(duration)s. "
            "Correct the site, or say why."
        )
        if allowed
        else _("%(jurisdiction)s does not allow needles left in. Correct the site, or say why.")
    )
    message = sentence % {"jurisdiction": limits.jurisdiction, "duration": duration_text(allowed)}
    return [Prompt("dwell-over-limit", message, site.key, value=duration_text(dwell or 0))]


def _stimulation(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    if limits.stimulation_allowed is not False or site.technique != NeedleSite.Technique.STIMULATED:
        return []
    message = _(
        "%(jurisdiction)s does not allow stimulation through the needle. Correct the site, or say why."
    ) % {"jurisdiction": limits.jurisdiction}
    return [Prompt("stimulation-not-allowed", message, site.key)]


def _distance(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    """A point counts as local by its muscle or by what was felt there.

    source: domain facts 2 (Illinois practice point) and 3.1 (a): distal and non-local points are outside the
    scope; note the local finding for each needle.
    """
    if not limits.local_points_only or site.has_finding or site.muscle_code in limits.suggested:
        return []
    message = _(
        "%(jurisdiction)s allows local points only, and this muscle is not a usual one for what "
        "is treated. Note what was felt here (taut band, nodule or referred pain), or say why."
    ) % {"jurisdiction": limits.jurisdiction}
    return [Prompt("point-not-local", message, site.key)]


def _counts(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    inserted, used = site.insertions or 0, site.needles or 0
    if not limits.one_needle_per_insertion or inserted <= used:
        return []
    message = ngettext(
        "%(inserted)s insertions with %(count)d needle. %(jurisdiction)s wants one needle for each "
        "insertion. Correct the needles, or say why.",
        "%(inserted)s insertions with %(count)d needles. %(jurisdiction)s wants one needle for each "
        "insertion. Correct the needles, or say why.",
        used,
    ) % {"inserted": inserted, "count": used, "jurisdiction": limits.jurisdiction}
    return [Prompt("insertions-over-needles", message, site.key)]


def _modality(other_care: str, limits: SiteConstraints) -> list[Prompt]:
    """source: domain facts 3.1 (a): no heat, cold or other added modality with the needles."""
    if limits.added_modality_allowed is not False or not other_care.strip():
        return []
    message = _(
        "%(jurisdiction)s allows no heat, cold or other modality as a part of dry needling. "
        "Check that the other treatment stands apart from it, and say so."
    ) % {"jurisdiction": limits.jurisdiction}
    return [Prompt("added-modality", message, value=other_care.strip())]
