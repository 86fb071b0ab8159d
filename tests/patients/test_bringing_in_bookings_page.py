"""The page that brings the coming visits of another system in, as it brings patients in."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clinic.models import AuditEvent
from patients.models import BroughtFile, Visit
from patients.rules.bringing_in import files
from tests import factories
from tests.statements import BUDGET, data_statements

pytestmark = pytest.mark.django_db

UPLOAD = "/patients/bring-in/"
HEAD = "Patient ID,Start,Duration,Provider,Type\n"
DAY = f"{timezone.localdate() + dt.timedelta(days=30):%m/%d/%Y}"
ROW = f"1001,{DAY} 9:30 AM,45,Maria Lund,Initial evaluation\n"


@pytest.fixture
def desk(lead, signed_in):
    return signed_in(lead)


@pytest.fixture(autouse=True)
def cy(reception, therapist):
    return factories.patient(reception, family_name="Stone", given_name="Cy", external_id="1001")


def upload(client, content: str, *, key: str = "1"):
    file = SimpleUploadedFile("diary.csv", content.encode())
    return client.post(UPLOAD, {"kind": "bookings", "file": file, "form_key": "0" * 31 + key})


def press(client, page: str, verb: str, *, key: str = "2", **typed):
    return client.post(page, {"verb": verb, "form_key": "0" * 31 + key, **typed})


def test_a_file_of_visits_is_looked_at_confirmed_and_booked(desk, cy, therapist, lead):
    page = upload(desk, HEAD + ROW).headers["Location"]

    shown = desk.get(page).content.decode()
    assert "1 visit would be booked." in shown
    assert not Visit.objects.exists()
    assert press(desk, page, "bring").headers["Location"] == UPLOAD

    visit = Visit.objects.get()
    assert (visit.patient, visit.therapist, visit.minutes, visit.kind) == (cy, therapist, 45, "first")
    file = BroughtFile.objects.get()
    assert (file.kind, bytes(file.content), file.written) == ("bookings", b"", 1)
    assert AuditEvent.objects.filter(code="visit.booked", patient_ref=cy.ref, actor=lead).exists()
    assert "1 visit is booked." in desk.get(UPLOAD).content.decode()


def test_its_columns_are_those_of_visits_and_can_be_changed(desk):
    page = upload(desk, HEAD.replace("Start", "Beginn") + ROW).headers["Location"]
    shown = desk.get(page)
    form = shown.context["form"]
    assert [form[name].value() for name in form.fields] == ["external_id", "", "minutes", "therapist", "kind"]
    assert "No column has the day and the time of the visits." in shown.content.decode()

    refused = press(desk, page, "columns", **{"column-0": "external_id", "column-1": "born"})
    assert refused.status_code == 422
    chosen = dict(
        zip(form.fields, ("external_id", "booked_for", "minutes", "therapist", "kind"), strict=True)
    )
    press(desk, page, "columns", key="3", **chosen)

    assert "1 visit would be booked." in desk.get(page).content.decode()


def test_every_fault_stands_by_row_and_column_and_nothing_is_booked(desk):
    wrong = f"9999,{DAY} 9:00 AM,45,Maria Lund,\n1001,5/3/2020 9:00,45,Dr. Who,\n"
    page = upload(desk, HEAD + ROW + wrong).headers["Location"]

    answer = press(desk, page, "bring")

    text = answer.content.decode()
    assert answer.status_code == 422
    for line in ("Row 3, Patient ID: Nobody is registered", "Row 4, Start: ", "Row 4, Provider: "):
        assert line in text
    assert "Book them" not in text
    assert not Visit.objects.exists()


def test_a_taken_time_is_shown_before_it_is_booked_all_the_same(desk):
    page = upload(desk, HEAD + ROW + ROW.replace("9:30", "9:45")).headers["Location"]

    assert "Row 3: Maria has another visit at 9:30 AM to 10:15 AM." in desk.get(page).content.decode()
    press(desk, page, "bring")
    assert Visit.objects.count() == 2


def test_what_is_booked_already_is_left_and_the_same_file_is_refused(desk):
    press(desk, upload(desk, HEAD + ROW).headers["Location"], "bring")

    assert "This very file was brought in" in upload(desk, HEAD + ROW, key="5").content.decode()
    page = upload(desk, HEAD + ROW + ROW.replace("9:30", "11:30"), key="6").headers["Location"]
    assert "1 row is booked already: left as it is." in desk.get(page).content.decode()
    press(desk, page, "bring", key="7")
    assert Visit.objects.count() == 2


def test_a_file_that_a_colleague_brought_in_meanwhile_is_refused(desk, admin, signed_in):
    page, colleague = upload(desk, HEAD + ROW).headers["Location"], signed_in(admin)
    press(colleague, upload(colleague, HEAD + ROW).headers["Location"], "bring")

    response = press(desk, page, "bring")

    assert response.status_code == 422
    assert "This very file was brought in" in response.content.decode()
    assert Visit.objects.count() == 1


def test_it_costs_as_many_statements_as_another_page_however_many_rows_it_has(desk):
    page = upload(desk, HEAD + "".join(ROW.replace("9:30", f"{hour}:30") for hour in range(1, 12)))
    desk.get(page.headers["Location"])

    with data_statements() as asked:
        desk.get(page.headers["Location"])

    assert len(asked) <= BUDGET, "\n".join(asked)


def test_looking_patients_up_by_their_numbers_is_recorded(desk, lead):
    desk.get(upload(desk, HEAD + ROW).headers["Location"])

    assert AuditEvent.objects.filter(code="patient.found", actor=lead).count() == 1


def test_more_rows_than_a_page_takes_lead_to_the_command(desk):
    answer = upload(desk, "Patient ID,Start\n" + "1001,x\n" * (files.PAGE_ROWS + 1))

    assert answer.status_code == 422
    assert "import_bookings FILE.csv" in answer.content.decode()
