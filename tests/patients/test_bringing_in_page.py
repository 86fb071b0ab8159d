"""The page that brings patients in: upload, columns and what would be done, confirmed or taken away."""

import datetime as dt
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinic.models import AuditEvent
from patients.models import BroughtFile, Patient
from patients.rules.bringing_in import files
from tests import factories

pytestmark = pytest.mark.django_db

UPLOAD = "/patients/bring-in/"
ADA = "Last,First,DOB,Phone\nExamplewood,Ada,7/9/1985,(217) 555-0123\n"
KEY = "0" * 31


@pytest.fixture
def desk(lead, signed_in):
    return signed_in(lead)


def upload(client, content: str | bytes = ADA, *, kind: str = "patients", key: str = "1"):
    file = SimpleUploadedFile("old.csv", content.encode() if isinstance(content, str) else content)
    return client.post(UPLOAD, {"kind": kind, "file": file, "form_key": KEY + key})


def uploaded(client, content: str = ADA, **more) -> str:
    """The page of the file."""
    return upload(client, content, **more).headers["Location"]


def press(client, page: str, verb: str, *, key: str = "2", **typed):
    return client.post(page, {"verb": verb, "form_key": KEY + key, **typed})


def test_a_file_is_looked_at_confirmed_and_registered(desk):
    page = uploaded(desk)
    shown = desk.get(page)

    assert "1 patient would be registered." in shown.content.decode()
    assert not Patient.objects.exists()
    done = press(desk, page, "bring")
    assert done.headers["Location"] == reverse("patients:bring-in")
    assert Patient.objects.get().listed_name == "Examplewood, Ada"
    file = BroughtFile.objects.get()
    assert (bytes(file.content), file.written) == (b"", 1)
    assert desk.get(page).status_code == 404


def test_the_guess_is_shown_and_can_be_changed(desk):
    page = uploaded(desk, "Last,First,DOB,Fone\nExamplewood,Ada,7/9/1985,(217) 555-0123\n")
    shown = desk.get(page)
    form = shown.context["form"]
    assert [form[name].value() for name in form.fields] == ["family_name", "given_name", "born", ""]
    assert "(217) 555-0123" in shown.content.decode()

    chosen = dict(zip(form.fields, ("family_name", "given_name", "born", "phone"), strict=True))
    assert press(desk, page, "columns", **chosen).headers["Location"] == page
    press(desk, page, "bring", key="3")

    assert Patient.objects.get().phone == "(217) 555-0123"


def test_columns_that_make_no_patient_are_refused_and_kept_as_they_were(desk):
    page = uploaded(desk)

    response = press(desk, page, "columns", **{"column-0": "born", "column-1": "born"})

    assert response.status_code == 422
    assert "Two columns are" in response.content.decode()
    assert BroughtFile.objects.get().mapping == ["family_name", "given_name", "born", "phone"]


def test_faults_stand_on_the_page_and_nothing_is_saved(desk):
    page = uploaded(desk, ADA + "Stone,Cid,2/29/2023,\n")

    response = press(desk, page, "bring")

    text = response.content.decode()
    assert response.status_code == 422
    assert "Row 3, DOB: There is no February 29 in 2023." in text
    assert "Register them" not in text
    assert not Patient.objects.exists()


def test_a_row_with_a_fault_is_not_listed_as_one_that_would_be_saved(desk, lead):
    factories.patient(lead, family_name="Examplewood", given_name="Ada", born=dt.date(1985, 7, 9))
    page = uploaded(desk, ADA)

    text = desk.get(page).content.decode()

    assert "Row 2: Name and birth date are those of" in text
    assert "Likely the same person" not in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file is empty"),
        (b"PK\x03\x04....", "workbook"),
        (b"Last,First,DOB\n", "no row below"),
        (b"x" * (files.PAGE_BYTES + 1), "larger than 4 MB"),
        (b"Last,DOB\n" + b"a,1\n" * (files.PAGE_ROWS + 1), "import_patients"),
    ],
)
def test_a_file_that_the_page_cannot_take_is_refused_with_a_sentence(desk, content, words):
    response = upload(desk, content)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not BroughtFile.objects.exists()


def test_no_file_is_a_sentence_at_its_field(desk):
    response = desk.post(UPLOAD, {"kind": "patients", "form_key": KEY + "1"})

    assert (response.status_code, response.context["form"].errors["file"]) == (422, ["Choose the file."])


def test_the_same_file_again_says_so(desk):
    press(desk, uploaded(desk), "bring")

    response = upload(desk, key="5")

    assert response.status_code == 422
    assert "This very file was brought in" in response.content.decode()


def test_what_was_uploaded_can_be_taken_away_and_leaves_nothing_of_it(desk):
    page = uploaded(desk)

    assert press(desk, page, "away").headers["Location"] == UPLOAD
    assert bytes(BroughtFile.objects.get().content) == b""
    assert AuditEvent.objects.filter(code="brought_file.taken_away").exists()


def test_another_upload_takes_the_former_away(desk):
    former = uploaded(desk)
    upload(desk, ADA + "Stone,Cid,2/28/2023,\n", key="7")

    assert desk.get(former).status_code == 404
    assert BroughtFile.objects.filter(ended_at=None).count() == 1


def test_with_one_form_key_another_file_is_no_repetition(desk):
    """Back in the browser, another file chosen: it is not answered with the first one's page."""
    upload(desk)

    assert upload(desk, ADA + "Stone,Cid,2/28/2023,\n").status_code == 409


def test_a_colleagues_file_is_not_there(desk, admin, signed_in):
    assert signed_in(admin).get(uploaded(desk)).status_code == 404


def test_a_file_that_a_colleague_brought_in_meanwhile_is_refused(desk, admin, signed_in):
    """Its numbers stand, so that no row of it is a fault by now."""
    content = "Chart #,Last,First,DOB\nA-1,Examplewood,Ada,7/9/1985\n"
    page, colleague = uploaded(desk, content), signed_in(admin)
    press(colleague, uploaded(colleague, content), "bring")

    response = press(desk, page, "bring")

    assert response.status_code == 422
    assert "This very file was brought in" in response.content.decode()
    assert BroughtFile.objects.filter(written__gt=0).count() == 1


def test_pressed_twice_it_registers_once(desk):
    page = uploaded(desk)

    answers = [press(desk, page, "bring") for _ in range(2)]

    assert Patient.objects.count() == 1
    assert answers[1].status_code in (302, 404)


def test_a_restricted_record_that_a_file_names_is_recorded(desk, lead, reception):
    ada = factories.patient(reception, family_name="Examplewood", given_name="Ada", born="1985-07-09")
    Patient.objects.filter(pk=ada.pk).update(restricted_at=ada.registered_at, restricted_by=reception)

    text = desk.get(uploaded(desk)).content.decode()

    assert f"Name and birth date are those of {ada.ref}" in text
    assert AuditEvent.objects.filter(code="restriction.found", patient_ref=ada.ref, actor=lead).exists()


def test_the_file_is_kept_compressed_while_it_waits(desk):
    upload(desk)

    assert zlib.decompress(bytes(BroughtFile.objects.get().content)).decode() == ADA
