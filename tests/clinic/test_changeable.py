"""Each table of the record locks its rows, or says what may change in it and why."""

from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clinic.audit import rows
from clinic.locks import changeable, specification, triggers
from clinic.models import Credential, Role, RoleGrant
from tests.locked_records import is_refused
from treatments.actions.followups import calls
from treatments.models import FollowUp, RedFlag, SorenessReport

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs" / "locks.md"
LOCKS = {model: specification.lock_specification_of(model) for model in rows.covered_models().values()}
WHOLE = {
    model._meta.db_table
    for model, lock in LOCKS.items()
    if lock and lock.locks_rows and not (lock.unlocked_columns or lock.reopening_columns)
}
OPEN_COLUMNS = {
    (model._meta.db_table, column)
    for model, lock in LOCKS.items()
    for column in (lock.unlocked_columns if lock else ())
}
REOPENED = {model._meta.db_table for model, lock in LOCKS.items() if lock and lock.reopening_columns}


@pytest.fixture
def followup(draft, therapist):
    """A call that was closed as not needed, behind its locks."""
    row = FollowUp.objects.create(session=draft, step=24, due_at=timezone.now())
    calls.close(row, by=therapist, outcome=FollowUp.Outcome.UNREACHABLE, reason="Four times.")
    triggers.install(connection)
    return FollowUp.objects.get(pk=row.pk)


def test_every_table_locks_its_rows_or_says_what_may_change():
    with_columns = {table for table, _ in changeable.COLUMNS} | changeable.REOPENED.keys()
    listed = changeable.TABLES.keys() | with_columns

    assert {model._meta.db_table for model in LOCKS} == WHOLE | listed
    assert not WHOLE & listed


def test_every_column_that_stays_open_says_why():
    assert changeable.COLUMNS.keys() == OPEN_COLUMNS
    assert changeable.REOPENED.keys() == REOPENED


def test_the_page_of_locks_says_what_the_program_does():
    assert "\n".join(changeable.lines()) in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("column", "value"),
    [("outcome", "answered"), ("outcome_reason", "Reached."), ("due_at", timezone.now()), ("step", 72),
     ("closed_by_id", None), ("closed_at", timezone.now()), ("made_at", timezone.now())],
)  # fmt: skip
def test_a_closed_call_does_not_change(followup, column, value):
    assert is_refused(lambda: FollowUp.objects.filter(pk=followup.pk).update(**{column: value}))


def test_a_closed_call_is_opened_again_with_nothing_else(followup):
    cleared = {"outcome": "", "outcome_reason": "", "closed_at": None, "closed_by": None}
    rows_ = FollowUp.objects.filter(pk=followup.pk)

    assert is_refused(lambda: rows_.update(**cleared, due_at=timezone.now()))
    with pytest.raises(IntegrityError, match="outcome"), transaction.atomic():
        rows_.update(**{**cleared, "outcome": "answered"})
    calls.reopen(followup)

    assert FollowUp.objects.get(pk=followup.pk).closed_at is None
    assert not is_refused(lambda: rows_.update(due_at=timezone.now()))


def test_a_warning_sign_still_moves_to_another_therapist(followup, other_therapist):
    FollowUp.objects.filter(pk=followup.pk).update(assigned_to=other_therapist, attempts=5)

    assert FollowUp.objects.get(pk=followup.pk).assigned_to == other_therapist


def test_an_acknowledged_warning_sign_does_not_change(followup, therapist):
    report = SorenessReport.objects.create(followup=followup, reported_by=therapist, triage="urgent")
    flag = RedFlag.objects.create(report=report, therapist=therapist)
    triggers.install(connection)
    RedFlag.objects.filter(pk=flag.pk).update(
        action="Called.", acknowledged_at=timezone.now(), acknowledged_by=therapist
    )

    assert is_refused(lambda: RedFlag.objects.filter(pk=flag.pk).update(action="Nothing to do."))
    assert is_refused(
        lambda: RedFlag.objects.filter(pk=flag.pk).update(acknowledged_at=None, acknowledged_by=None)
    )


def test_roles_and_credentials_are_never_deleted(therapist, admin):
    licence = Credential.objects.create(user=therapist, kind="licence", recorded_by=admin)
    triggers.install(connection)
    grant = RoleGrant.objects.get(user=therapist, role=Role.THERAPIST)

    for row in (licence, grant, therapist):
        assert is_refused(lambda row=row: type(row).objects.filter(pk=row.pk)._raw_delete("default")), row
    with connection.cursor() as cursor:
        for table in ("clinic_rolegrant", "clinic_credential"):
            assert is_refused(lambda table=table: cursor.execute(f"DELETE FROM {table}"))
