"""How deep a site over the lung is beside the limit of its muscle, in words and for the picture."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from treatments.rules.sites.needled_site import NeedledSite


@dataclass(frozen=True)
class DepthBesideLimit:
    """Both in millimeters."""

    depth: int
    limit: int

    @property
    def words(self) -> str:
        """“15 mm deep, limit 19 mm: 4 mm to spare.”"""
        said = {"depth": self.depth, "limit": self.limit, "between": abs(self.limit - self.depth)}
        if self.depth > self.limit:
            return _("%(depth)s mm deep, limit %(limit)s mm: %(between)s mm over it.") % said
        return _("%(depth)s mm deep, limit %(limit)s mm: %(between)s mm to spare.") % said


def of(site: NeedledSite) -> DepthBesideLimit | None:
    """None where no lung lies beneath, or no limit is set: then there is nothing true to draw."""
    if not site.over_lung or site.depth_mm is None or not site.depth_limit_mm:
        return None
    return DepthBesideLimit(site.depth_mm, site.depth_limit_mm)
