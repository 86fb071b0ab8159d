"""Screening effects: what health answers mean for a site."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.words import Text
from treatments.models import NeedleSite
from treatments.rules.sites.needled_site import AvoidedRegion, NeedledSite, Prompt, SiteConstraints

PELVIS = frozenset({"hip", "abdomen"})
LOW_BACK = "Lumbar and pelvis"


@dataclass(frozen=True)
class ScreeningEffect:
    """Which answers concern which sites. A reason is given for `rule`; `here` describes the site."""

    rule: str
    answers: frozenset[str]
    here: Text
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
        gettext_lazy("a deep muscle that cannot be pressed"),
        _is_deep,
    ),
    ScreeningEffect(
        "pregnancy-low",
        frozenset({"pregnant", "pregnant-today"}),
        gettext_lazy("the low back, pelvis or abdomen"),
        _is_low,
    ),
    ScreeningEffect(
        "device-stimulated",
        frozenset({"pacemaker"}),
        gettext_lazy("stimulation through the needle"),
        lambda site: site.technique == NeedleSite.Technique.STIMULATED,
    ),
    ScreeningEffect(
        "chest-at-risk",
        frozenset({"lungs", "body-shape"}),
        gettext_lazy("a site over the lung"),
        lambda site: site.over_lung,
    ),
)
ANSWERS_WITH_EFFECT = frozenset(answer for effect in SCREENING_EFFECTS for answer in effect.answers)


def prompts(site: NeedledSite, limits: SiteConstraints) -> list[Prompt]:
    """The prompts of one site that follow from answers: about parts of the body, and the whole patient."""
    places = [_region_prompt(site, region) for region in limits.avoided if region.holds(site)]
    return [*places, *filter(None, (_effect_prompt(site, effect, limits) for effect in SCREENING_EFFECTS))]


def _region_prompt(site: NeedledSite, region: AvoidedRegion) -> Prompt:
    message = _("Health questions: %(region)s here. %(guidance)s Remove the site, or say why.") % {
        "region": region.label.lower(),
        "guidance": region.guidance,
    }
    return Prompt(f"avoid-{region.code}", message, site.key, value=site.region)


def _effect_prompt(site: NeedledSite, effect: ScreeningEffect, limits: SiteConstraints) -> Prompt | None:
    """One prompt for each rule, naming every answer behind it."""
    concerns = [concern for concern in limits.concerns if concern.code in effect.answers]
    if not concerns or not effect.meets(site):
        return None
    labels = _(" and ").join(dict.fromkeys(concern.label.lower() for concern in concerns))
    message = _("Health questions: %(labels)s, and this is %(here)s. %(guidance)s Change it, or say why.") % {
        "labels": labels,
        "here": effect.here,
        "guidance": concerns[0].guidance,
    }
    return Prompt(effect.rule, message, site.key)
