"""What the health questions say, where it touches a needle."""

from collections.abc import Callable
from dataclasses import dataclass

from treatments.models import NeedleSite
from treatments.rules.sites.needled_site import AvoidedRegion, NeedledSite, Prompt, SiteConstraints

PELVIS = frozenset({"hip", "abdomen"})
LOW_BACK = "Lumbar and pelvis"


@dataclass(frozen=True)
class ScreeningEffect:
    """Which answers meet which needles. A reason is given for `rule`; `here` says the place in words."""

    rule: str
    answers: frozenset[str]
    here: str
    meets: Callable[[NeedledSite], bool]


def _is_deep(site: NeedledSite) -> bool:
    return "deep" in site.hazards or site.depth_class == NeedleSite.DepthClass.DEEP


def _is_low(site: NeedledSite) -> bool:
    return site.group == LOW_BACK or "abd" in site.hazards or site.consent_group in PELVIS


# source: domain facts 4.1; S22a and S22b, U for pregnancy, S27, S102 with S36 and S100
SCREENING_EFFECTS = (
    ScreeningEffect(
        "bleeding-deep",
        frozenset({"blood-thinner", "new-blood-thinner", "bleeding-disorder"}),
        "a deep muscle that cannot be pressed",
        _is_deep,
    ),
    ScreeningEffect(
        "pregnancy-low",
        frozenset({"pregnant", "pregnant-today"}),
        "the low back, pelvis or abdomen",
        _is_low,
    ),
    ScreeningEffect(
        "device-stimulated",
        frozenset({"pacemaker"}),
        "stimulation through the needle",
        lambda site: site.technique == NeedleSite.Technique.STIMULATED,
    ),
    ScreeningEffect(
        "chest-at-risk",
        frozenset({"lungs", "body-shape"}),
        "a site over the lung",
        lambda site: site.over_lung,
    ),
)
ANSWERS_WITH_EFFECT = frozenset(answer for touch in SCREENING_EFFECTS for answer in touch.answers)


def prompts(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    """What the answers ask of one row: about parts of the body, and about the whole patient."""
    places = [_region_prompt(site, place) for place in limits.avoided if place.holds(site)]
    return [*places, *filter(None, (_effect_prompt(site, touch, limits) for touch in SCREENING_EFFECTS))]


def _region_prompt(site: NeedledSite, place: AvoidedRegion) -> Prompt:
    message = f"Health questions: {place.label.lower()} here. {place.guidance} Remove the site, or say why."
    return Prompt(f"avoid-{place.code}", message, site.key, value=site.region)


def _effect_prompt(site: NeedledSite, touch: ScreeningEffect, limits: SiteConstraints) -> Prompt | None:
    """One question a rule, naming every answer behind it."""
    said = [concern for concern in limits.concerns if concern.code in touch.answers]
    if not said or not touch.meets(site):
        return None
    labels = " and ".join(dict.fromkeys(concern.label.lower() for concern in said))
    message = (
        f"Health questions: {labels}, and this is {touch.here}. {said[0].guidance} Change it, or say why."
    )
    return Prompt(touch.rule, message, site.key)
