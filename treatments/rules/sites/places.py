"""What lies under the needled sites, as far as advice and warning signs depend on it."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from clinic.models.rows import as_list
from clinic.rules.body_chart import regions_by_code
from treatments.models import NeedledPlace
from treatments.rules.session.parts import SiteMuscle, SiteRegion
from treatments.rules.sites import over_lung
from treatments.rules.sites.over_lung import WithHazards

CORD = "cord"
# Regions of the neck and of the muscles beside the spine, whatever muscle was needled there.
NECK_AND_SPINE = frozenset({"f-neck", "b-occ", "b-cerv", "b-mid", "b-lumb"})
# Between shoulder blade and spine only some muscles reach the spine: a muscle of no catalogue may be one.
UNLESS_KNOWN = frozenset({"b-rhom"})
# The columns of a site that `of_rows` reads, by lookup.
COLUMNS = {
    "hazards": "muscle__hazards",
    "region": "region__code",
    "region_over_lung": "region__over_lung",
}


def is_beside_cord(muscle: WithHazards | None, region_code: str) -> bool:
    """By the muscle or by the place. None: one that no catalogue lists; without a place it may be one."""
    if muscle is None and not region_code:
        return True
    by_muscle = muscle is not None and CORD in muscle.hazards
    by_place = region_code in NECK_AND_SPINE or (muscle is None and region_code in UNLESS_KNOWN)
    return by_muscle or by_place


def of_site(muscle: WithHazards | None, region) -> frozenset[str]:
    """The `NeedledPlace`s of one site."""
    code = region.code if region is not None else ""
    lung = {NeedledPlace.LUNG.value} if over_lung.is_over_lung(muscle, region) else set()
    spine = {NeedledPlace.SPINE.value} if is_beside_cord(muscle, code) else set()
    return frozenset(lung | spine)


def of_sites(sites: Iterable) -> frozenset[str]:
    """Of all sites of a draft."""
    return frozenset().union(*(of_site(site.muscle, site.region) for site in sites))


def of_rows(sites: Iterable[Mapping]) -> frozenset[str]:
    """The same of all sites, as lists of another statement give them with `COLUMNS`."""
    return frozenset().union(*map(_of_row, sites))


def _of_row(site: Mapping) -> frozenset[str]:
    hazards = site["hazards"]
    muscle = None if hazards is None else SiteMuscle("", "", hazards=tuple(as_list(hazards)))
    code = site["region"]
    region = SiteRegion(code, over_lung=bool(site["region_over_lung"])) if code else None
    return of_site(muscle, region)


def elsewhere(muscle, lies_in: Sequence, picked: str) -> str:
    """What is asked where a muscle of the list does not lie at the region that was picked; else empty."""
    region = regions_by_code().get(picked)
    if region is None or not lies_in or picked in (place.code for place in lies_in):
        return ""
    return _(
        "%(muscle)s does not lie at %(picked)s. Save it again to keep it at %(place)s, or pick another place "
        "or muscle."
    ) % {"muscle": muscle.name, "picked": region["name"], "place": lies_in[0].name}
