"""The rules about a site entry: what a row cannot be saved without, and what needs a reason."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from clinic.models.base import Side
from clinic.values.errors import Reason
from treatments.models import Muscle
from treatments.rules.sites import jurisdiction, needle_counts, needle_times, screening_effects
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
    message = (
        f"{limits.jurisdiction} allows only parts of the body that a course covers, and no course on record "
        f"covers {site.region.lower()}. Choose another muscle, or have the course entered under People."
    )
    return [Reason("outside-course", message, field="muscle")]


def refusals(site: NeedledSite, limits: SiteConstraints) -> list[Reason]:
    """Everything that this row is refused for: what a preview shows, and what saving it says."""
    return [*entry_reasons(site), *course_reasons(site, limits)]


MAX_COUNT = 99
MAX_DWELL_SECONDS = 4 * 60 * 60
# source: domain facts 2.2, suboccipital needles of 50 mm reached the cord at every level of skill
SUBOCCIPITAL_MM = 40
# source: domain facts 2.2, needles of 75 mm beside the lumbar spine missed bone in up to 44 %
ABDOMEN_MM = 75


def entry_reasons(site: NeedledSite) -> list[Reason]:
    """Why a row cannot be saved as it is, each at its field."""
    found = [
        Reason(code, message, field=field)
        for applies, code, field, message in (
            (not site.name, "muscle-missing", "muscle", "Choose a muscle, or write its name."),
            (site.side not in Side.values, "side-missing", "side", "Choose left, right or midline."),
            (not site.technique, "technique-missing", "technique", "Choose how it was needled."),
            (not _within(site.insertions, 1), "insertions-missing", "insertions",
             "Enter the insertions, from 1 to 99."),
            (not _within(site.needles, 1), "needles-missing", "needles",
             "Enter the needles used, from 1 to 99."),
            (not _within(site.twitches, 0), "twitches-missing", "twitches",
             "Enter the twitches. 0 is an answer."),
            (not _needle_exists(site), "needle-missing", "needle",
             "Choose a needle, or enter one of 0.10 to 0.90 mm by 5 to 150 mm."),
            (site.over_lung and site.depth_mm is None, "depth-missing", "depth_mm",
             "Enter the depth in mm. This muscle lies over the lung."),
            (_too_deep(site), "depth-beyond-needle", "depth_mm",
             "The depth cannot be more than the needle's length. Check both."),
            (_out_before_in(site), "out-before-in", "needle_out_at",
             "The needle comes out after it goes in. Check both times."),
        )
        if applies
    ]  # fmt: skip
    return found + _dwell_reasons(site)


# Asked of a session that was not opened in the usual way, which refuses without them.
NOT_ON_FILE = {
    "consent-not-on-file": (
        "No consent of this patient that was valid at the session is on file. Say on what consent it rested."
    ),
    "health-not-on-file": (
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
                "Both sides of the thorax are needled in one session. Say why, or leave one side out.",
            )
        )
    found += needle_times.session_prompts(sites, about) + needle_counts.session_prompts(sites, about)
    found += jurisdiction.session_prompts(limits, about)
    return [*found, *(Prompt(rule, NOT_ON_FILE[rule]) for rule in limits.not_on_file)]


def site_prompts(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    """The prompts of one site."""
    found = [*_muscle_prompts(site), *_depth_prompts(site)]
    found += needle_counts.site_prompts(site) + needle_times.site_prompts(site)
    found += [*jurisdiction.site_prompts(site, limits), *screening_effects.prompts(site, limits)]
    if limits.leaves_out(site) and not limits.refuses_outside:
        message = f"No needling course on record covers {site.region.lower()}. Say why it is needled."
        found.append(Prompt("outside-course", message, site.key))
    if limits.consented is not None and site.consent_group and site.consent_group not in limits.consented:
        found.append(
            Prompt(
                "region-not-consented",
                f"The consent does not name this part of the body ({site.region.lower()}). "
                "Ask for it now, or say why.",
                site.key,
                limits.consent_url,
                "Add it to the consent",
            )
        )
    return [replace(prompt, label=site.label) for prompt in found]


def _muscle_prompts(site: NeedledSite) -> list[Prompt]:
    messages: dict[str, str] = {
        Muscle.Standing.CONTRAINDICATED: "This muscle is marked as not to be needled.",
        Muscle.Standing.NOT_RECOMMENDED: "Needling this muscle is not recommended.",
    }
    message = messages.get(site.standing)
    if message is None:
        return []
    return [Prompt("muscle-not-recommended", f"{message} Remove the site, or say why.", site.key)]


def _depth_prompts(site: NeedledSite) -> list[Prompt]:
    found = []
    limit, depth, length = site.depth_limit_mm, site.depth_mm, site.length_mm or 0
    if limit is not None and depth is not None and depth > limit:
        message = (
            f"{depth} mm is over the limit of {limit} mm for this muscle. Correct the depth, or say why."
        )
        found.append(Prompt("depth-over-limit", message, site.key))
    if site.group == "Neck" and site.hazards & {"cord", "vert"} and length > SUBOCCIPITAL_MM:
        message = (
            f"A needle of {length} mm this close to the spinal canal is longer than {SUBOCCIPITAL_MM} mm. "
            "Say why."
        )
        found.append(Prompt("long-needle-at-neck", message, site.key))
    if "abd" in site.hazards and length >= ABDOMEN_MM:
        message = f"A needle of {length} mm can reach the abdomen here. Say why this length."
        found.append(Prompt("long-needle-at-abdomen", message, site.key))
    return found


def _within(value: int | None, lowest: int) -> bool:
    return value is not None and lowest <= value <= MAX_COUNT


def _needle_exists(site: NeedledSite) -> bool:
    if site.gauge_mm is None or site.length_mm is None:
        return False
    return Decimal("0.10") <= site.gauge_mm <= Decimal("0.90") and 5 <= site.length_mm <= 150


def _too_deep(site: NeedledSite) -> bool:
    if site.depth_mm is None or site.length_mm is None:
        return False
    return site.depth_mm > site.length_mm


def _dwell_reasons(site: NeedledSite) -> list[Reason]:
    """One limit, typed or timed. Times in the wrong order have a reason of their own."""
    seconds, is_timed = dwell_of(site), site.dwell_seconds is None
    if seconds is None or 0 <= seconds <= MAX_DWELL_SECONDS or (is_timed and _out_before_in(site)):
        return []
    timer = f"{needle_times.timer_text(site)}. " if is_timed else ""
    message = f"{timer}Enter 0 to 240 minutes, the time the needle stayed in."
    return [Reason("dwell-impossible", message, field="dwell")]


def _out_before_in(site: NeedledSite) -> bool:
    if site.needle_out_at is None:
        return False
    return site.needle_in_at is None or site.needle_out_at < site.needle_in_at
