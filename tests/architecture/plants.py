"""Planted trees: small sources that break a wall, or that look so and do not.

A line that breaks the wall ends in `# breach`. A wall has to find exactly these lines of the first file.
"""

from collections.abc import Mapping
from typing import NamedTuple

from tests.architecture.sources import House
from tests.architecture.walls import breaches

MARK = "# breach"


class Plant(NamedTuple):
    """Sources by path; the first file is the one that is looked at, the others stand around it."""

    wall: str
    files: Mapping[str, str]


def plant(wall: str, path: str, source: str, **around: str) -> Plant:
    """`around` names further files with `__` for `/`: `patients__models__patient="…"`."""
    others = {f"{name.replace('__', '/')}.py": text for name, text in around.items()}
    return Plant(wall, {path: source, **others})


def found_lines(planted: Plant) -> list[int]:
    house = House(planted.files)
    first = next(iter(planted.files))
    module = next(module for module in house if module.path == first)
    return sorted({finding.line for finding in breaches(planted.wall, module, house)})


def marked_lines(planted: Plant) -> list[int]:
    lines = next(iter(planted.files.values())).splitlines()
    return [number for number, line in enumerate(lines, start=1) if line.rstrip().endswith(MARK)]
