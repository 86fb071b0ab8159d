"""Forms of the desk and of the tablet keep input when the network fails or the sign-in ends."""

import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clinic.models import HeldForm, Practice
from patients.actions import patients
from patients.models import Handover, Patient
from tests import factories
from tests.browser import network
from tests.browser.accessibility import axe
from tests.treatments import notes

NO_CONNECTION = "No connection, so nothing was sent. What you wrote stays on this page"


@pytest.fixture
def desk(open_page, reception):
    """The registration form, filled in but not submitted."""
    page = open_page(user=reception)
    page.goto(reverse("patients:register"))
    page.get_by_label("Last name", exact=True).fill("Keptwood")
    page.get_by_label("First name", exact=True).fill("Kim")
    page.locator("#id_born").fill("3/5/1984")
    return page


def registered_names():
    return list(Patient.objects.filter(family_name="Keptwood").values_list("given_name", flat=True))


def test_a_patient_is_registered_although_the_sign_in_ended_meanwhile(desk):
    Session.objects.all().delete()
    desk.get_by_role("button", name="Register only").press("Enter")
    expect(desk.get_by_role("heading", name="Sign in again")).to_be_visible()
    assert registered_names() == []

    desk.locator("#lock-password").fill(factories.PASSWORD)
    with desk.expect_navigation():
        desk.keyboard.press("Enter")

    assert registered_names() == ["Kim"]
    expect(desk.get_by_text("Keptwood").first).to_be_visible()


def test_a_patient_is_registered_once_although_the_network_was_cut(desk):
    network.disconnect(desk)
    desk.get_by_role("button", name="Register only").press("Enter")
    expect(desk.locator("[data-unsent]")).to_contain_text(NO_CONNECTION)
    expect(desk.get_by_label("Last name", exact=True)).to_have_value("Keptwood")

    network.reconnect(desk)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Register only").dblclick()

    assert registered_names() == ["Kim"]


@pytest.fixture
def tablet(open_page, ada, reception, therapist):
    """The tablet on its first page of health questions."""
    factories.visit(ada, therapist)
    page = open_page(user=reception, width=1180, height=820)
    page.goto(f"{reverse('patients:screening-hand-over', args=[ada.ref])}?kind=intake")
    page.get_by_role("button", name="Sign me out and hand over").press("Enter")
    page.wait_for_url(re.compile("/handover/1/$"))
    return page


def answer_page(page):
    for question in page.locator("[data-question]").all():
        question.get_by_role("radio", name="No", exact=True).check(force=True)


def noes() -> int:
    """How many questions are answered with no, as the server has them."""
    return list(Handover.objects.get().draft.values()).count("no")


def test_a_patients_answers_survive_a_reload(tablet):
    questions = tablet.locator("[data-question]").count()
    answer_page(tablet)
    # they are held in several requests where the tablet is slow
    assert network.eventually(tablet, lambda: noes() == questions)
    tablet.reload()

    expect(tablet.locator("[data-question] input[value=no]:checked")).to_have_count(questions)


def test_a_patients_answers_wait_for_the_network(tablet):
    answer_page(tablet)
    network.disconnect(tablet)
    tablet.get_by_role("button", name="Continue").press("Enter")
    expect(tablet.locator("[data-unsent]")).to_contain_text(NO_CONNECTION)
    questions = tablet.locator("[data-question]").count()
    assert tablet.locator("[data-question] input[value=no]:checked").count() == questions

    network.reconnect(tablet)
    tablet.get_by_role("button", name="Continue").press("Enter")
    tablet.wait_for_url(re.compile("/handover/2/$"))
    assert noes() == questions


ADDENDUM = "The patient rang: sore for two days, then well."


@pytest.fixture
def note(draft):
    return notes.signed(draft)


def test_an_addendum_that_was_begun_stands_again_after_its_tab_died(open_page, note, therapist):
    page = open_page(user=therapist)
    there = reverse("treatments:addendum", args=[note.ref])
    page.goto(there)
    page.locator("textarea[name=text]").press_sequentially(ADDENDUM)
    assert network.eventually(
        page, lambda: HeldForm.objects.filter(page=there, texts__text=ADDENDUM).exists()
    )

    another = page.context.new_page()
    another.watch = page.watch
    page.close()
    another.goto(there)

    expect(another.locator("textarea[name=text]")).to_have_value(ADDENDUM)
    expect(another.locator("[data-begun-said]")).to_contain_text("Not sent yet (started ")
    assert axe(another) == []
    another.get_by_role("button", name="Discard").press("Enter")
    expect(another.locator("textarea[name=text]")).to_have_value("")
    assert network.eventually(another, lambda: not HeldForm.objects.exists())


def test_what_was_begun_earlier_and_is_sent_as_it_stands_is_begun_no_more(open_page, note, therapist):
    there = reverse("treatments:addendum", args=[note.ref])
    HeldForm.objects.create(
        user=therapist, page=there, form_key=uuid.uuid4(), written_at=timezone.now(),
        texts={"kind:addendum": "true", "reason": "Rang", "text": ADDENDUM},
    )  # fmt: skip
    page = open_page(user=therapist)
    page.goto(there)
    expect(page.locator("textarea[name=text]")).to_have_value(ADDENDUM)

    page.keyboard.press("Control+Enter")

    page.wait_for_url(f"**{note.get_absolute_url()}")
    assert note.addenda.get().text == ADDENDUM
    assert not HeldForm.objects.exists()


def test_what_came_back_refused_stands_again_whole_after_its_tab_died(open_page, note, therapist):
    page = open_page(user=therapist)
    there = reverse("treatments:addendum", args=[note.ref])
    page.goto(there)
    page.locator("textarea[name=text]").press_sequentially(ADDENDUM)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.locator("[name=reason]").press_sequentially("Rang")
    held = HeldForm.objects.filter(page=there, texts__reason="Rang")
    assert network.eventually(page, held.exists)

    another = page.context.new_page()
    another.watch = page.watch
    page.close()
    another.goto(there)

    expect(another.locator("[name=reason]")).to_have_value("Rang")
    expect(another.locator("textarea[name=text]")).to_have_value(ADDENDUM)


def test_what_is_typed_before_the_page_knows_what_was_begun_is_held(open_page, note, therapist):
    page = open_page(user=therapist)
    there = reverse("treatments:addendum", args=[note.ref])
    answer = network.DelayedAnswer(page, r"/begun/\?")
    page.goto(there)
    answer.wait()
    page.locator("textarea[name=text]").press_sequentially(ADDENDUM)

    answer.release()

    assert network.eventually(
        page, lambda: HeldForm.objects.filter(page=there, texts__text=ADDENDUM).exists()
    )


def test_a_conflict_is_settled_by_keyboard_on_the_page_itself(open_page, ada, reception):
    page = open_page(user=reception)
    page.watch.allow("status of 409")
    page.goto(reverse("patients:edit", args=[ada.ref]))
    patients.change(ada, by=reception, email="ada@example.org")
    page.locator("#id_email").fill("ada@example.com")
    page.locator("#id_phone").fill("(555) 555-0133")
    page.keyboard.press("Control+Enter")

    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("ada@example.org")
    expect(conflict).to_contain_text("ada@example.com")
    expect(page.locator("#id_phone")).to_have_value("(555) 555-0133")
    assert axe(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="Keep what is saved, save the rest").press("Enter")
    ada.refresh_from_db()
    assert (ada.email, ada.phone) == ("ada@example.org", "(555) 555-0133")


def test_a_conflict_of_settings_is_shown_in_the_administration(open_page, admin):
    page = open_page(user=admin)
    page.watch.allow("status of 409")
    page.goto(reverse("admin:clinic_practice_change", args=[1]))
    Practice.objects.filter(pk=1).update(visit_minutes=45)
    page.locator("#id_visit_minutes").fill("20")
    page.locator("input[name=_save]").press("Enter")

    expect(page.locator(".errorlist")).to_contain_text("Somebody else saved “45” here meanwhile")
    assert axe(page) == []
    page.get_by_role("button", name="Save what I typed").press("Enter")
    expect(page.locator(".errorlist")).to_have_count(0)
    assert Practice.objects.get(pk=1).visit_minutes == 20
