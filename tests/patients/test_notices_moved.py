"""Notices that were noted with an insurance become rows of their own, forth and back."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from clinic.audit import row_check, verification
from clinic.locks import triggers
from clinic.models import AuditEvent
from patients.actions import alerts
from patients.models import Coverage, NonCoverageNotice

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("patients", "0026_notices_of_non_coverage")
SIGNED_ON = dt.date(2026, 3, 2)


@pytest.fixture
def moved_back(ada, reception):
    """A practice of before: one signed notice, one that only was given, and an insurance without."""
    with transaction.atomic():
        kinds = ("medicare", "medicare", "commercial")
        rows = [alerts.add(Coverage, ada, by=reception, kind=kind) for kind in kinds]
        alerts.end(rows[1], by=reception)
    call_command("migrate", *BEFORE, verbosity=0)
    triggers.drop(connection)
    then = MigrationExecutor(connection).loader.project_state([BEFORE]).apps.get_model("patients", "Coverage")
    then.objects.filter(pk=rows[0].pk).update(notice="mandatory", notice_signed_on=SIGNED_ON)
    then.objects.filter(pk=rows[1].pk).update(notice="voluntary")
    yield then
    call_command("migrate", verbosity=0)


def test_notices_move_forth_and_back(moved_back, ada, reception):
    call_command("migrate", verbosity=0)

    signed, given = NonCoverageNotice.objects.order_by("pk")
    assert (signed.kind, signed.given_on, signed.for_on) == ("mandatory", SIGNED_ON, SIGNED_ON)
    assert (signed.given_at, signed.until_on, signed.is_signed) == (None, None, True)
    assert (given.kind, given.is_signed, given.ended_by) == ("voluntary", False, reception)
    assert {signed.patient, given.patient} == {ada}
    assert AuditEvent.objects.filter(code="record.migrated", changes__has_key="patients_noncoveragenotice")
    assert list(row_check.faults(verification.ignore_progress)) == []

    call_command("migrate", *BEFORE, verbosity=0)

    assert moved_back.objects.get(notice="mandatory").notice_signed_on == SIGNED_ON
