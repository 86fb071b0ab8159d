"""axe on the page as it stands, by the rules of WCAG 2.2 A and AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
OPTIONS = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}


def axe(page: Page) -> list[str]:
    """One line per violation and element: what a person would meet, and where. Empty is what we want."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [line(violation, node) for violation in found for node in violation["nodes"]]


def line(violation: dict, node: dict) -> str:
    place = " ".join(map(str, node["target"]))
    return f"{violation['id']} ({violation['impact']}): {violation['help']} at {place}"
