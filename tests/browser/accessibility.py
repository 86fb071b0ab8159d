"""Runs axe on the current page, with the rules of WCAG 2.2 A and AA."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
SCRIPT = Path(axe_playwright_python.__file__).parent / "axe.min.js"


def axe(page: Page, *, only: str = "") -> list[str]:
    """One line per violation and element; an empty list means no violations. `only` is one rule of axe."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    # Preloading style sheets would add <style> elements, which the page's content-security policy refuses.
    options = {
        "runOnly": {"type": "rule", "values": [only]} if only else {"type": "tag", "values": list(RULES)},
        "resultTypes": ["violations"],
        "preload": False,
    }
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [line(violation, node) for violation in found for node in violation["nodes"]]


def line(violation: dict, node: dict) -> str:
    place = " ".join(map(str, node["target"]))
    return f"{violation['id']} ({violation['impact']}): {violation['help']} at {place}"
