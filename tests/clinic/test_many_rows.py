"""Many rows in one statement are what the ORM would have written, and the audit knows of each."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from clinic import audit
from clinic.audit import row_check, verification
from clinic.django_internals import many_rows
from patients.models import PatientKey

pytestmark = pytest.mark.django_db

COLUMNS = ("patient_id", "kind", "value")
VALUES = ["plain", "o'brien", 'a "b", {c}', "back\\slash", "Ивано́в", "%s %% \t\n", "", "null"]


def insert(patient, values) -> None:
    many_rows.insert(connection, PatientKey, COLUMNS, [(patient.pk, "former", value) for value in values])


def stored(patient) -> list[str]:
    return [
        *PatientKey.objects.filter(patient=patient, kind="former")
        .order_by("pk")
        .values_list("value", flat=True)
    ]


def test_every_text_stands_as_it_was_given_and_in_its_order(ada):
    insert(ada, VALUES)

    assert stored(ada) == VALUES


def test_no_rows_are_no_statement(ada, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert(ada, [])


def test_the_next_event_answers_for_each_of_them(ada, therapist):
    with transaction.atomic():
        insert(ada, VALUES)
        audit.record("patient.changed", ada, by=therapist, patient=ada)

    assert [*row_check.faults(verification.ignore_progress)] == []


def test_what_the_columns_refuse_is_refused(ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(ada, ["twice", "twice"])
    if connection.vendor == "postgresql":
        with pytest.raises(DataError), transaction.atomic():
            insert(ada, ["x" * 81])

    assert stored(ada) == []
