"""Files of another system are brought in by keyboard on a phone: columns chosen, faults read, corrected."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from patients.models import Patient, Visit
from tests import factories
from tests.browser.accessibility import axe

PAGE = "/patients/bring-in/"
WIDTHS = (320, 390)
HEAD = "Last,First,DOB,Fone\n"
ADA, CY = "Filewood,Ada,7/9/1985,(217) 555-0123\n", "Stone-Applethwaite,Cy,{born},(217) 555-0146\n"


def choose_file(page, content: str) -> None:
    """The dialog in which a file is chosen is the system's."""
    file = {"name": "patients of the old system.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("CSV file of the old system").set_input_files(file)


def assert_fits_and_is_accessible(page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), width
    assert axe(page) == []


@pytest.fixture
def phone(open_page, lead, keyboard_for):
    page = open_page(width=390, height=844, user=lead)
    page.goto(PAGE)
    return page, keyboard_for(page)


def test_columns_are_chosen_faults_corrected_and_everybody_is_registered(phone):
    page, keyboard = phone
    choose_file(page, HEAD + ADA + CY.format(born="2/30/1980"))
    assert_fits_and_is_accessible(page)
    keyboard.go("Look at the file")
    expect(page.get_by_text("Row 3, DOB: There is no February 30")).to_be_visible()
    expect(page.get_by_role("button", name="Register them")).to_have_count(0)

    keyboard.tab_to("Fone")
    keyboard.type("Cell")
    keyboard.go("Use these columns")
    expect(page.get_by_label("Fone")).to_have_value("phone")
    assert_fits_and_is_accessible(page)
    keyboard.go("Take the file away")
    assert not Patient.objects.exists()

    choose_file(page, HEAD.replace("Fone", "Cell") + ADA + CY.format(born="2/28/1980"))
    keyboard.go("Look at the file")
    expect(page.get_by_text("2 patients would be registered.")).to_be_visible()
    assert_fits_and_is_accessible(page)
    keyboard.go("Register them")
    expect(page.get_by_text("2 patients are registered.")).to_be_visible()

    assert {patient.phone for patient in Patient.objects.all()} == {"(217) 555-0123", "(217) 555-0146"}


def test_visits_are_booked_by_keyboard(phone, reception, therapist):
    factories.patient(reception, family_name="Stone", given_name="Cy", external_id="1001")
    day = f"{timezone.localdate() + dt.timedelta(days=30):%m/%d/%Y}"
    page, keyboard = phone
    keyboard.tab_to("Patients")
    keyboard.press("ArrowRight")
    choose_file(page, f"Patient ID,Start,Provider\n1001,{day} 9:30 AM,Maria Lund\n")
    keyboard.go("Look at the file")
    expect(page.get_by_text("1 visit would be booked.")).to_be_visible()
    assert_fits_and_is_accessible(page)
    keyboard.go("Book them")
    expect(page.get_by_text("1 visit is booked.")).to_be_visible()

    assert Visit.objects.get().therapist == therapist
