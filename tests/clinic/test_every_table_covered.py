"""Every table of the record and of accounts: what is changed, deleted or added past the locks is named."""

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, connection, models, transaction

from clinic import audit
from clinic.audit import row_check, rows, verification
from clinic.locks import triggers
from tests import sample_rows

# the suite creates no test database without it
pytestmark = pytest.mark.django_db

# Rows that the practice of the tests has none of.
EMPTY = {
    "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions",
    "clinic_credential_regions", "clinic_credentialreminder", "clinic_patientlink", "clinic_user_groups",
    "clinic_user_user_permissions", "mfa_authenticator", "patients_consentcopy", "patients_intake",
    "treatments_outcomescore",
}  # fmt: skip
# A copy of a row breaks more than one constraint; a lost one is named by tests/clinic/test_surroundings.py.
REFUSING = {
    "clinic_practice", "patients_episode", "patients_visit", "treatments_followup", "treatments_needlesite",
    "treatments_needlingsession", "treatments_redflag", "treatments_seal",
}  # fmt: skip


@pytest.fixture
def covered(practice):
    """The practice of the tests with all its rows covered; what a test does to it is rolled back."""
    with transaction.atomic():
        sample_rows.add_rows(practice)
        audit.file_written()
        assert found() == {}
        triggers.drop(connection)
        yield
        transaction.set_rollback(True)


def found() -> dict[str, set[str]]:
    """{table: kinds of faults} as verification names them."""
    names = {model._meta.verbose_name: table for table, model in rows.covered_models().items()}
    kinds: dict[str, set[str]] = {}
    for fault in row_check.faults(verification.ignore_progress):
        name = max((name for name in names if fault.where.startswith(f"{name} ")), key=len)
        kinds.setdefault(names[name], set()).add(fault.kind)
    return kinds


def run(statement: str, values: tuple) -> bool:
    """Whether the database let it pass: a constraint may stand in the way of one column."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount == 1
    except DatabaseError:
        return False


def first_of(table: str) -> dict | None:
    model = rows.covered_models()[table]
    return model._base_manager.order_by("pk").values().first()


def others(field: models.Field, value) -> list:
    """Values that differ from the one that stands there."""
    if isinstance(field, models.BooleanField):
        return [not value]
    if isinstance(field, models.DateTimeField):
        return [value + dt.timedelta(hours=1)] if value else []
    if isinstance(field, models.DateField):
        return [value + dt.timedelta(days=1)] if value else []
    if isinstance(field, models.UUIDField):
        return [uuid.uuid4().hex if connection.vendor == "sqlite" else str(uuid.uuid4())]
    if isinstance(field, models.CharField | models.TextField):
        return [f"{value}x", "x"]
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return [(value or 0) + 1, (value or 0) + 2]
    return []


def change(table: str) -> bool:
    row, model = first_of(table), rows.covered_models()[table]
    for name in rows.covered_columns(table):
        field = model._meta.get_field(name)
        if field.primary_key:
            continue
        for other in others(field, row[name]):
            statement = f'UPDATE "{table}" SET "{field.column}" = %s WHERE "{model._meta.pk.column}" = %s'
            if run(statement, (other, row[model._meta.pk.attname])):
                return True
    return False


def copy(table: str) -> bool:
    """Adds a row like the first, under a key of its own and with other values where they are unique."""
    row, meta = first_of(table), rows.covered_models()[table]._meta
    key = meta.pk.attname
    names = [field for field in meta.local_concrete_fields if field.attname != key]
    open_ = [field for field in names if others(field, row[field.attname])]
    unique = [field for field in open_ if field.unique]
    one_more = [[*unique, field] for field in open_]
    for changed in [[], *[[field] for field in open_], unique, *one_more, open_]:
        values = {
            field.column: others(field, row[field.attname])[0] if field in changed else None
            for field in names
        }
        given = ", ".join(
            "%s" if values[field.column] is not None else f'"{field.column}"' for field in names
        )
        columns = ", ".join(f'"{field.column}"' for field in names)
        statement = (
            f'INSERT INTO "{table}" ("{meta.pk.column}", {columns}) '
            f'SELECT "{meta.pk.column}" + 900000, {given} FROM "{table}" WHERE "{meta.pk.column}" = %s'
        )
        if run(statement, (*[value for value in values.values() if value is not None], row[key])):
            return True
    return False


def test_the_practice_has_a_row_of_every_table(covered):
    assert {table for table in rows.covered_models() if first_of(table) is None} == EMPTY


@pytest.mark.parametrize(("do", "kind"), [(change, "altered"), (copy, "added")])
def test_a_row_of_each_table_that_was_tampered_with_is_named(covered, do, kind):
    tables = {table for table in rows.covered_models() if table not in EMPTY}
    done = {table for table in sorted(tables) if do(table)}

    assert tables - done <= (REFUSING if do is copy else set())
    assert {table for table, kinds in found().items() if kind in kinds} == done


def test_a_row_of_each_table_that_was_deleted_is_named(covered):
    """Without its foreign keys, which an owner of the database takes off as well."""
    tables = {table for table in rows.covered_models() if table not in EMPTY}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            pk = rows.covered_models()[table]._meta.pk
            without_keys(
                cursor, f'DELETE FROM "{table}" WHERE "{pk.column}" = %s', first_of(table)[pk.attname]
            )

    assert {table for table, kinds in found().items() if "removed" in kinds} == tables


def without_keys(cursor, statement: str, key) -> None:
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(statement, (key,))
