"""What the health questions say, where it touches a needle."""

from collections.abc import Callable
from dataclasses import dataclass

from treatments.models import NeedleSite
from treatments.rules.sites.needled_site import Avoided, Limits, Question, Site

PELVIS = frozenset({"hip", "abdomen"})
LOW_BACK = "Lumbar and pelvis"


@dataclass(frozen=True)
class Touch:
    """Which answers meet which needles. A reason is given for `rule`; `here` says the place in words."""

    rule: str
    answers: frozenset[str]
    here: str
    meets: Callable[[Site], bool]


def _is_deep(site: Site) -> bool:
    return "deep" in site.hazards or site.depth_class == NeedleSite.DepthClass.DEEP


def _is_low(site: Site) -> bool:
    return site.group == LOW_BACK or "abd" in site.hazards or site.consent_group in PELVIS


# source: domain facts 4.1; S22a and S22b, U for pregnancy, S27, S102 with S36 and S100
TOUCHES = (
    Touch(
        "bleeding-deep",
        frozenset({"blood-thinner", "new-blood-thinner", "bleeding-disorder"}),
        "a deep muscle that cannot be pressed",
        _is_deep,
    ),
    Touch(
        "pregnancy-low",
        frozenset({"pregnant", "pregnant-today"}),
        "the low back, pelvis or abdomen",
        _is_low,
    ),
    Touch(
        "device-stimulated",
        frozenset({"pacemaker"}),
        "stimulation through the needle",
        lambda site: site.technique == NeedleSite.Technique.STIMULATED,
    ),
    Touch(
        "chest-at-risk",
        frozenset({"lungs", "body-shape"}),
        "a site over the lung",
        lambda site: site.over_lung,
    ),
)
ANSWERS = frozenset(answer for touch in TOUCHES for answer in touch.answers)


def questions(site: Site, limits: Limits) -> list[Question]:
    """What the answers ask of one row: about parts of the body, and about the whole patient."""
    places = [_avoided(site, place) for place in limits.avoided if place.holds(site)]
    return [*places, *filter(None, (_touched(site, touch, limits) for touch in TOUCHES))]


def _avoided(site: Site, place: Avoided) -> Question:
    message = f"Health questions: {place.label.lower()} here. {place.guidance} Remove the site, or say why."
    return Question(f"avoid-{place.code}", message, site.key, value=site.region)


def _touched(site: Site, touch: Touch, limits: Limits) -> Question | None:
    """One question a rule, naming every answer behind it."""
    said = [concern for concern in limits.concerns if concern.code in touch.answers]
    if not said or not touch.meets(site):
        return None
    labels = " and ".join(dict.fromkeys(concern.label.lower() for concern in said))
    message = (
        f"Health questions: {labels}, and this is {touch.here}. {said[0].guidance} Change it, or say why."
    )
    return Question(touch.rule, message, site.key)
