"""The two walks of docs/architecture.md, held against what real requests call."""

import os
import re
import sys
from pathlib import Path

import pytest

from tests.treatments import notes
from tests.treatments.test_signing import post
from tests.treatments.test_sites import add, client  # noqa: F401
from treatments.models import NeedleSite, Seal

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
INSIDE = f"{ROOT / 'treatments'}{os.sep}"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def walk(title: str) -> tuple[list[str], set[str]]:
    """The functions of a walk, in their order, and the modules beside it."""
    text = re.split(r"\n#+ ", PAGE.split(f"### {title}\n")[1])[0]
    steps, beside = text.split("\nBeside: ")
    return re.findall(r"^\d+\. `([\w.]+)`", steps, re.MULTILINE), set(re.findall(r"`([\w.]+)`", beside))


def calls_of(act, first: str, last: str) -> list[str]:
    """Functions of `treatments` that are called from the call of one to the return of another, in order."""
    found: list[str] = []
    running = False

    def note(frame, event, _):
        nonlocal running
        # every call in Python and C passes here
        if event not in {"call", "return"} or not frame.f_code.co_filename.startswith(INSIDE):
            return
        module = ".".join(Path(frame.f_code.co_filename).relative_to(ROOT).with_suffix("").parts)
        name = f"{module}.{frame.f_code.co_qualname}"
        running = running or (name == first and event == "call")
        if running and event == "call":
            found.append(name)
        running = running and not (name == last and event == "return")

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return found


def assert_walked(title: str, called: list[str]) -> None:
    steps, beside = walk(title)
    code = [step for step in steps if not step.startswith("treatments.models.")]
    # a class stands for its methods
    met = [
        next((at for at, name in enumerate(called) if f"{name}.".startswith(f"{step}.")), -1) for step in code
    ]
    modules = {step.rpartition(".")[0] for step in steps} | beside
    others = {name for name in called if not name.startswith("treatments.models.")}

    assert [step for step, at in zip(code, met, strict=True) if at < 0] == []
    assert met == sorted(met)
    assert {name for name in others if not any(name.startswith(f"{module}.") for module in modules)} == set()


def test_a_posted_site_goes_down_to_its_row_by_the_walk(add, draft):  # noqa: F811
    called = calls_of(add, "treatments.views.sites.entry.site_add", "treatments.actions.sites.entry.add_all")

    assert_walked("A posted site down to its row", called)
    assert NeedleSite.objects.filter(session=draft).exists()


def test_a_signature_goes_to_its_seal_by_the_walk(signed_in, therapist, draft):
    ready = notes.ready(draft)
    client = signed_in(therapist)  # noqa: F811

    called = calls_of(
        lambda: post(client, ready),
        "treatments.views.signing.signature.sign",
        "treatments.actions.signing.signature.sign",
    )

    assert_walked("Signing to seal", called)
    assert Seal.objects.filter(session=ready).exists()
