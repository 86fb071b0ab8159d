"""Hands that know no mouse: every press is counted, every focus has a name."""

import re

from playwright.sync_api import Page

LONGEST_WALK = 150


class Keyboard:
    """Drives one page. `presses` counts what a person would press: each character, each Tab, each Enter."""

    def __init__(self, page: Page):
        self.page = page
        self.presses = 0
        self._devtools = page.context.new_cdp_session(page)

    def press(self, *keys: str) -> None:
        """Keys by Playwright's names: "Tab", "Enter", "Space", "ArrowDown", "Alt+s". A chord is one press."""
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text: str) -> None:
        """Types into whatever has the focus."""
        self.page.keyboard.type(text)
        self.presses += len(text)

    def tab_to(self, name: str | re.Pattern, *, back: bool = False) -> None:
        """Tabs until the focused control's accessible name is `name` (or matches the pattern)."""
        seen, lost = [], 0
        if matches(name, self.focused_name()):
            return
        for _ in range(LONGEST_WALK):
            self.press("Shift+Tab" if back else "Tab")
            # Past the last control the focus rests outside the page once; twice means it is lost.
            lost = lost + 1 if self.on_body() else 0
            assert lost < 2, f"The focus is lost on the page's body. On the way to {name!r}: {seen}"
            seen.append(self.focused_name())
            if matches(name, seen[-1]):
                return
        raise AssertionError(f"Nothing that takes the focus is called {name!r}. Passed: {seen[:60]}")

    def fill(self, name: str | re.Pattern, text: str) -> None:
        self.tab_to(name)
        self.type(text)

    def activate(self, name: str | re.Pattern, *, key: str = "Enter") -> None:
        """Tabs to a link or button and presses it."""
        self.tab_to(name)
        self.press(key)

    def on_body(self) -> bool:
        return self.page.evaluate("!document.activeElement || document.activeElement === document.body")

    def focused_name(self) -> str:
        """The name a screen reader would say, as Chromium computes it."""
        focused = self._devtools.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        if "objectId" not in focused:
            return ""
        asked = {"objectId": focused["objectId"], "fetchRelatives": False}
        nodes = self._devtools.send("Accessibility.getPartialAXTree", asked)["nodes"]
        name = nodes[0].get("name", {}).get("value", "") if nodes else ""
        return " ".join(name.split())


def matches(wanted: str | re.Pattern, name: str) -> bool:
    if isinstance(wanted, re.Pattern):
        return bool(wanted.search(name))
    return wanted.casefold() == name.casefold()
