"""Two codes that exclude each other: the page asks which one holds, with everything that was typed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from patients.actions import conditions
from patients.models import Condition, PatientCondition
from tests.browser import network
from tests.browser.accessibility import axe


@pytest.fixture
def back_pain(ada, therapist):
    condition = Condition.objects.get(code="low-back-pain")
    (row,) = conditions.record(ada, by=therapist, condition=condition, side="both")
    return row


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_page_asks_which_one_holds(open_page, therapist, ada, back_pain, width, scheme):
    page = open_page(user=therapist, width=width, scheme=scheme)
    page.goto(reverse("patients:condition-add", args=[ada.ref]))
    page.get_by_role("combobox", name="Condition").fill("lumbar strain")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Strain of muscle, fascia and tendon of lower back").check()
    page.get_by_role("radio", name="Both sides").check()
    page.get_by_role("radio", name="Healing or recovery").check()
    page.get_by_label("Goal").fill("lift the child")
    page.get_by_role("button", name="Record").click()

    expect(page.get_by_role("radio", name="Both; they have nothing to do with each other")).to_be_visible()
    expect(page.get_by_label("Goal")).to_have_value("lift the child")
    network.settle(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("radio", name="Both; they have nothing to do with each other").check()
    page.get_by_label("Why both hold").fill("Lifted a box on Monday.")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("holds beside M54.50: Lifted a box on Monday.")).to_be_visible()
    assert PatientCondition.objects.open().count() == 2
