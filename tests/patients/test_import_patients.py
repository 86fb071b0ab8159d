"""manage.py import_patients: all of a file or nobody, as registering would have done it, and nobody twice."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinic import audit
from clinic.audit import row_check, verification
from clinic.models import AuditEvent
from clinic.rules import csv_import
from clinic.values.errors import RuleViolation
from patients.actions import patients
from patients.actions.bringing_in import patients as bringing_in
from patients.actions.bringing_in.files import FileFacts
from patients.forms.bringing_in import people
from patients.forms.patients import PatientForm
from patients.models import BroughtFile, Coverage, Patient, PatientKey
from patients.rules.bringing_in import columns
from tests import factories

pytestmark = pytest.mark.django_db

HEAD = "Chart #,Last Name,First Name,DOB,Sex,Cell,E-mail,Street,City,State,ZIP,Insurance,Policy #,Notes"
ADA = (
    '1001,Examplewood,Ada,7/9/1985,F,(217) 555-0123,Ada@Example.org,"12 Main St, Apt 4",Springfield,'
    "Illinois,62701,Medicare,1EG4,Prefers mornings"
)
JOSE = "1002,O'Brien 3rd,José,1984-03-05,M,,,PSC 3 Box 4120,APO,AE,09021,,,"
FAULTS = {
    "1003,Stone,Cid,2/29/2023,M,,,,,,,,,": ("DOB", "There is no February 29 in 2023."),
    "1004,Stone,Dan,,M,,,,,,,,,": ("DOB", "Enter the birth date"),
    "1005,,,1/2/1980,M,,,,,,,,,": ("Last Name", "Enter a last name or a first name."),
    "1006,Stone,Eve,1/2/1980,?,,,,,,,,,": ("Sex", "not offered"),
    "1007,Stone,Fay,1/2/1980,F,555 014 663,,,,,,,,": ("Cell", "9 digits found"),
    "1008,Stone,Gus,1/2/1980,M,,nobody,,,,,,,": ("E-mail", "not a whole email address"),
    "1009,Stone,Hal,1/2/1980,M,,,,,QQ,,,,": ("State", "two letters"),
    f"1010,Stone,Ida,1/2/1980,F,,,,,,,,,{'x' * 501}": ("Notes", "501 characters are too many"),
    "1011,Stone,Jim,1/2/1980,M,,,12 Main St,Apt 4,Springfield,IL,62701,a,b,c,d": (
        "",
        "needs quotation marks",
    ),
}


@pytest.fixture
def file(tmp_path):
    def write(*rows: str, head: str = HEAD, encoding: str = "utf-8"):
        path = tmp_path / "patients.csv"
        path.write_bytes("\r\n".join([head, *rows, ""]).encode(encoding))
        return path

    return write


def run(path, *options: str, by: str = "lead") -> str:
    out = io.StringIO()
    call_command("import_patients", path, *options, f"--by={by}", stdout=out)
    return out.getvalue()


def refused(path, *options: str, by: str = "lead") -> str:
    with pytest.raises(CommandError) as error:
        run(path, *options, by=by)
    return str(error.value)


def test_the_people_of_a_file_are_registered(lead, file):
    audit.file_written()

    said = run(file(ADA, JOSE))

    ada, jose = Patient.objects.order_by("external_id")
    assert "2 patients are registered." in said
    assert (ada.listed_name, ada.sex, ada.state) == ("Examplewood, Ada", "female", "IL")
    assert (ada.phone, ada.phone_key, ada.note) == ("(217) 555-0123", "+12175550123", "Prefers mornings")
    assert (jose.listed_name, jose.state, jose.may_call) == ("O'Brien 3rd, José", "AE", True)
    coverage = Coverage.objects.get()
    assert (coverage.patient, coverage.kind, coverage.member_id) == (ada, "medicare", "1EG4")
    assert [*verification.chain_faults(), *row_check.faults(verification.ignore_progress)] == []


def test_a_brought_patient_is_as_if_registered_at_the_desk(lead, file):
    """The same values, keys and events, whichever way somebody came."""
    run(file(ADA))
    brought = Patient.objects.get()
    form = PatientForm(
        {
            "family_name": "Examplewood", "given_name": "Ada", "born": "7/9/1985", "sex": "female",
            "phone": "(217) 555-0123", "email": "Ada@Example.org", "address": "12 Main St, Apt 4",
            "city": "Springfield", "state": "IL", "postal_code": "62701", "external_id": "1001",
            "note": "Prefers mornings", "may_call": "on",
        }
    )  # fmt: skip
    assert form.is_valid()
    registered = patients.register(by=lead, **form.details)

    differing = {"id", "ref", "registered_at"}
    names = [field.attname for field in Patient._meta.concrete_fields if field.attname not in differing]
    assert {name: getattr(brought, name) for name in names} == {
        name: getattr(registered, name) for name in names
    }
    keys = [
        set(PatientKey.objects.filter(patient=one).values_list("kind", "value"))
        for one in (brought, registered)
    ]
    assert keys[0] == keys[1]
    events = AuditEvent.objects.filter(code="patient.registered").order_by("seq")
    assert [event.patient_ref for event in events] == [brought.ref, registered.ref]
    assert {(event.object_kind, event.actor_id) for event in events} == {("patients.patient", lead.pk)}


def test_every_fault_is_named_by_row_and_column_and_nothing_is_saved(lead, file):
    said = refused(file(ADA, *FAULTS))

    for row, (column, message) in enumerate(FAULTS.values(), start=3):
        where = f"Row {row}, {column}: " if column else f"Row {row}: "
        [line] = [line for line in said.splitlines() if line.startswith(where)]
        assert message in line
    assert "9 faults in 9 of 10 rows" in said
    assert not Patient.objects.exists()
    assert not BroughtFile.objects.exists()


def test_a_fault_of_the_last_chunk_leaves_nothing(lead, file, monkeypatch):
    """All in one transaction: what fails at the end takes everything back."""
    monkeypatch.setattr(bringing_in, "CHUNK", 1)
    monkeypatch.setattr(bringing_in.files, "finish", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        run(file(ADA, JOSE))

    assert not Patient.objects.exists()
    assert not AuditEvent.objects.filter(code="patient.registered").exists()


def test_a_dry_run_says_what_would_be_and_saves_nothing(lead, file):
    said = run(file(ADA, JOSE), "--dry-run")

    assert "Last Name: Last name (family_name)" in said
    assert "2 patients would be registered" in said
    assert not Patient.objects.exists()


def test_the_same_file_again_registers_nobody_and_says_so(lead, file):
    path = file(ADA, JOSE)
    run(path)

    assert "This very file was brought in" in refused(path)
    assert Patient.objects.count() == 2


def test_a_longer_file_brings_only_who_is_new(lead, file):
    run(file(ADA))

    said = run(file(ADA, JOSE))

    assert "1 row is somebody who is registered with this number" in said
    assert "1 patient is registered." in said
    assert Patient.objects.count() == 2


def test_somebody_registered_is_not_registered_again_without_a_reason(lead, reception, file):
    ada = factories.patient(reception, family_name="Examplewood", given_name="Ada", born="1985-07-09")
    head = "Last Name,First Name,DOB,apart_reason"

    said = refused(file("Examplewood,Ada,7/9/1985,", head=head))
    assert f"Row 2: Name and birth date are those of {ada.ref}" in said
    run(file("Examplewood,Ada,7/9/1985,Twin with another ID card", head=head))

    event = AuditEvent.objects.get(code="patient.kept_apart")
    assert (event.changes, event.reason) == ({"kept_apart_from": ["", ada.ref]}, "Twin with another ID card")


def test_somebody_likely_registered_is_told(lead, reception, file):
    ada = factories.patient(
        reception, family_name="Examplewood", given_name="Ada", born="1985-07-09", phone="217 555 0123"
    )

    said = run(file(ADA.replace("Examplewood", "Exampelwood")), "--dry-run")

    assert f"Row 2 is likely {ada.ref}: " in said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_letters_with_marks_arrive_in_any_encoding(lead, file, encoding):
    run(file(JOSE, encoding=encoding))

    assert Patient.objects.get().given_name == "José"


def test_a_column_can_be_chosen_otherwise(lead, file):
    head = HEAD.replace("Notes", "Fax").replace("Cell", "Fone")

    said = run(file(ADA, head=head), "--column", "Fone=phone", "--column", "City=")

    ada = Patient.objects.get()
    assert "Fax: left out" in said
    assert (ada.phone, ada.city, ada.note) == ("(217) 555-0123", "", "")
    assert "no column “Fox”" in refused(file(JOSE, head=head), "--column", "Fox=phone")


@pytest.mark.parametrize("by", ["reception", "nobody-of-this-name"])
def test_only_a_lead_or_an_administrator_brings_in(lead, reception, file, by):
    assert "Nothing was saved." in refused(file(ADA), by=by)
    assert not Patient.objects.exists()


def test_a_file_without_birth_dates_is_refused_before_its_rows(lead, file):
    said = refused(file("Wood,Ada", head="Last,First"))

    assert "No column has the dates of birth" in said
    assert "Row" not in said


def test_who_was_registered_meanwhile_refuses_the_whole_file(lead, reception, file):
    """The dry run compared with a record that has changed since."""
    path = file(ADA, JOSE)
    table = csv_import.table(path.read_bytes())
    mapping = columns.guess(table.head, columns.PATIENTS)
    rows, faults = people.read_patients(table, mapping)
    factories.patient(reception, family_name="Examplewood", given_name="Ada", born="1985-07-09")

    with pytest.raises(RuleViolation) as refused_:
        bringing_in.bring_in(rows, by=lead, file=FileFacts("patients", "x.csv", "00", mapping))

    assert (faults, refused_.value.codes) == ([], {"same-person"})
    assert Patient.objects.count() == 1


@pytest.fixture
def joined(lead):
    """Whoever was registered as Ada Examplewood, number 1001, and is now under another name."""
    standing = factories.patient(lead, family_name="Marbleton", given_name="Adele", external_id="7")
    factories.patient(
        lead, family_name="Examplewood", given_name="Ada", born=dt.date(1985, 7, 9), external_id="1001",
        merged_into=standing, merged_at=timezone.now(), merged_by=lead,
    )  # fmt: skip
    return standing


def test_the_old_name_of_a_merged_record_is_the_person_of_the_one_that_stands(joined, lead, file):
    old = Patient.objects.get(merged_into=joined)

    said = refused(file(ADA.replace("1001", "2002")))

    assert f"{joined.ref} (registered before as {old.ref})" in said
    assert Patient.objects.count() == 2


def test_the_old_number_of_a_merged_record_stands_already(joined, lead, file):
    audit.file_written()

    said = run(file(ADA, JOSE))

    assert "1 row is somebody who is registered with this number" in said
    assert Patient.objects.filter(external_id="1001").count() == 1


def test_a_number_that_both_have_is_that_of_the_record_that_stands(joined, lead, file):
    audit.file_written()
    Patient.objects.filter(pk=joined.pk).update(external_id="1001", born=dt.date(1985, 7, 9))
    patients.change(joined, by=lead, family_name="Marbleton")

    said = run(file(ADA.replace("Examplewood,Ada", "Marbleton,Adele"), JOSE))

    assert "1 row is somebody who is registered with this number" in said
    assert "1 patient is registered." in said
