"""manage.py import_bookings: the coming visits of a file, matched with patients, therapists and places."""

import datetime as dt
import io
import zoneinfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinic.models import AuditEvent, Location
from patients.actions.bringing_in import bookings
from patients.models import Patient, Visit
from tests import factories

pytestmark = pytest.mark.django_db

HEAD = "Patient ID,Start,Duration,Provider,Type,Notes"
DAY = f"{timezone.localdate() + dt.timedelta(days=30):%m/%d/%Y}"


@pytest.fixture
def cy(reception, therapist):
    return factories.patient(reception, family_name="Stone", given_name="Cy", external_id="1001")


@pytest.fixture
def file(tmp_path):
    def write(*rows: str, head: str = HEAD):
        path = tmp_path / "bookings.csv"
        path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        return path

    return write


def run(path, *options: str) -> str:
    out = io.StringIO()
    call_command("import_bookings", path, *options, "--by=lead", stdout=out)
    return out.getvalue()


def refused(path) -> str:
    with pytest.raises(CommandError) as error:
        run(path)
    return str(error.value)


def test_a_booking_is_matched_by_the_number_of_the_other_system(lead, cy, therapist, file):
    said = run(file(f"1001,{DAY} 9:30 AM,45,Maria Lund,Initial evaluation,Parks in the yard"))

    visit = Visit.objects.get()
    assert "1 visit is booked." in said
    assert (visit.patient, visit.therapist, visit.minutes, visit.kind) == (cy, therapist, 45, "first")
    assert f"{timezone.localtime(visit.booked_for):%m/%d/%Y %H:%M}" == f"{DAY} 09:30"
    assert AuditEvent.objects.filter(code="visit.booked", patient_ref=cy.ref).count() == 1


def test_day_and_time_may_be_apart_and_the_reference_names_the_patient(lead, cy, therapist, file):
    run(file(f"{cy.ref},{DAY} 00:00:00,14:00:00", head="Reference,Date,Time"))

    visit = Visit.objects.get()
    assert (visit.patient, timezone.localtime(visit.booked_for).hour) == (cy, 14)


def test_times_are_those_of_the_place(lead, cy, therapist, file):
    Location.objects.update(time_zone="Pacific/Honolulu")

    run(file(f"1001,{DAY} 9:30 AM,,,,"))

    at = Visit.objects.get().booked_for.astimezone(zoneinfo.ZoneInfo("Pacific/Honolulu"))
    assert (at.hour, at.minute) == (9, 30)


@pytest.mark.parametrize(
    ("row", "where", "message"),
    [
        ("9999,{day} 9:00,30,therapist,,", "Row 2, Patient ID", "Nobody is registered"),
        (",{day} 9:00,30,therapist,,", "Row 2, Patient ID", "whose visit"),
        ("1001,5/3/2020 9:00,30,therapist,,", "Row 2, Start", "has passed"),
        ("1001,soon,30,therapist,,", "Row 2, Start", "Write a day and a time"),
        ("1001,{day} 9:00,900,therapist,,", "Row 2, Duration", "480 minutes"),
        ("1001,{day} 9:00,30,Dr. Who,,", "Row 2, Provider", "Maria Lund"),
        ("1001,{day} 9:00,30,therapist,Massage,", "Row 2, Type", "not offered"),
    ],
)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_booked(lead, cy, file, row, where, message):
    said = refused(file(row.format(day=DAY), f"1001,{DAY} 10:00,30,therapist,,"))

    [line] = [line for line in said.splitlines() if line.startswith(where)]
    assert message in line
    assert not Visit.objects.exists()


def test_a_patient_who_died_is_not_booked(lead, reception, therapist, file):
    factories.patient(reception, external_id="1001", deceased_on=timezone.localdate())

    assert "has died" in refused(file(f"1001,{DAY} 9:00,30,therapist,,"))


def test_what_is_booked_already_is_left_and_the_same_file_says_so(lead, cy, file):
    path = file(f"1001,{DAY} 9:00,30,therapist,,")
    run(path)

    assert "This very file" in refused(path)
    said = run(file(f"1001,{DAY} 9:00,30,therapist,,", f"1001,{DAY} 11:00,30,therapist,,"))
    assert "1 row is booked already" in said
    assert Visit.objects.count() == 2


def test_a_double_booking_is_told_and_kept(lead, reception, cy, file):
    factories.patient(reception, family_name="Wood", external_id="1002")

    said = run(file(f"1001,{DAY} 9:00,30,therapist,,", f"1002,{DAY} 9:15,30,therapist,,"))

    assert "Row 3: Maria has another visit at 9:00 AM to 9:30 AM." in said
    assert Visit.objects.count() == 2


def test_one_visit_twice_in_the_file_is_a_fault(lead, cy, file):
    said = refused(file(*[f"1001,{DAY} 9:00,30,therapist,,"] * 2))

    assert "Row 3: Row 2 books this patient for the same time." in said


def test_a_fault_of_the_last_chunk_leaves_nothing(lead, cy, file, monkeypatch):
    monkeypatch.setattr(bookings, "CHUNK", 1)
    monkeypatch.setattr(bookings.files, "finish", lambda *args, **more: 1 / 0)
    path = file(f"1001,{DAY} 9:00,30,therapist,,", f"1001,{DAY} 10:00,30,therapist,,")

    with pytest.raises(ZeroDivisionError):
        run(path)

    assert not Visit.objects.exists()
    assert not AuditEvent.objects.filter(code="visit.booked").exists()


def test_who_was_merged_while_the_file_was_read_is_not_booked(lead, cy, reception, file, monkeypatch):
    standing, locked = factories.patient(reception), bookings.practice.locked

    def merge_first():
        Patient.objects.filter(pk=cy.pk).update(
            merged_into=standing, merged_at=timezone.now(), merged_by=lead
        )
        return locked()

    monkeypatch.setattr(bookings.practice, "locked", merge_first)

    assert "merged, or closed to you, meanwhile" in refused(file(f"1001,{DAY} 9:30 AM"))
    assert not Visit.objects.exists()


def test_a_dry_run_books_nothing(lead, cy, file):
    assert "1 visit would be booked" in run(file(f"1001,{DAY} 9:00,30,therapist,,"), "--dry-run")
    assert not Visit.objects.exists()
