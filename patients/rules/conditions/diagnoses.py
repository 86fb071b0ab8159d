"""The ICD-10-CM code of a condition: from the family, the side and the encounter character. No queries."""

import datetime as dt
from collections import Counter

from django.utils.translation import gettext as _

from clinic.models.base import Side
from clinic.values.errors import Reason
from patients.models import Condition, DiagnosisFamily

BOTH = "both"
# Before a seventh character the code is padded to six with X (ICD-10-CM, placeholders).
STEM_LENGTH = 6
_TWO_SIDES = (Side.LEFT, Side.RIGHT, BOTH)
_ANY_SIDE = (Side.LEFT, Side.RIGHT, Side.MIDLINE, BOTH)
# Both sides are two rows, so every condition may have both; the policy decides about the midline.
SIDES: dict[str, tuple[str, ...]] = {
    Condition.SidePolicy.LEFT_RIGHT: _TWO_SIDES,
    Condition.SidePolicy.LEFT_RIGHT_BOTH: _TWO_SIDES,
    Condition.SidePolicy.LEFT_RIGHT_MIDLINE_BOTH: _ANY_SIDE,
    Condition.SidePolicy.ANY: _ANY_SIDE,
}


def sides_of(condition: Condition) -> tuple[str, ...]:
    return SIDES[condition.side_policy]


def recorded_sides(side: str) -> tuple[str, ...]:
    """The sides to record: “both” is a row for each side."""
    return (Side.RIGHT, Side.LEFT) if side == BOTH else (side,)


def chosen_family(variant: DiagnosisFamily | None, families: list[DiagnosisFamily], *, ambiguous: bool):
    """The chosen variant, else the default one; an ambiguous term has no default."""
    if variant is not None or ambiguous:
        return variant
    return next((family for family in families if family.is_default), None)


def may_have_no_code(condition: Condition) -> bool:
    """An aim of treatment that has one meaning: its codes are for who wants one."""
    return condition.kind == Condition.Kind.IMPAIRMENT and not condition.ambiguous


def code_for(family: DiagnosisFamily, *, side: str, both: bool = False, encounter: str = "") -> str:
    """The whole code, or "" where the family has none for that side."""
    stem = _stem(family, side, both)
    if not stem or not family.encounter:
        return stem
    return f"{_filled(stem)}{encounter}" if encounter else ""


def codes_by_side(family: DiagnosisFamily) -> tuple[tuple[str, str], ...]:
    """Each code without its encounter character, with its side, or "" where it is for no side alone."""
    codes = (
        (family.code_right, Side.RIGHT),
        (family.code_left, Side.LEFT),
        (family.code_both, BOTH),
        (family.code_midline, Side.MIDLINE),
        (family.code_unspecified, ""),
    )
    times = Counter(code for code, side in codes)
    return tuple({code: side if times[code] == 1 else "" for code, side in codes if code}.items())


def reasons(
    condition: Condition,
    family: DiagnosisFamily | None,
    *,
    families: list[DiagnosisFamily],
    side: str,
    encounter: str,
    on: dt.date,
) -> list[Reason]:
    """Everything that keeps this condition from being recorded on that day."""
    if condition.retired_at:
        return [
            Reason(
                "condition-retired", _("This condition has left the list. Choose another."), field="condition"
            )
        ]
    found = []
    if side not in sides_of(condition):
        found.append(
            Reason("side-not-possible", _("Choose one of the sides of this condition."), field="side")
        )
    if family is None:
        return found + _without_variant(condition, families)
    return found + _about_family(condition, family, side=side, encounter=encounter, on=on)


def is_current(family: DiagnosisFamily, *, on: dt.date) -> bool:
    starts, ends = family.valid_from or on, family.valid_to or on
    return family.retired_at is None and starts <= on <= ends


def _without_variant(condition: Condition, families: list[DiagnosisFamily]) -> list[Reason]:
    if not families or may_have_no_code(condition):
        return []
    if condition.ambiguous:
        message = _("“%(condition)s” has more than one meaning. Choose which one was found.") % {
            "condition": condition.patient_term
        }
    else:
        message = _("Choose what was found.")
    return [Reason("variant-missing", message, field="variant")]


def _about_family(condition, family, *, side: str, encounter: str, on: dt.date) -> list[Reason]:
    if family.condition_id != condition.pk:
        return [Reason("variant-of-another", _("Choose a variant of this condition."), field="variant")]
    if not is_current(family, on=on):
        message = _("This variant's code is not valid today. Choose another variant.")
        return [Reason("variant-not-current", message, field="variant")]
    found = []
    if family.encounter and not encounter:
        message = _("This code needs its last character. Choose active treatment, healing or late effect.")
        found.append(Reason("encounter-missing", message, field="encounter"))
    stems = [_stem(family, row, side == BOTH) for row in recorded_sides(side)]
    if not all(stems):
        message = _("This variant has a code for left and right only. Choose a side, or another variant.")
        found.append(Reason("side-without-code", message, field="side"))
    return found


def _stem(family: DiagnosisFamily, side: str, both: bool) -> str:
    if both and family.code_both:
        return family.code_both
    codes: dict[str, str] = {
        Side.LEFT: family.code_left,
        Side.RIGHT: family.code_right,
        Side.MIDLINE: family.code_midline,
    }
    return codes.get(side, "")


def _filled(stem: str) -> str:
    """S16.1 becomes S16.1XX, so that the next character is the seventh."""
    missing = STEM_LENGTH - len(stem.replace(".", ""))
    return stem + "X" * max(missing, 0)
