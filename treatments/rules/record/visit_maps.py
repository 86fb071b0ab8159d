"""Where each visit was needled: a small body for each side with a site, all of one page cut alike."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.rules.body_chart import CROPS, regions_by_code, shapes
from treatments.rules.record import trends, trends_page
from treatments.rules.record.patient_sessions import Treatment


@dataclass(frozen=True)
class Region:
    """A needled region, as it is drawn. `count`: its insertions."""

    code: str
    path: str
    is_mirrored: bool
    count: int


@dataclass(frozen=True)
class VisitMap:
    """One side of the body at one visit. `said` has what is drawn in words."""

    view: str
    caption: str
    said: str
    crop: tuple[int, int, int, int]
    regions: tuple[Region, ...]
    is_draft: bool
    sides: tuple[str, str]

    @property
    def view_box(self) -> str:
        return " ".join(map(str, self.crop))

    @property
    def letters(self) -> list[dict]:
        """The patient's sides at the upper corners, as large as can be read at this size."""
        x, y, width, _height = self.crop
        size = round(width * 0.2)
        return [
            {"letter": letter, "x": round(x + width * part), "y": y + size, "size": size, "anchor": anchor}
            for letter, part, anchor in zip(self.sides, (0.03, 0.97), ("start", "end"), strict=True)
        ]


def of(treatments: list[Treatment]) -> dict[str, list[VisitMap]]:
    """{reference of the session: its maps}. What was entered in error was not needled."""
    drawn = {one.ref: counts_of(one) for one in treatments if not one.in_error}
    all_codes: dict[str, dict] = {code: {} for counts in drawn.values() for code in counts}
    crops = {figure["view"]: CROPS[figure["zoom"]] for figure in trends_page.figures(all_codes)}
    return {
        one.ref: [
            found
            for view, crop in crops.items()
            if (found := _map(view, crop, drawn[one.ref], is_draft=one.is_draft)).regions
        ]
        for one in treatments
        if one.ref in drawn
    }


def counts_of(one: Treatment) -> dict[str, int]:
    """Insertions by region and side, such as {"b-utrap-r": 4}. The midline shows on the right."""
    counts: dict[str, int] = {}
    for site in one.sites:
        if site.region in regions_by_code():
            code = f"{site.region}-{'l' if site.side == 'left' else 'r'}"
            counts[code] = counts.get(code, 0) + site.insertions
    return counts


def _map(view: str, crop: tuple, counts: dict[str, int], *, is_draft: bool) -> VisitMap:
    regions = tuple(
        Region(shape["code"], shape["path"], shape.get("mirrored", False), counts[shape["code"]])
        for shape in shapes(view)
        if shape["code"] in counts
    )
    caption = _("Front") if view == "front" else _("Back")
    named = ", ".join(f"{_name(region.code)} {region.count}" for region in regions)
    return VisitMap(
        view=view,
        caption=_("%(side)s, draft") % {"side": caption} if is_draft else caption,
        said=f"{caption}: {named}",
        crop=crop,
        regions=regions,
        is_draft=is_draft,
        sides=("R", "L") if view == "front" else ("L", "R"),
    )


def _name(code: str) -> str:
    region, side = code.rsplit("-", 1)
    return trends.place_name(region, "left" if side == "l" else "right")
