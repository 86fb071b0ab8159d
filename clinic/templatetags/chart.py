"""Template tags of the body chart: the figure, its marks, and the table of checkboxes that controls it."""

import functools
from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clinic.rules import body_chart
from clinic.rules.body_chart import CROPS

register = template.Library()
# y positions in the depth picture: the skin, the limit, and the deepest drawn needle
SKIN_Y, LIMIT_Y, DEEPEST_Y = 14, 64, 90
SIDES = {"l": "left", "r": "right"}
MIRRORED = mark_safe(' transform="matrix(-1 0 0 1 320 0)"')
BADGE_RADIUS = 9.5
SIGN_IN_MARKS = {"b-utrap-r": {"cls": "on", "badge": "1"}, "b-rhom-r": {"cls": "on", "badge": "2"}}


@functools.cache
def unmarked_regions(view):
    """Every region without a mark, by code; rendered once for all pages."""
    return {shape["code"]: _region(shape) for shape in body_chart.shapes(view)}


@functools.cache
def lung_hatching(view):
    """The hatching of every region over the lung."""
    return mark_safe(
        "".join(_path("cf-hatch", shape) for shape in body_chart.shapes(view) if shape["over_lung"])
    )


@functools.cache
def hit_targets(view):
    """The touch targets, on top of everything that is drawn."""
    return format_html_join(
        "",
        '<path class="cf-hit" data-for="{}" data-at="{} {}"{} d="{}"/>',
        (
            (shape["code"], *map(str, shape["badge"]), _transform(shape), shape["path"])
            for shape in body_chart.shapes(view)
        ),
    )


def _region(shape) -> SafeString:
    return format_html(
        '<path class="cf-r{}" data-region="{}"{}{} d="{}"/>',
        f" {shape['cls']}" if shape.get("cls") else "",
        shape["code"],
        " data-kept" if shape.get("kept") else "",
        _transform(shape),
        shape["path"],
    )


def _path(name, shape) -> SafeString:
    return format_html('<path class="{}"{} d="{}"/>', name, _transform(shape), shape["path"])


def _transform(shape) -> str:
    return MIRRORED if shape.get("mirrored") else ""


@register.inclusion_tag("components/_body_figure.html")
def body_figure(
    view="back", marks=None, zoom="whole", name="", risk=False, hits=False, letters=True, caption=True
):
    """marks: {"b-utrap-r": {"cls": "on" | "next" | "h1".."h5" | "s1".."s5", "badge": "1" | "tick"}}."""
    figure = _figure(view, marks or {}, zoom, name, risk, hits, letters)
    return figure | {"caption": _caption(view) if caption else ""}


@register.inclusion_tag("components/_body_figure.html")
def door_figure():
    """The picture of the door, which is about nobody and has no caption."""
    return _figure("back", SIGN_IN_MARKS, "whole", "door", risk=False, hits=False, letters=False)


@register.inclusion_tag("components/_visit_map_body.html")
def visit_map_body():
    return {"silhouette": body_chart.drawing()["silhouette"]}


@register.inclusion_tag("components/_depth_picture.html")
def depth_picture(*, limit=None, asked_from=None, depth=None):
    """All in mm; without a limit, the depth from which a reason is asked. Both are drawn at one height."""
    line = float(limit or asked_from)
    depth_y = min(DEEPEST_Y, round(SKIN_Y + (LIMIT_Y - SKIN_Y) * float(depth or 0) / line, 1))
    return {
        "limit": limit,
        "asked_from": asked_from,
        "depth": depth,
        "limit_y": LIMIT_Y,
        "depth_y": depth_y,
        "depth_text_y": max(SKIN_Y + 14, depth_y - 3),
        "limit_text_y": LIMIT_Y - 4,
    }


def _figure(view, marks, zoom, name, risk, hits, letters):
    x, y, width, height = CROPS[zoom]
    marked = _marked_shapes(view, marks)
    regions = (
        _region(marked[code]) if code in marked else region for code, region in unmarked_regions(view).items()
    )
    return {
        "name": name or f"{view}-{zoom}",
        "view": view,
        "view_box": f"{x} {y} {width} {height}",
        "width": 320,
        "height": round(320 * height / width),
        "silhouette": body_chart.drawing()["silhouette"],
        "hints": body_chart.drawing()["hints"][view],
        "regions": mark_safe("".join(regions)),
        "lungs": lung_hatching(view) if risk else "",
        "badges": [shape for shape in marked.values() if shape["words"]],
        "hits": hit_targets(view) if hits else "",
        "letters": _side_letters(view) if letters else (),
    }


def _caption(view) -> str:
    return _("Front") if view == "front" else _("Back")


def _side_letters(view) -> tuple[str, str]:
    """The letters at the left and right edge: a front view shows the patient's right side on the left."""
    return ("R", "L") if view == "front" else ("L", "R")


def _marked_shapes(view, marks) -> dict[str, dict]:
    marked = (shape for shape in body_chart.shapes(view) if marks.get(shape["code"]))
    return {shape["code"]: _marked(shape, marks[shape["code"]]) for shape in marked}


def _marked(shape, mark):
    x, y = shape["badge"]
    text = _badge_text(mark.get("badge", ""))
    half = BADGE_RADIUS if text == "tick" else max(BADGE_RADIUS, 3 * len(text) + 3)
    # a tick changes with its checkbox; a number does not
    return {
        **shape,
        "cls": mark.get("cls", ""),
        "words": text,
        "kept": text != "tick",
        "x": x,
        "y": y,
        "base": y + 4.3,
        "left": x - half,
        "top": y - BADGE_RADIUS,
        "width": 2 * half,
    }


def _badge_text(text: str) -> str:
    """The numbers of the sites in one region, such as "1,2,4", shortened when there are more than three."""
    numbers = text.split(",")
    return text if len(numbers) <= 3 else f"{numbers[0]},{numbers[1]}…"


@register.filter
def body_rows(field):
    """The choices of a bound field as table rows: groups of regions, each with its left and right box."""
    boxes = {choice.data["value"]: choice for choice in field}
    rows = [
        _row(code, region, boxes)
        for code, region in body_chart.regions_by_code().items()
        if _has_box(code, boxes)
    ]
    rows.sort(key=_group_order)
    return [{"group": group, "regions": list(members)} for group, members in groupby(rows, key=_group)]


def _row(code, region, boxes):
    return {
        "name": region["name"],
        "group": region["group"],
        "left": boxes.get(f"{code}-l"),
        "right": boxes.get(f"{code}-r"),
    }


def _has_box(code, boxes):
    return any(f"{code}-{side}" in boxes for side in SIDES)


def _group(row):
    return row["group"]


def _group_order(row):
    return body_chart.groups().index(row["group"])
