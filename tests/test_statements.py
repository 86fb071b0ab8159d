"""The query budget leaves out transaction control and nothing else, on both engines."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic import audit
from clinic.django_internals import writes
from patients.models import Patient
from tests.statements import CHAIN_LOCK, data_of, data_statements, is_control

pytestmark = pytest.mark.django_db


def test_a_look_is_two_statements_on_both_engines(ada, therapist):
    writes.take(connection)  # what a test without a transaction left waiting is not of this look
    with CaptureQueriesContext(connection) as captured:
        audit.look("patient.opened", ada, by=therapist, patient=ada)

    assert [sql.split()[0] for sql in data_of(captured.captured_queries)] == ["SELECT", "INSERT"]
    locks = [query["sql"] for query in captured if CHAIN_LOCK.match(query["sql"])]
    assert len(locks) == (connection.vendor == "postgresql")


def test_a_lock_that_reads_rows_counts(ada):
    with data_statements() as found, transaction.atomic():
        Patient.objects.select_for_update().get(pk=ada.pk)

    assert len(found) == 1


@pytest.mark.parametrize(
    "sql", ["SELECT 1", "WITH x AS (SELECT 1) SELECT * FROM x", "INSERT INTO t", "PRAGMA"]
)
def test_everything_else_counts(sql):
    assert not is_control(sql)
