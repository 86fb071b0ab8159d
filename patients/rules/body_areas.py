"""Parts of the body as patients name them: the body chart's regions, grouped as consent groups them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext

from clinic.models import Side
from clinic.rules.body_chart import regions_by_code

SIDES = (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    regions: tuple[str, ...]


def current() -> list[Area]:
    """The areas of the body chart in its order, from the file that ships with it."""
    return list(_areas())


@cache
def _areas() -> tuple[Area, ...]:
    codes: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for code, region in regions_by_code().items():
        codes.setdefault(region["consent_group"], []).append(code)
        names.setdefault(region["consent_group"], region["group"])
    return tuple(Area(code, names[code], tuple(regions)) for code, regions in codes.items())


# Questions about a whole limb: whatever part of it is named, all of it is meant.
LIMB_QUESTIONS = frozenset({"lymph-swelling"})
# An arm begins at the shoulder and a leg at the hip. Their codes are those of areas that were asked before.
ARM, LEG = "arm-hand", "leg-foot"
SHOULDER, LEG_GROUPS = {"f-delt", "b-delt"}, {"hip", "thigh", LEG}


def limbs() -> list[Area]:
    arm, leg = _limbs()
    return [Area(ARM, gettext("Arm"), arm), Area(LEG, gettext("Leg"), leg)]


@cache
def _limbs() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The regions of an arm, and those of a leg."""
    groups = {code: region["consent_group"] for code, region in regions_by_code().items()}
    arm = tuple(code for code, group in groups.items() if group == ARM or code in SHOULDER)
    leg = tuple(code for code, group in groups.items() if group in LEG_GROUPS)
    return arm, leg


def asked_by(question: str, areas: list[Area]) -> list[Area]:
    """The areas among which the question of this code lets choose: limbs, or all."""
    return limbs() if question in LIMB_QUESTIONS else areas


def meant_by(question: str, regions: Iterable[dict]) -> tuple[dict, ...]:
    """The regions that an answer concerns: of a limb all of it."""
    named = tuple(regions)
    if question not in LIMB_QUESTIONS:
        return named
    return (*named, *regions_of(chosen_of(named, limbs()), limbs()))


def choices(areas: Iterable[Area]) -> list[tuple[str, str]]:
    return [(area.code, area.name) for area in areas]


def sided_choices(areas: Iterable[Area]) -> list[tuple[str, str]]:
    return [(f"{area.code}:{side}", f"{area.name}, {side.label.lower()}") for area in areas for side in SIDES]


def regions_of(chosen: Iterable[str], areas: Iterable[Area]) -> tuple[dict, ...]:
    """Every region of the chosen areas. A region too many is a caution too many, one too few a danger."""
    by_code = {area.code: area for area in areas}
    pairs = (value.split(":") for value in chosen)
    return tuple({"region": region, "side": side} for code, side in pairs for region in by_code[code].regions)


def chosen_of(regions: Iterable[dict], areas: Iterable[Area]) -> list[str]:
    """The choices that gave these regions: the reverse of `regions_of`."""
    known = {(place["region"], place["side"]) for place in regions}
    return [
        f"{area.code}:{side}"
        for area in areas
        for side in SIDES
        if any((region, side) in known for region in area.regions)
    ]


def names_of(regions: Iterable[dict], areas: Iterable[Area]) -> list[str]:
    """The areas of the regions in an answer, such as “Arm and hand, left”."""
    chosen = {(place["region"], place["side"]) for place in regions}
    return [
        f"{area.name}, {side.label.lower()}"
        for area in areas
        for side in (*SIDES, Side.MIDLINE)
        if any((region, side) in chosen for region in area.regions)
    ]
