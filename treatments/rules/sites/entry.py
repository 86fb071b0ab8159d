"""The rules about a site entry: what a row cannot be saved without, and what needs a reason."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models.base import Side
from clinic.values.errors import Reason
from clinic.values.words import Text
from treatments.models import Muscle
from treatments.models.sites.catalogues import LONGEST_NEEDLE_MM
from treatments.rules.sites import (
    changed_facts,
    depth_limits,
    hazards,
    jurisdiction,
    needle_counts,
    needle_times,
    screening_effects,
)
from treatments.rules.sites.needled_site import (
    NeedledSite,
    Prompt,
    SessionValues,
    SiteConstraints,
    dwell_of,
)

NOTHING_SAID = SessionValues()


def course_reasons(site: NeedledSite, limits: SiteConstraints) -> list[Reason]:
    """Why this row is refused. Jurisdiction rules that only caution raise a prompt, see `site_prompts`."""
    if not (limits.refuses_outside and limits.leaves_out(site)):
        return []
    message = _(
        "%(jurisdiction)s allows only parts of the body that a course covers, and no course on "
        "record covers %(region)s. Choose another muscle, or have the course entered under "
        "People."
    ) % {"jurisdiction": limits.jurisdiction, "region": site.region.lower()}
    return [Reason("outside-course", message, field="muscle")]


def refusals(site: NeedledSite, limits: SiteConstraints) -> list[Reason]:
    """Everything that this row is refused for: what a preview shows, and what saving it says."""
    return [*entry_reasons(site), *course_reasons(site, limits)]


# own choice: more is a mistyped number
MAX_COUNT = 99
# own choice: longer is a forgotten needle
MAX_DWELL_SECONDS = 4 * 60 * 60


def entry_reasons(site: NeedledSite) -> list[Reason]:
    """Why a row cannot be saved as it is, each at its field."""
    found = [
        Reason(code, str(ENTRY_MESSAGES[code]), field=field)
        for applies, code, field in (
            (not site.name, "muscle-missing", "muscle"),
            (site.side not in Side.values, "side-missing", "side"),
            (not site.technique, "technique-missing", "technique"),
            (not _within(site.insertions, 1), "insertions-missing", "insertions"),
            (not _within(site.needles, 1), "needles-missing", "needles"),
            (not _within(site.twitches, 0), "twitches-missing", "twitches"),
            (not _needle_exists(site), "needle-missing", "needle"),
            (site.over_lung and site.depth_mm is None, "depth-missing", "depth_mm"),
            (_too_deep(site), "depth-beyond-needle", "depth_mm"),
            (_out_before_in(site), "out-before-in", "needle_out_at"),
        )
        if applies
    ]
    return found + _dwell_reasons(site)


ENTRY_MESSAGES = {
    "muscle-missing": gettext_lazy("Choose a muscle, or write its name."),
    "side-missing": gettext_lazy("Choose left, right or midline."),
    "technique-missing": gettext_lazy("Choose how it was needled."),
    "insertions-missing": gettext_lazy("Enter the insertions, from 1 to 99."),
    "needles-missing": gettext_lazy("Enter the needles used, from 1 to 99."),
    "twitches-missing": gettext_lazy("Enter the twitches. 0 is an answer."),
    "needle-missing": gettext_lazy("Choose a needle, or enter one of 0.10 to 0.90 mm by 5 to 150 mm."),
    "depth-missing": gettext_lazy("Enter the depth in mm. This place lies over the lung."),
    "depth-beyond-needle": gettext_lazy("The depth cannot be more than the needle's length. Check both."),
    "out-before-in": gettext_lazy("The needle comes out after it goes in. Check both times."),
}
# Asked of a session that was not opened in the usual way, which refuses without them.
NOT_ON_FILE = {
    "consent-not-on-file": gettext_lazy(
        "No consent of this patient that was valid at the session is on file. Say on what consent it rested."
    ),
    "health-not-on-file": gettext_lazy(
        "This patient's health questions were not answered before the session. Say what was asked."
    ),
}


def prompts(
    sites: Iterable[NeedledSite], limits: SiteConstraints, about: SessionValues = NOTHING_SAID
) -> list[Prompt]:
    """Everything that needs a reason, site by site, then what concerns the session."""
    sites = list(sites)
    found = [prompt for site in sites for prompt in site_prompts(site, limits)]
    lungs = {site.side for site in sites if site.over_lung}
    if {Side.LEFT, Side.RIGHT} <= lungs:
        found.append(
            Prompt(
                "both-lungs",
                _("Both sides of the thorax are needled in one session. Say why, or leave one side out."),
            )
        )
    found += needle_times.session_prompts(sites, about) + needle_counts.session_prompts(sites, about)
    found += jurisdiction.session_prompts(limits, about)
    return [*found, *(Prompt(rule, str(NOT_ON_FILE[rule])) for rule in limits.not_on_file)]


def site_prompts(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    """The prompts of one site."""
    found = [*_muscle_prompts(site), *changed_facts.prompts(site), *hazards.prompts(site)]
    found += needle_counts.site_prompts(site) + needle_times.site_prompts(site)
    found += [*jurisdiction.site_prompts(site, limits), *screening_effects.prompts(site, limits)]
    if limits.leaves_out(site) and not limits.refuses_outside:
        message = _("No needling course on record covers %(region)s. Say why it is needled.") % {
            "region": site.region.lower()
        }
        found.append(Prompt("outside-course", message, site.key))
    if limits.consented is not None and site.consent_group and site.consent_group not in limits.consented:
        found.append(
            Prompt(
                "region-not-consented",
                _("The consent does not name this part of the body (%(region)s). Ask for it now, or say why.")
                % {"region": site.region.lower()},
                site.key,
                limits.consent_url,
                _("Add it to the consent"),
            )
        )
    return [replace(prompt, label=site.label) for prompt in found]


def _muscle_prompts(site: NeedledSite) -> list[Prompt]:
    if not site.muscle_code and not site.region:
        message = _(
            "No list has this muscle and no part of the body was picked, so nobody checked what lies beneath "
            "or whether the consent names it. Remove the site and pick its place first, or say where it lies "
            "and what lies beneath."
        )
        return [Prompt("place-unknown", message, site.key)]
    standing = STANDING_MESSAGES.get(site.standing)
    return [] if standing is None else [Prompt("muscle-not-recommended", str(standing), site.key)]


STANDING_MESSAGES: dict[str, Text] = {
    Muscle.Standing.CONTRAINDICATED: gettext_lazy(
        "This muscle is marked as not to be needled. Remove the site, or say why."
    ),
    Muscle.Standing.NOT_RECOMMENDED: gettext_lazy(
        "Needling this muscle is not recommended. Remove the site, or say why."
    ),
}


def _within(value: int | None, lowest: int) -> bool:
    return value is not None and lowest <= value <= MAX_COUNT


def _needle_exists(site: NeedledSite) -> bool:
    if site.gauge_mm is None or site.length_mm is None:
        return False
    is_thick_enough = depth_limits.THINNEST_MM <= site.gauge_mm <= depth_limits.THICKEST_MM
    return is_thick_enough and depth_limits.SHORTEST_NEEDLE_MM <= site.length_mm <= LONGEST_NEEDLE_MM


def _too_deep(site: NeedledSite) -> bool:
    if site.depth_mm is None or site.length_mm is None:
        return False
    return site.depth_mm > site.length_mm


def _dwell_reasons(site: NeedledSite) -> list[Reason]:
    """One limit, typed or timed. Times in the wrong order have a reason of their own."""
    seconds, is_timed = dwell_of(site), site.dwell_seconds is None
    if seconds is None or 0 <= seconds <= MAX_DWELL_SECONDS or (is_timed and _out_before_in(site)):
        return []
    message = _("Enter 0 to 240 minutes, the time the needle stayed in.")
    if is_timed:
        message = f"{needle_times.timer_text(site)}. {message}"
    return [Reason("dwell-impossible", message, field="dwell")]


def _out_before_in(site: NeedledSite) -> bool:
    if site.needle_out_at is None:
        return False
    return site.needle_in_at is None or site.needle_out_at < site.needle_in_at
