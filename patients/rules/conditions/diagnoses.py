"""The ICD-10-CM code of a condition: from the family, the side and the encounter character. No queries."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from clinic.models.base import ConditionSide, Side
from clinic.values.errors import Reason
from patients.models import Condition, DiagnosisFamily

BOTH = ConditionSide.BOTH.value
# Before a seventh character the code is padded to six with X (ICD-10-CM, placeholders).
STEM_LENGTH = 6
_TWO_SIDES = (Side.LEFT, Side.RIGHT, BOTH)
_ANY_SIDE = (Side.LEFT, Side.RIGHT, Side.MIDLINE, BOTH)
# Every condition may be on both sides; the policy decides about the midline.
SIDES: dict[str, tuple[str, ...]] = {
    Condition.SidePolicy.LEFT_RIGHT: _TWO_SIDES,
    Condition.SidePolicy.LEFT_RIGHT_BOTH: _TWO_SIDES,
    Condition.SidePolicy.LEFT_RIGHT_MIDLINE_BOTH: _ANY_SIDE,
    Condition.SidePolicy.ANY: _ANY_SIDE,
}


def sides_of(condition: Condition) -> tuple[str, ...]:
    return SIDES[condition.side_policy]


def recorded_sides(family: DiagnosisFamily | None, side: str) -> tuple[str, ...]:
    """The sides to record: “both” is one row, or one for each side where right and left have other codes."""
    if side != BOTH or family is None or has_one_code_for_both(family):
        return (side,)
    return (Side.RIGHT, Side.LEFT)


def has_one_code_for_both(family: DiagnosisFamily) -> bool:
    """It has a bilateral code, or its code carries no side."""
    return bool(_stem(family, BOTH))


def chosen_family(variant: DiagnosisFamily | None, families: list[DiagnosisFamily], *, ambiguous: bool):
    """The chosen variant, else the default one; an ambiguous term has no default."""
    if variant is not None or ambiguous:
        return variant
    return next((family for family in families if family.is_default), None)


def may_have_no_code(condition: Condition) -> bool:
    """An aim of treatment that has one meaning: its codes are for who wants one."""
    return condition.kind == Condition.Kind.IMPAIRMENT and not condition.ambiguous


def joined_side(sides: Iterable[str]) -> str:
    """The side of one row that stands for rows on these sides."""
    found = set(sides)
    if found >= {Side.LEFT, Side.RIGHT} or BOTH in found:
        return BOTH
    return next(iter(found - {Side.MIDLINE}), Side.MIDLINE)


def code_for(family: DiagnosisFamily, *, side: str, encounter: str = "") -> str:
    """The whole code, or "" where the family has none for that side."""
    return whole_code(family, _stem(family, side), encounter)


def whole_code(family: DiagnosisFamily, stem: str, encounter: str) -> str:
    """A code of the family with its last character, or "" where it is not whole."""
    if not stem or not family.encounter:
        return stem
    return f"{_filled(stem)}{encounter}" if encounter else ""


def codes_now(family: DiagnosisFamily | None, *, side: str, encounter: str) -> set[str]:
    """The codes that a condition may have by its variant as it stands.

    A row of an earlier release says one side with the code of both. Nothing where there is no variant, or
    where none of its codes is for that side.
    """
    if family is None:
        return set()
    return {code_for(family, side=one, encounter=encounter) for one in (side, BOTH)} - {""}


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
    former: DiagnosisFamily | None = None,
    is_recorded: bool = False,
) -> list[Reason]:
    """Everything that keeps this condition from being recorded on that day.

    `is_recorded`: the patient has it already, of the variant `former`: what has left the list since stays.
    """
    if condition.retired_at and not is_recorded:
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
    stays = is_recorded and family == former
    return found + _about_family(condition, family, side=side, encounter=encounter, on=on, stays=stays)


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


def _about_family(condition, family, *, side: str, encounter: str, on: dt.date, stays: bool) -> list[Reason]:
    if family.condition_id != condition.pk:
        return [Reason("variant-of-another", _("Choose a variant of this condition."), field="variant")]
    if not (stays or is_current(family, on=on)):
        message = _("This variant's code is not valid today. Choose another variant.")
        return [Reason("variant-not-current", message, field="variant")]
    found = []
    if family.encounter and not encounter:
        message = _("This code needs its last character. Choose active treatment, healing or late effect.")
        found.append(Reason("encounter-missing", message, field="encounter"))
    stems = [_stem(family, row) for row in recorded_sides(family, side)]
    if not all(stems):
        message = _("This variant has a code for left and right only. Choose a side, or another variant.")
        found.append(Reason("side-without-code", message, field="side"))
    return found


def _stem(family: DiagnosisFamily, side: str) -> str:
    codes: dict[str, str] = {
        BOTH: family.code_both or (family.code_right if family.code_right == family.code_left else ""),
        Side.LEFT: family.code_left,
        Side.RIGHT: family.code_right,
        Side.MIDLINE: family.code_midline,
    }
    return codes.get(side, "")


def _filled(stem: str) -> str:
    """S16.1 becomes S16.1XX, so that the next character is the seventh."""
    missing = STEM_LENGTH - len(stem.replace(".", ""))
    return stem + "X" * max(missing, 0)
