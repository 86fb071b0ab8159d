"""Rows and events agree both ways: what was written past the record's own code is named."""

import contextlib
import json

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection, transaction

from clinic import audit
from clinic.audit import coverage, packing, row_check, rows, verification
from clinic.django_internals import writes
from clinic.locks import triggers
from clinic.models import AuditEvent
from patients.models import Patient, QuestionWording
from tests import factories

# the suite creates no test database without it
pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, str]]:
    faults = row_check.faults(verification.ignore_progress)
    return [(fault.where, fault.kind) for fault in faults]


@pytest.fixture
def covered(ada, therapist):
    """Ada, with an event over everything that the fixtures wrote."""
    with transaction.atomic():
        audit.record("patient.changed", ada, by=therapist, patient=ada)
    return ada


def write(statement: str, *values) -> None:
    """As somebody who owns the database and has taken the locks off for a moment."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    triggers.install(connection)


def test_a_new_database_is_covered_whole(db):
    assert found() == []
    assert AuditEvent.objects.filter(code="record.covered").exists()


def test_what_the_product_wrote_is_covered(covered):
    assert found() == []


def test_a_row_that_was_altered_is_named_by_its_reference(covered):
    write("UPDATE patients_patient SET family_name = 'Forged' WHERE id = %s", covered.pk)

    assert found() == [(f"patient {covered.pk} ({covered.ref})", "altered")]


def test_a_part_is_named_by_the_reference_of_what_it_belongs_to(covered, reception):
    screening = factories.screening(covered, reception, answers={"pacemaker": "yes", "willing": "yes"})
    with transaction.atomic():
        audit.record("screening.taken", covered, by=reception, patient=covered)

    forged = "UPDATE patients_screening SET concerns = %s WHERE id = %s"
    write(forged, json.dumps(["pacemaker 1 unknown stop"]), screening.pk)

    assert found() == [(f"answers to health questions {screening.pk} ({covered.ref})", "altered")]


def test_words_of_a_question_that_were_altered_are_named(covered):
    wording = QuestionWording.objects.get(code="pacemaker")

    write("UPDATE patients_questionwording SET text = 'Are you well?' WHERE id = %s", wording.pk)

    assert found() == [(f"question wording {wording.pk}", "altered")]


def test_a_table_that_was_gone_for_a_while_is_covered_anew(covered):
    tables = set(rows.covered_models())
    coverage.cover(tables - {"patients_patient"})
    write("UPDATE patients_patient SET family_name = 'Renamed' WHERE id = %s", covered.pk)

    coverage.cover(tables)

    assert found() == []


def test_rows_of_a_table_that_a_migration_took_are_not_asked_for(covered):
    writes.note(connection, "patients_patient", [covered.pk])

    writes.forget(connection, lambda table: table != "patients_patient")

    assert not writes.is_waiting(connection)
    assert [entry.mac for entry in rows.entries("patients_former", {1: writes.UNREAD}, "key")] == [
        packing.GONE
    ]


def test_a_row_that_was_deleted_is_named_by_its_event(covered):
    write("DELETE FROM patients_patientkey WHERE patient_id = %s", covered.pk)
    write("DELETE FROM patients_patient WHERE id = %s", covered.pk)

    assert (f"patient {covered.pk} ({covered.ref})", "removed") in found()


def test_a_row_that_was_slipped_in_is_named(covered, therapist):
    write("INSERT INTO auth_group (name) VALUES ('forged')")

    assert [kind for _, kind in found()] == ["added"]


def test_an_old_row_that_was_put_back_is_named(covered, therapist):
    before = Patient.objects.values("family_name").get(pk=covered.pk)["family_name"]
    with transaction.atomic():
        covered.family_name = "Newname"
        covered.save(update_fields=["family_name"])
        audit.record("patient.changed", covered, by=therapist, patient=covered)
    assert found() == []

    write("UPDATE patients_patient SET family_name = %s WHERE id = %s", before, covered.pk)

    assert [kind for _, kind in found()] == ["altered"]


def test_a_password_that_was_put_in_is_named(covered, reception):
    write("UPDATE clinic_user SET password = 'x' WHERE id = %s", reception.pk)

    assert found() == [(f"user {reception.pk} (reception)", "altered")]


def test_bulk_writes_are_covered(covered, therapist):
    with transaction.atomic():
        Patient.objects.filter(pk=covered.pk).update(family_name="Other")
        audit.record("patient.changed", covered, by=therapist, patient=covered)

    assert found() == []


def test_what_a_savepoint_took_back_is_covered_by_the_next(covered, therapist):
    with transaction.atomic():
        Patient.objects.filter(pk=covered.pk).update(family_name="Other")
        with transaction.atomic():
            audit.record("patient.changed", covered, by=therapist, patient=covered)
            transaction.set_rollback(True)
        audit.record("patient.changed", covered, by=therapist, patient=covered)

    assert found() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_a_lost_connection_took_along_is_covered_by_nothing(django_user_model):
    """A row of a transaction that never ended would stand in the next event and be missed for ever."""
    with contextlib.suppress(InterfaceError, OperationalError), transaction.atomic():
        django_user_model.objects.create_user("lost")
        connection.close()

    with transaction.atomic():
        event = audit.record("audit.key_rotated", None, by=None)

    assert not django_user_model.objects.filter(username="lost").exists()
    assert bytes(event.rows) == b""
    assert found() == []


def test_while_tables_are_changed_rows_wait_for_the_end(covered, therapist):
    """An event of a migration reads no row: a column of a later one may be missing."""
    writes.hold(True)
    try:
        with transaction.atomic():
            Patient.objects.filter(pk=covered.pk).update(family_name="Other")
            event = audit.record("record.migrated", None, by=None)
    finally:
        writes.hold(False)
    assert bytes(event.rows) == b""

    audit.file_written()

    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_migrating_holds_rows_back_until_its_end(monkeypatch):
    calls = []
    monkeypatch.setattr(writes, "hold", calls.append)

    call_command("migrate", verbosity=0)

    assert calls == [True, False]
    assert found() == []
