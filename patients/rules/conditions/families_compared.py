"""What another set of codes means for the families: which codes went, changed, or came. No queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from clinic.rules.code_sets import UNKNOWN, VALID, Codes
from patients.models import DiagnosisFamily, PatientCondition
from patients.rules.conditions import diagnoses

# Codes of one place differ in their last characters: a family is beside those of its own subcategory.
SUBCATEGORY = 5


@dataclass(frozen=True)
class Comparison:
    """Of one family. `changed` codes have another title, or were split: then the new ones are named."""

    family: DiagnosisFamily
    lost: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lost or self.changed or self.gained)


def compare(families: Iterable[DiagnosisFamily], *, before: Codes, after: Codes) -> list[Comparison]:
    """The families whose codes are others in `after`."""
    rows = list(families)
    used = {code for family in rows for code in whole_codes(family)}
    found = [_compared(family, used, before, after) for family in rows]
    return [comparison for comparison in found if comparison]


def whole_codes(family: DiagnosisFamily) -> list[str]:
    """Each code that it can give, with each last character, once."""
    characters = PatientCondition.Encounter.values if family.encounter else [""]
    codes = (
        diagnoses.whole_code(family, stem, character)
        for stem, _side in diagnoses.codes_by_side(family)
        for character in characters
    )
    return list(dict.fromkeys(codes))


def is_possible(family: DiagnosisFamily, codes: Codes) -> bool:
    """Whether the set has one of its codes at least, or says nothing about them."""
    return any(codes.standing(code) in (VALID, UNKNOWN) for code in whole_codes(family))


def _compared(family: DiagnosisFamily, used: set[str], before: Codes, after: Codes) -> Comparison:
    gone = [code for code in whole_codes(family) if after.standing(code) not in (VALID, UNKNOWN)]
    split = {code: sorted(after.beginning_with(code)) for code in gone}
    titles = [code for code in whole_codes(family) if _has_another_title(code, before, after)]
    return Comparison(
        family,
        lost=tuple(code for code in gone if not split[code]),
        changed=(
            *(f"{code} ({', '.join(split[code])})" for code in gone if split[code]),
            *titles,
        ),
        gained=tuple(_gained(family, used, before, after)),
    )


def _has_another_title(code: str, before: Codes, after: Codes) -> bool:
    was, is_now = before.beginning_with(code).get(code), after.beginning_with(code).get(code)
    return was is not None and is_now is not None and was != is_now


def _gained(family: DiagnosisFamily, used: set[str], before: Codes, after: Codes) -> list[str]:
    """New codes of its subcategories, where the former set knew the category."""
    stems = {code[:SUBCATEGORY] for code in whole_codes(family)}
    return sorted(
        code
        for stem in stems
        for code in after.beginning_with(stem)
        if before.standing(code) not in (VALID, UNKNOWN) and code not in used
    )
