"""Forms of the desk and of the tablet keep input when the network fails or the sign-in ends."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from patients.models import Handover, Patient
from tests import factories
from tests.browser import network

NO_CONNECTION = "No connection, so nothing was sent. What you wrote stays on this page"


@pytest.fixture
def desk(open_page, reception):
    """The registration form, filled in but not submitted."""
    page = open_page(user=reception)
    page.goto(reverse("patients:register"))
    page.get_by_label("Family name", exact=True).fill("Keptwood")
    page.get_by_label("Given name", exact=True).fill("Kim")
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
    expect(desk.get_by_label("Family name", exact=True)).to_have_value("Keptwood")

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


def test_a_patients_answers_survive_a_reload(tablet):
    with tablet.expect_response(lambda answer: answer.status == 204):
        answer_page(tablet)
    tablet.reload()

    questions = tablet.locator("[data-question]").count()
    assert tablet.locator("[data-question] input[value=no]:checked").count() == questions


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
    draft = Handover.objects.get().draft
    assert sum(answer == "no" for answer in draft.values()) == questions
