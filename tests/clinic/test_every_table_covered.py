"""Every table of the record and of accounts: what is changed, deleted or added past the locks is named."""

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from clinic import audit
from clinic.audit import row_check, rows, verification
from clinic.locks import triggers
from clinic.locks.specification import lock_specification_of, lock_specifications
from clinic.models import User
from clinic.models.columns import FileBytes
from tests import sample_rows
from tests.locked_records import LOCKING_VALUES

# the suite creates no test database without it
pytestmark = pytest.mark.django_db

# Rows that the practice of the tests has none of.
EMPTY = {
    "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions",
    "clinic_credential_regions", "clinic_credentialreminder", "clinic_firstlink", "clinic_patientlink",
    "clinic_user_groups", "clinic_user_user_permissions", "mfa_authenticator", "patients_consentcopy",
    "patients_intake", "treatments_outcomescore",
}  # fmt: skip
# A copy of a row breaks more than one constraint; a lost one is named by tests/clinic/test_surroundings.py.
REFUSING = {
    "clinic_practice", "patients_episode", "patients_visit", "treatments_followup", "treatments_needlesite",
    "treatments_needlingsession", "treatments_redflag", "treatments_seal",
}  # fmt: skip

# Columns that say how a row ended, which a constraint wants to go with the stamp.
SAID_WITH = {
    "treatments_adverseevent": ("closing_note",), "treatments_followup": ("outcome", "outcome_reason"),
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


def replay(table: str) -> bool:
    """Puts back what a row said before the product changed it."""
    row, model = first_of(table), rows.covered_models()[table]
    for name in rows.covered_columns(table):
        field = model._meta.get_field(name)
        if field.primary_key or field.remote_field:
            continue
        for other in others(field, row[name]):
            if rewritten(model, row, field, other):
                audit.file_written()
                return put(model, row[model._meta.pk.attname], {field: row[name]})
    return False


def rewritten(model, row: dict, field: models.Field, other) -> bool:
    """Whether the product could write another value, which an event then covers."""
    try:
        with transaction.atomic():
            return (
                model._base_manager.filter(pk=row[model._meta.pk.attname]).update(**{field.name: other}) == 1
            )
    except (DatabaseError, ValueError):
        return False


def put(model, key, values: dict[models.Field, object]) -> bool:
    columns = ", ".join(f'"{field.column}" = %s' for field in values)
    prepared = [field.get_db_prep_save(value, connection) for field, value in values.items()]
    where = f'WHERE "{model._meta.pk.column}" = %s'
    return run(f'UPDATE "{model._meta.db_table}" SET {columns} {where}', (*prepared, key))


def move(table: str) -> bool:
    """Gives a row another parent that is there."""
    row, model = first_of(table), rows.covered_models()[table]
    for field in model._meta.local_concrete_fields:
        if field.remote_field and row[field.attname] is not None and not field.primary_key:
            parents = field.related_model._base_manager.exclude(pk=row[field.attname]).order_by("pk")
            for other in parents.values_list("pk", flat=True)[:5]:
                if put(model, row[model._meta.pk.attname], {field: other}):
                    return True
    return False


def swap(table: str) -> bool:
    """Lets two rows of a table say what the other one said, as far as no constraint stands in the way.

    Pieces of files have a check of their own: tests/patients/test_papers.py.
    """
    model = rows.covered_models()[table]
    key = model._meta.pk.attname
    one, *more = model._base_manager.order_by("pk").values()[:8]
    for other in more:
        differing = [
            field
            for field in model._meta.local_concrete_fields
            if not (field.primary_key or field.unique or isinstance(field, FileBytes))
            and one[field.attname] != other[field.attname]
        ]
        for fields in (differing, *[[field] for field in differing]):
            if fields and exchanged(model, one, other, fields, key):
                return True
    return False


def exchanged(model, one: dict, other: dict, fields: list, key: str) -> bool:
    with transaction.atomic():
        for to, source in ((one, other), (other, one)):
            if not put(model, to[key], {field: source[field.attname] for field in fields}):
                transaction.set_rollback(True)
                return False
    return True


def unsign(table: str) -> bool:
    """Takes off the stamps that lock a row, which the product had set."""
    model = rows.covered_models()[table]
    lock = lock_specification_of(model)
    stamp = next(field for field in model._meta.local_concrete_fields if field.column == lock.lock_columns[0])
    row = model._base_manager.filter(**{f"{stamp.name}__isnull": False}).order_by("pk").first()
    row = row or stamped(model, stamp)
    name = stamp.name.removesuffix("_at")
    cleared = {
        field: None for field in model._meta.local_concrete_fields if field.name in {stamp.name, f"{name}_by"}
    }
    return put(
        model, row.pk, cleared | {model._meta.get_field(each): "" for each in SAID_WITH.get(table, ())}
    )


def stamped(model, stamp: models.Field) -> models.Model:
    row, names = model._base_manager.order_by("pk").first(), {field.name for field in model._meta.fields}
    by = f"{stamp.name.removesuffix('_at')}_by"
    values = {stamp.name: timezone.now(), **LOCKING_VALUES.get(model.__name__, {})}
    values |= {by: User.objects.first()} if by in names else {}
    model._base_manager.filter(pk=row.pk).update(**values)
    audit.file_written()
    return row


def has_no_other_parent(table: str) -> bool:
    row, model = first_of(table), rows.covered_models()[table]
    links = [field for field in model._meta.local_concrete_fields if field.remote_field]
    used = [field for field in links if row[field.attname] is not None]
    return not any(
        field.related_model._base_manager.exclude(pk=row[field.attname]).exists() for field in used
    )


def stands_alone(table: str) -> bool:
    return rows.covered_models()[table]._base_manager.count() < 2


def holds_links_alone(table: str) -> bool:
    fields = rows.covered_models()[table]._meta.local_concrete_fields
    return all(field.primary_key or field.remote_field for field in fields)


# {way: tables in which there is nothing for it}
NOTHING_TO = {move: has_no_other_parent, swap: stands_alone, replay: holds_links_alone}
# Unique columns are in the way: a step of each session, a key of each patient, a name of each condition, a
# part of each scanned paper.
IN_THE_WAY = {
    move: {"patients_paperpart", "patients_patientkey", "treatments_followup"},
    swap: {"patients_conditionname", "patients_paperpart", "patients_patientkey", "treatments_aftercare"},
}


def test_the_practice_has_a_row_of_every_table(covered):
    assert {table for table in rows.covered_models() if first_of(table) is None} == EMPTY


@pytest.mark.parametrize(("do", "kind"), [(change, "altered"), (copy, "added")])
def test_a_row_of_each_table_that_was_tampered_with_is_named(covered, do, kind):
    tables = {table for table in rows.covered_models() if table not in EMPTY}
    done = {table for table in sorted(tables) if do(table)}

    assert tables - done <= (REFUSING if do is copy else set())
    assert {table for table, kinds in found().items() if kind in kinds} == done


@pytest.mark.parametrize("do", [move, swap, replay])
def test_a_row_of_each_table_that_was_moved_swapped_or_put_back_is_named(covered, do):
    tables = {table for table in rows.covered_models() if table not in EMPTY}
    done = {table for table in sorted(tables) if do(table)}

    assert {table for table in tables - done if not NOTHING_TO[do](table)} <= IN_THE_WAY.get(do, set())
    assert {table for table, kinds in found().items() if "altered" in kinds} == done


def test_a_row_of_each_table_that_was_unsigned_is_named(covered):
    locking = {lock.table for lock in lock_specifications() if lock.lock_columns and lock.table not in EMPTY}
    done = {table for table in sorted(locking) if unsign(table)}

    assert locking == done
    assert {table for table, kinds in found().items() if "altered" in kinds} == done


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
