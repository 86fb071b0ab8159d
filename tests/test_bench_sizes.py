"""The benchmark tells what each table takes, and projects it."""

import pytest
from django.apps import apps

from bench import sizes
from bench.sizes import TableSize
from clinic.models import AuditEvent

TABLES = [
    TableSize("clinic_auditevent", 2000, 600_000, 400_000),
    TableSize("patients_patient", 100, 50_000, 10_000),
    TableSize("treatments_needlingsession", 300, 90_000, 30_000),
    TableSize("clinic_room", 3, 100, 0),
]


@pytest.mark.django_db
def test_each_table_is_measured():
    found = {table.name: table for table in sizes.read()}

    assert {model._meta.db_table for model in apps.get_models()} <= found.keys()
    events = found["clinic_auditevent"]
    assert events.rows == AuditEvent.objects.count()
    assert events.own > 0 < events.indexes


def test_each_large_table_has_a_line_with_what_it_is_for():
    section = sizes.section(TABLES, engine="SQLite")

    assert "with 100 patients and 300 sessions" in section
    assert "| `clinic_auditevent` | 2,000 | 300 | 200 | 1.0 | 1,000.0 | who did or saw what" in section
    assert "| 1 others | | | | 0.0 | 0.1 | |" in section
    assert "| all | | | | 1.2 | 1,180.1 | |" in section
