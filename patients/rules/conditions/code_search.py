"""Finds a condition by its ICD-10-CM code, whole or begun: M72.2, m722, S76.311D. No queries."""

import re
from collections import defaultdict
from typing import NamedTuple

from patients.rules.conditions.vocabulary import Family, Index, Listed

_CODE = re.compile(r"[a-z]\d[0-9a-z]{1,5}")
CODE_WITH_ENCOUNTER = 7


class CodeFit(NamedTuple):
    """A condition with a code that fits. Sorted, the best comes first."""

    is_begun: bool
    is_unusual: bool
    position: int
    condition: Listed
    label: str
    variant: str
    side: str


def fits(index: Index, text: str) -> list[CodeFit]:
    """One for each condition; a variant or a side that the code leaves open is empty."""
    typed = re.sub(r"[\s.]", "", text).lower()
    if not _CODE.fullmatch(typed):
        return []
    found: dict[str, list[tuple[Family, str, str]]] = defaultdict(list)
    for family in index.families:
        for code, side in family.codes:
            if _is_meant(_plain(code), typed):
                found[family.condition].append((family, code, side))
    return sorted(_fit(index.conditions[code], rows, typed) for code, rows in found.items())


def _is_meant(plain: str, typed: str) -> bool:
    with_encounter = len(typed) == CODE_WITH_ENCOUNTER and typed[:-1] == plain
    return with_encounter or plain.startswith(typed)


def _fit(condition: Listed, rows: list[tuple[Family, str, str]], typed: str) -> CodeFit:
    variants = {family.variant for family, _, _ in rows}
    codes = {code for _, code, _ in rows}
    family, code, side = rows[0]
    is_begun = not any(_plain(code) == typed[: len(_plain(code))] for code in codes)
    is_unusual = not any(family.is_default for family, _, _ in rows)
    is_one = len(codes) == 1
    label = f"{code} {family.label}" if is_one else ", ".join(sorted(codes)[:3])
    variant = family.variant if len(variants) == 1 else ""
    return CodeFit(
        is_begun, is_unusual, condition.position, condition, label, variant,
        condition.possible_side(side) if is_one else "",
    )  # fmt: skip


def _plain(code: str) -> str:
    return code.replace(".", "").lower()
