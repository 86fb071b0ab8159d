"""The depth beyond which a site is asked why: the limit, or over the lung what is published."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from treatments.rules.sites import over_lung
from treatments.rules.sites.needled_site import NeedledSite


@dataclass(frozen=True)
class DepthBound:
    """The depth in mm beyond which a site is asked why, and what that depth rests on.

    `is_limit`: the practice's own limit; else what is published, with its `source`.
    """

    mm: int
    text: str = ""
    source: str = ""
    is_limit: bool = False

    @property
    def asks_from_mm(self) -> int:
        return self.mm + 1


def of(site: NeedledSite) -> DepthBound | None:
    """The limit of the practice; over the lung, while nobody approved one, what is published."""
    limit = site.depth_limit_mm
    if site.over_lung and not site.limit_is_approved:
        published = over_lung.published_depth(site.muscle_code, site.region_code)
        most = published.asks_from_mm - 1
        if limit is None or most < limit:
            return DepthBound(most, str(published.text), str(published.source))
    if limit is None:
        return None
    return DepthBound(limit, _("The limit is %(limit)s mm.") % {"limit": limit}, is_limit=True)


@dataclass(frozen=True)
class DepthBesideBound:
    """How deep a site over the lung is, in words and for the picture."""

    depth: int
    bound: DepthBound

    @property
    def limit(self) -> int | None:
        return self.bound.mm if self.bound.is_limit else None

    @property
    def words(self) -> str:
        """“15 mm deep, limit 19 mm: 4 mm to spare.” No depth is to spare where nobody approved a limit."""
        limit = self.limit
        if limit is None:
            said = {"depth": self.depth, "asked_from": self.bound.asks_from_mm}
            return _("%(depth)s mm deep. From %(asked_from)s mm a reason is asked.") % said
        said = {"depth": self.depth, "limit": limit, "between": abs(limit - self.depth)}
        if self.depth > limit:
            return _("%(depth)s mm deep, limit %(limit)s mm: %(between)s mm over it.") % said
        return _("%(depth)s mm deep, limit %(limit)s mm: %(between)s mm to spare.") % said


def beside(site: NeedledSite) -> DepthBesideBound | None:
    """None where no lung lies beneath, or no depth was entered: then there is nothing true to draw."""
    bound = of(site)
    if not site.over_lung or site.depth_mm is None or bound is None:
        return None
    return DepthBesideBound(site.depth_mm, bound)
