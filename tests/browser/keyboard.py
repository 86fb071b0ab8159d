"""A user who only has a keyboard: key presses are counted, controls are found by accessible name."""

import re

from playwright.sync_api import Page

from tests.browser import network

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
        self._tab_until(lambda: matches(name, self.focused_name()), name, back=back)

    def _tab_until(self, is_there, name, *, back: bool = False) -> None:
        passed, lost = [], 0
        if is_there():
            return
        for _ in range(LONGEST_WALK):
            self.press("Shift+Tab" if back else "Tab")
            # After the last control the focus leaves the page once; twice means that it is lost.
            lost = lost + 1 if self.on_body() else 0
            assert lost < 2, f"The focus is lost on the page's body. On the way to {name!r}: {passed}"
            passed.append(self.focused_name())
            if is_there():
                return
        raise AssertionError(f"Nothing that takes the focus is called {name!r}. Passed: {passed[:60]}")

    def fill(self, name: str | re.Pattern, text: str) -> None:
        self.tab_to(name)
        self.type(text)

    def activate(self, name: str | re.Pattern, *, key: str = "Enter") -> None:
        """Tabs to a link or button and presses it."""
        self.tab_to(name)
        self.press(key)

    def go(self, name: str | re.Pattern, *, key: str = "Enter") -> None:
        """Presses a control that leads to another page, and waits until it has loaded."""
        self.tab_to(name)
        self.leave_by(key)

    def leave_by(self, *keys: str) -> None:
        with self.page.expect_navigation():
            self.press(*keys)

    def act(self, name: str | re.Pattern, *, key: str = "Enter") -> None:
        """Presses a control that changes this page; the focus must be on an element afterwards."""
        self.tab_to(name)
        self.press(key)
        self.stays_somewhere()

    def stays_somewhere(self) -> None:
        network.settle(self.page)
        assert not self.on_body(), f"After {self.presses} keys the focus fell to the page's body."

    def choose(self, group: str | re.Pattern, answer: str | re.Pattern) -> None:
        """Tabs to the radios under that legend and moves to the answer with the arrow keys."""
        self._tab_until(lambda: matches(group, self.focused_group()), group)
        if matches(answer, self.focused_name()):
            self.press("Space")
        for _ in range(LONGEST_WALK):
            if matches(answer, self.focused_name()) and self._is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"{group!r} has no answer {answer!r}.")

    def tick(self, name: str | re.Pattern) -> None:
        """Tabs to a box and ticks it."""
        self.tab_to(name)
        self.press("Space")
        assert self._is_checked()

    def on_body(self) -> bool:
        return self.page.evaluate("!document.activeElement || document.activeElement === document.body")

    def focused_group(self) -> str:
        """The name of the radio group that has the focus."""
        return self.page.evaluate("""() => {
            const here = document.activeElement;
            const group = here?.type === "radio" && here.closest("[role=radiogroup], fieldset");
            const labelled = group && document.getElementById(group.getAttribute("aria-labelledby"));
            const head = labelled || (group && group.querySelector("legend"));
            return head ? head.textContent.replace(/\\s+/g, " ").trim() : "";
        }""")

    def _is_checked(self) -> bool:
        return self.page.evaluate("document.activeElement.checked === true")

    def focused_name(self) -> str:
        """The accessible name, as Chromium computes it."""
        focused = self._devtools.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        if "objectId" not in focused:
            return ""
        parameters = {"objectId": focused["objectId"], "fetchRelatives": False}
        nodes = self._devtools.send("Accessibility.getPartialAXTree", parameters)["nodes"]
        name = nodes[0].get("name", {}).get("value", "") if nodes else ""
        # Chromium inserts a space before visually hidden text
        return " ".join(name.split()).replace(" ,", ",").replace(" :", ":")


def matches(wanted: str | re.Pattern, name: str) -> bool:
    if isinstance(wanted, re.Pattern):
        return bool(wanted.search(name))
    return wanted.casefold() == name.casefold()
