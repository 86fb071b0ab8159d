"""The test tools detect faults: each of them is given one."""

import re

import pytest

from tests.browser.accessibility import axe

HEAD = '<!doctype html><html lang="en"><head><title>Form</title><link rel="icon" href="data:,">'
FORM = f"""{HEAD}</head><body><main><h1>Form</h1>
<label>Last name <input id="family"></label>
<fieldset><legend>Pain now</legend><label><input type="radio" name="pain">3</label></fieldset>
<button type="button">Save the patient</button></main></body></html>"""


def show(page, html: str, **headers: str) -> None:
    """Navigates to a page that is defined by this test."""
    page.route("**/shown/", lambda route: route.fulfill(content_type="text/html", body=html, headers=headers))
    page.goto("/shown/")


def test_tabbing_stops_at_the_control_of_that_name(browser_page, keyboard):
    show(browser_page, FORM)

    keyboard.fill("Last name", "Ada")
    keyboard.tab_to(re.compile("^save", re.IGNORECASE))

    assert browser_page.input_value("#family") == "Ada"
    assert keyboard.focused_name() == "Save the patient"
    assert keyboard.presses == 1 + 3 + 2


def test_tabbing_to_nothing_says_what_was_passed(browser_page, keyboard):
    show(browser_page, FORM)

    with pytest.raises(AssertionError, match="'Sign'.*Save the patient"):
        keyboard.tab_to("Sign")


def test_a_page_without_controls_loses_the_focus(browser_page, keyboard):
    show(browser_page, f"{HEAD}</head><body><p>Nothing to do here</p></body></html>")

    with pytest.raises(AssertionError, match="focus is lost"):
        keyboard.tab_to("Sign")


def test_a_pointer_is_noticed(browser_page):
    show(browser_page, FORM)

    browser_page.click("button")

    assert browser_page.watch.pointer_presses == 1


def test_a_key_on_a_button_is_no_pointer(browser_page, keyboard):
    show(browser_page, FORM)

    keyboard.activate("Save the patient", key="Space")

    assert browser_page.watch.pointer_presses == 0


def test_axe_names_the_field_without_a_label(browser_page):
    show(browser_page, FORM)
    assert axe(browser_page) == []

    show(browser_page, FORM.replace("<h1>", '<input id="bare"><h1>'))
    assert [line.partition(" ")[0] for line in axe(browser_page)] == ["label"]


def test_script_errors_and_other_hosts_are_noticed(browser_page):
    browser_page.watch.allow(".")

    show(
        browser_page,
        f'{HEAD}<script>throw Error("broken")</script><img src="http://127.0.0.1:9/x.gif" alt="">',
    )

    faults = " ".join(browser_page.watch.faults)
    assert "broken" in faults
    assert "request to another host: http://127.0.0.1:9" in faults


def test_inline_script_is_a_content_security_violation(browser_page):
    browser_page.watch.allow("(?i)content.security")

    policy = {"Content-Security-Policy": "script-src 'self'"}
    show(browser_page, f"{HEAD}</head><body onload='alert(1)'></body></html>", **policy)
    browser_page.wait_for_timeout(200)

    assert any(fault.startswith("content security: script-src") for fault in browser_page.watch.faults)


@pytest.mark.parametrize(("status", "is_fault"), [(422, False), (409, False), (404, True), (500, True)])
def test_a_refusal_is_no_fault_but_a_missing_or_broken_page_is(browser_page, status, is_fault):
    browser_page.route("**/answer/", lambda route: route.fulfill(status=status, body=HEAD))
    browser_page.goto("/answer/")

    faults = browser_page.watch.unexpected()
    browser_page.watch.allow(str(status))

    assert bool(faults) is is_fault
