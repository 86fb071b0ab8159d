"""Order files of ICD-10-CM as the publisher writes them, made from an independent list of its codes."""

import importlib
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import clinic

PLACE_OF_DOT = 3
SHIPPED = Path(clinic.__file__).parent / "catalogues" / "icd10cm_2026.txt"


@cache
def code_list():
    """The package reads its files as it is imported: two seconds that other tests need not wait."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module("simple_icd_10_cm")


@cache
def titles() -> Mapping[str, str]:
    """{code without its dot: title} of the release of April 2026, with its headings, in its order."""
    package = code_list()
    codes = (code for code in package.get_all_codes(with_dots=True) if _is_code(code))
    return {code.replace(".", ""): package.get_description(code) for code in codes}


@cache
def some_titles() -> Mapping[str, str]:
    """Those of the categories that the shipped set knows, between the first code and the last chapter."""
    shipped = {line[:PLACE_OF_DOT] for line in SHIPPED.read_text().splitlines()}
    kept = {*shipped, "A00", "Z99", "U07", "U09"}
    return {code: title for code, title in titles().items() if code[:PLACE_OF_DOT] in kept}


def order_file(rows: Mapping[str, str]) -> str:
    """A line for each: what no other row begins with may be billed."""
    codes = list(rows)
    lines = []
    for number, (code, following) in enumerate(zip(codes, [*codes[1:], ""], strict=True), start=1):
        flag = 0 if following.startswith(code) else 1
        title = rows[code]
        lines.append(f"{number:05} {code:<7} {flag} {title[:60]:<60} {title}\n")
    return "".join(lines)


def with_codes_after(rows: Mapping[str, str], place: str, added: Mapping[str, str]) -> dict[str, str]:
    """The rows with some more below or after the code `place`."""
    found: dict[str, str] = {}
    for code, title in rows.items():
        found[code] = title
        if code == place:
            found |= added
    return found


def _is_code(code: str) -> bool:
    return len(code) == PLACE_OF_DOT or code[PLACE_OF_DOT : PLACE_OF_DOT + 1] == "."
