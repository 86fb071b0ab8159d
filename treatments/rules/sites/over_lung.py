"""Sites over the lung: which they are, and the published depths where the practice approved no limit."""

from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from clinic.values.words import Text
from treatments.rules.session.parts import SiteMuscle, SiteRegion

LUNG = "lung"


class WithHazards(Protocol):
    """A muscle, as a row or as a draft's value."""

    @property
    def hazards(self) -> list[str] | tuple[str, ...]: ...


class WithPlace(Protocol):
    """A region of the body chart, as a row or as a draft's value."""

    @property
    def over_lung(self) -> bool: ...


def is_over_lung(muscle: WithHazards | None, region: WithPlace | None) -> bool:
    """By the muscle or by the place, for session, calls, red flags and adverse events alike.

    None: not known, as of a muscle that no catalogue lists. Where neither is known the lung may lie beneath.
    """
    if muscle is None and region is None:
        return True
    by_muscle = muscle is not None and LUNG in muscle.hazards
    return by_muscle or (region is not None and bool(region.over_lung))


def row_is_over_lung(hazards: list[str] | None, region_over_lung: bool | None) -> bool:
    """The same of a site that a list of another statement names. None: no muscle, no region."""
    muscle = None if hazards is None else SiteMuscle("", "", hazards=tuple(hazards))
    region = None if region_over_lung is None else SiteRegion("", over_lung=bool(region_over_lung))
    return is_over_lung(muscle, region)


@dataclass(frozen=True)
class PublishedDepth:
    """What is published of a place. A reason is asked from the least depth at which the lung may be met."""

    asks_from_mm: int
    text: Text
    source: Text


# source: ultrasound of 59 people, 236 measures, authorea 494323
RHOMBOID = PublishedDepth(
    20,
    _("Published for the rhomboids: at most 19 mm."),
    _("ultrasound of 59 people (authorea.com/users/319890, 494323)"),
)
# source: Dry Needling for Manual Therapists, part 2, and the South African AHPC guideline
ABOVE_SCAPULA = PublishedDepth(
    13,
    _(
        "Above the shoulder blade the lung may lie 13 to 25 mm under the skin of a thin person; a 31 mm "
        "needle has reached it."
    ),
    _(
        "Dry Needling for Manual Therapists, part 2 (123doc.top/document/5958691); South African AHPC safety "
        "guideline, thorax (acts.co.za, bn121_5_1)"
    ),
)
# source: three women with a low BMI, westjem case series
ELSEWHERE = PublishedDepth(
    10,
    _("No depth is published for this place; the lung was reached at 10 to 20 mm in case reports."),
    _("case series of three women with a low BMI (westjem.com)"),
)
BY_MUSCLE = {
    **dict.fromkeys(("rho", "rhn"), RHOMBOID),
    **dict.fromkeys(("ut", "ls", "ss"), ABOVE_SCAPULA),
}
BY_REGION = dict.fromkeys(("b-utrap", "b-supra"), ABOVE_SCAPULA)


def published_depth(muscle_code: str, region_code: str) -> PublishedDepth:
    return BY_MUSCLE.get(muscle_code) or BY_REGION.get(region_code, ELSEWHERE)
