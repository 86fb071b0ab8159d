"""The body chart's regions and geometry, from the files that ship with the product."""

import csv
import functools
import json
from pathlib import Path

CATALOGUES = Path(__file__).resolve().parent.parent / "catalogues"
# x, y, width, height in view-box units; a crop is a changed view box, never a transform
CROPS = {
    "whole": (0, -2, 320, 652),
    "upper": (40, 4, 240, 276),
    "shoulders": (62, 62, 196, 214),
    "hips": (56, 206, 208, 236),
    "torso": (-4, -2, 328, 440),
}


@functools.cache
def drawing():
    return json.loads((CATALOGUES / "body_chart.json").read_text(encoding="utf-8"))


@functools.cache
def regions_by_code() -> dict[str, dict[str, str]]:
    """The catalogue's row of every region by code, with its group and lung field."""
    with (CATALOGUES / "body_regions.csv").open(encoding="utf-8", newline="") as rows:
        return {row["code"]: row for row in csv.DictReader(rows)}


@functools.cache
def shapes(view):
    """Every region of one view twice; on the front the viewer's left is the patient's right."""
    viewer_left, viewer_right = ("r", "l") if view == "front" else ("l", "r")
    found = []
    for region in drawing()["regions"]:
        if region["view"] == view:
            found.append(_shape(region, viewer_left, badge=region["badge"]))
            found.append(_shape(region, viewer_right, badge=region["badge_mirrored"]) | {"mirrored": True})
    return found


def _shape(region, side, *, badge):
    """A region on one side; the mirrored half has the same path, which compresses well."""
    return {
        "code": f"{region['code']}-{side}",
        "path": region["path"],
        "badge": badge,
        "over_lung": regions_by_code()[region["code"]]["over_lung"] == "yes",
    }


@functools.cache
def groups():
    """The groups of regions in the order of the catalogue."""
    return list(dict.fromkeys(row["group"] for row in regions_by_code().values()))
