"""What is installed is locked: each package by version and digest, for every Python and system."""

import functools
import re
from importlib import metadata

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import lock_files

ROOT = lock_files.ROOT
HERE = default_environment()
WHERE = [
    {"python_version": python, "python_full_version": f"{python}.0", "platform_machine": machine,
     "sys_platform": system, "platform_system": name, "os_name": "posix"}
    for python in ("3.11", "3.12", "3.13")
    for system, name, machine in (("linux", "Linux", "x86_64"), ("linux", "Linux", "aarch64"),
                                  ("darwin", "Darwin", "arm64"), ("darwin", "Darwin", "x86_64"))
]  # fmt: skip


def ranges(layer: str) -> list[Requirement]:
    lines = (ROOT / f"{layer}.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


def pins(layer: str) -> dict[str, tuple[str, str]]:
    """Version and marker of each package of the layer and of those it stands on."""
    found = {}
    for each in (*lock_files.LAYERS[layer], layer):
        for pin in lock_files.PIN.finditer(lock_files.text_of(each)):
            assert pin["name"] not in found, f"{pin['name']} is locked twice"
            found[pin["name"]] = pin["version"], pin["marker"] or ""
    return found


def holds(marker: Marker | str | None, where: dict, extra: str = "") -> bool:
    marker = Marker(marker) if isinstance(marker, str) and marker else marker
    return not marker or marker.evaluate({**HERE, **where, "extra": extra})


def needed(layer: str, where: dict) -> set[str]:
    """The packages by name that the ranges ask for there, with all that those ask for."""
    waiting = [asked for each in (*lock_files.LAYERS[layer], layer) for asked in ranges(each)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        asked = waiting.pop()
        for extra in ("", *asked.extras):
            if not holds(asked.marker, where) or (canonicalize_name(asked.name), extra) in seen:
                continue
            seen.add((canonicalize_name(asked.name), extra))
            waiting += further(asked.name, where, extra)
    return {name for name, _extra in seen}


@functools.cache
def asked_by(name: str) -> list[tuple[Requirement, Marker | None]]:
    """What the package asks for, and where; nothing of one that is not installed here."""
    try:
        asked = [Requirement(line) for line in metadata.requires(name) or []]
    except metadata.PackageNotFoundError:
        return []
    return [(Requirement(str(each).partition(";")[0]), each.marker) for each in asked]


def further(name: str, where: dict, extra: str) -> list[Requirement]:
    return [
        asked
        for asked, marker in asked_by(name)
        if holds(marker, where, extra) and (not extra or "extra" in str(marker))
    ]


@pytest.mark.parametrize("layer", lock_files.LAYERS)
def test_each_range_has_its_locked_version(layer):
    """Otherwise: `make lock`."""
    locked = pins(layer)

    for asked in ranges(layer):
        version, marker = locked[canonicalize_name(asked.name)]
        assert asked.specifier.contains(version), asked
        assert all(holds(asked.marker, where) == holds(marker, where) for where in WHERE), asked


@pytest.mark.parametrize("layer", lock_files.LAYERS)
def test_a_lock_file_has_versions_and_digests_and_nothing_else(layer):
    lines = lock_files.text_of(layer).splitlines()
    written = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")

    below = [line for line in lines[1:] if line.startswith("-r ")]
    assert below == [f"-r {each}.lock" for each in lock_files.LAYERS[layer][-1:]]
    rest = [line for line in lines[1 + len(below) :] if not lock_files.PIN.match(line)]
    assert [line for line in rest if not written.fullmatch(line)] == []
    for pin, after in zip(lines, lines[1:], strict=False):
        assert not lock_files.PIN.match(pin) or written.fullmatch(after), pin


@pytest.mark.parametrize("layer", lock_files.LAYERS)
def test_whatever_is_needed_anywhere_is_locked(layer):
    locked = pins(layer)

    for where in WHERE:
        there = {name for name, (_version, marker) in locked.items() if holds(marker, where)}
        assert needed(layer, where) - there == set(), where


def test_what_is_installed_here_is_what_is_locked():
    """Otherwise: `make test-fast`, which installs it."""
    here = {
        name: version
        for name, (version, marker) in pins("requirements-dev").items()
        if holds(marker, dict(HERE))
    }

    assert len(here) > 40
    assert {name: metadata.version(name) for name in here} == here


@pytest.mark.parametrize("file", ["Makefile", ".ci/run", "docs/deploy/Containerfile"])
def test_nothing_is_installed_past_the_lock(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    installs = [line for line in text.splitlines() if re.search(r"\bpip install\b", line)]

    assert all("--require-hashes" in line for line in installs)
    assert len(installs) == (0 if file == ".ci/run" else 1)
    assert not re.search(r"-r(equirement)? \S+\.txt", text)
