"""Signed locks refuse ten ways to change a row, for every locked table and on both engines."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps.registry import Apps
from django.contrib import admin
from django.core.management import CommandError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.test import Client

from clinic.locks import specification, triggers
from clinic.management.commands import serve
from clinic.models.base import LockedOnce, WrittenOnce
from clinic.values import errors
from tests import admin_pages, locked_records

# the suite creates no test database without it
pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, errors.RecordLocked, ProtectedError)


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield locked_records.LockedRecords()
        transaction.set_rollback(True)


@dataclass
class Target:
    """A locked row with what the ways to change it need."""

    records: locked_records.LockedRecords
    model: type[models.Model]

    def __post_init__(self):
        self.row = self.records.fresh(self.model)
        self.rows = self.model._base_manager.filter(pk=self.row.pk)
        self.lock = specification.lock_specification_of(self.model)
        self.field = locked_records.locked_field(self.model)
        self.other = locked_records.other_value(self.row, self.field)

    def changed(self) -> models.Model:
        row = self.records.fresh(self.model)
        setattr(row, self.field.attname, self.other)
        return row

    @property
    def link(self) -> models.Field:
        return self.model._meta.get_field(self.model.locked_with)

    @property
    def open_parent(self) -> models.Model:
        return self.records.open[self.link.related_model]

    def loose(self) -> models.Model:
        """A row of the same table with an unlocked parent."""
        row = locked_records.copy_of(self.row)
        setattr(row, self.link.name, self.open_parent)
        row.save(force_insert=True)
        return type(row)._base_manager.get(pk=row.pk)


def raw(sql: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    connection.check_constraints()


def names(*columns: str) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def instance_save(it: Target) -> Iterator:
    yield it.changed().save
    yield lambda: it.changed().save(update_fields=[it.field.name])
    yield lambda: it.changed().save(force_update=True)


def instance_delete(it: Target) -> Iterator:
    yield it.row.delete
    yield lambda: models.Model.delete(it.records.fresh(it.model))


def queryset_update(it: Target) -> Iterator:
    yield lambda: it.rows.update(**{it.field.name: it.other})
    yield it.rows.delete
    yield lambda: it.rows._raw_delete(it.rows.db)


def bulk_update(it: Target) -> Iterator:
    yield lambda: it.model._base_manager.bulk_update([it.changed()], [it.field.name])


def bulk_create(it: Target) -> Iterator:
    many = it.model._base_manager.bulk_create
    wanted = {"update_fields": [it.field.name], "unique_fields": [it.model._meta.pk.name]}
    yield lambda: many([it.changed()])
    yield lambda: many([it.changed()], update_conflicts=True, **wanted)


def raw_sql(it: Target) -> Iterator:
    where = f'WHERE "{it.lock.key}" = %s'
    changed = it.field.get_db_prep_save(it.other, connection)
    yield lambda: raw(f'UPDATE "{it.lock.table}" SET "{it.field.column}" = %s {where}', changed, it.row.pk)
    yield lambda: raw(f'DELETE FROM "{it.lock.table}" {where}', it.row.pk)
    for name in it.lock.lock_columns:
        stamp = {name, name.removesuffix("_at") + "_by_id"} & set(it.lock.columns)
        cleared = ", ".join(f'"{column}" = NULL' for column in sorted(stamp))
        yield lambda cleared=cleared: raw(f'UPDATE "{it.lock.table}" SET {cleared} {where}', it.row.pk)


def replace(it: Target) -> Iterator:
    """SQLite's REPLACE deletes without firing delete triggers; the upsert works on both engines."""
    table, key = it.lock.table, it.lock.key
    every, others = names(*it.lock.columns), names(*(name for name in it.lock.columns if name != key))
    copy = f'SELECT {{}} FROM "{table}" WHERE "{key}" = %s'
    yield lambda: raw(
        f'INSERT INTO "{table}" ({every}) {copy.format(every)} '
        f'ON CONFLICT ("{key}") DO UPDATE SET "{it.field.column}" = %s',
        it.row.pk,
        it.field.get_db_prep_save(it.other, connection),
    )
    if connection.vendor == "sqlite":
        yield lambda: raw(f'INSERT OR REPLACE INTO "{table}" ({every}) {copy.format(every)}', it.row.pk)
        if any(shares(it, unique) for unique in it.lock.unique if unique.columns != (key,)):
            fresh = f'SELECT "{key}" + 1000, {others} FROM "{table}" WHERE "{key}" = %s'
            yield lambda: raw(f'INSERT OR REPLACE INTO "{table}" ("{key}", {others}) {fresh}', it.row.pk)
        if not locked_records.is_numbered(it.row):
            twin = locked_records.copy_of(it.row)
            values = [field.get_db_prep_save(getattr(twin, field.attname), connection)
                      for field in it.model._meta.concrete_fields]  # fmt: skip
            marks = ", ".join(["%s"] * len(values))
            yield lambda: raw(
                f'INSERT OR REPLACE INTO "{table}" (rowid, {every}) '
                f'VALUES ((SELECT rowid FROM "{table}" WHERE "{key}" = %s), {marks})', it.row.pk, *values
            )  # fmt: skip


def shares(it: Target, unique: specification.UniqueColumns) -> bool:
    """Whether a copy of the row would collide in these columns; NULL never collides."""
    values = it.rows.values().get()
    by_column = {field.column: values[field.attname] for field in it.model._meta.concrete_fields}
    collides = all(by_column[name] is None for name in unique.null_columns)
    return collides and None not in [by_column[name] for name in unique.columns]


def insert_and_move(it: Target) -> Iterator:
    if not it.lock.parent:
        return
    many = it.model._base_manager
    yield lambda: locked_records.sibling_of(it.row).save(force_insert=True)
    yield lambda: many.bulk_create([locked_records.sibling_of(it.row)])
    yield lambda: many.bulk_create([locked_records.sibling_of(it.row)], ignore_conflicts=True)
    yield lambda: many._insert(
        [locked_records.sibling_of(it.row)], fields=it.model._meta.concrete_fields, using=it.rows.db
    )
    yield lambda: it.rows.update(**{it.link.name: it.open_parent})
    loose, home = it.loose(), getattr(it.row, it.link.name)
    yield lambda: many.filter(pk=loose.pk).update(**{it.link.name: home})
    yield lambda: raw(
        f'UPDATE "{it.lock.table}" SET "{it.link.column}" = %s WHERE "{it.lock.key}" = %s', home.pk, loose.pk
    )

    def carried():
        setattr(loose, it.link.name, home)
        loose.save()

    yield carried


def truncate(it: Target) -> Iterator:
    if connection.vendor == "postgresql":
        connection.check_constraints()
        yield lambda: raw(f'TRUNCATE "{it.lock.table}" CASCADE')


def cascade(it: Target) -> Iterator:
    """Deletes the parents of the row."""
    for field in it.model._meta.concrete_fields:
        above = getattr(it.row, field.name) if field.remote_field else None
        if above is not None:
            rows = type(above)._base_manager.filter(pk=above.pk)
            table, key = above._meta.db_table, above._meta.pk.column
            yield above.delete
            yield rows.delete
            yield lambda table=table, key=key, pk=above.pk: raw(
                f'DELETE FROM "{table}" WHERE "{key}" = %s', pk
            )


WAYS = [instance_save, instance_delete, queryset_update, bulk_update, bulk_create, raw_sql, replace,
        insert_and_move, truncate, cascade]  # fmt: skip


def everything(it: Target) -> list:
    return list(it.model._base_manager.order_by("pk").values_list())


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("model", locked_records.locked_models(), ids=lambda model: model._meta.label)
def test_what_is_locked_is_refused_in_every_way(records, model, way):
    it = Target(records, model)
    with transaction.atomic():
        for number, act in enumerate(way(it)):
            before = everything(it)
            with pytest.raises(REFUSED), transaction.atomic():
                act()
            assert everything(it) == before, f"{way.__name__} {number}"
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", locked_records.locked_models(), ids=lambda model: model._meta.label)
def test_the_administration_changes_nothing_that_is_locked(records, model):
    site, row = admin.site._registry.get(model), records.fresh(model)
    if site is None:
        return
    client, before = Client(), everything(Target(records, model))
    client.force_login(records.admin)
    field = locked_records.locked_field(model)
    fields = [field for field in model._meta.concrete_fields if field.editable]
    typed = {**{f.name: f.value_from_object(row) or "" for f in fields}, field.name: "x"}

    for page in ("change", "delete"):
        answer = client.post(f"{admin_pages.row_address(row)}{page}/", {**typed, "post": "yes"})
        assert answer.status_code in {200, 302, 403, 404, 405}
    picked = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    client.post(admin_pages.list_address(model), picked)

    # reading the row has added an audit event
    assert everything(Target(records, model))[: len(before)] == before


@pytest.mark.parametrize("model", locked_records.locked_models(), ids=lambda model: model._meta.label)
def test_without_its_triggers_a_row_would_change(records, model):
    """Without the locks all these ways succeed."""
    with transaction.atomic():
        it = Target(records, model)
        triggers.drop(connection)
        it.rows.update(**{it.field.name: it.other})
        changed = getattr(records.fresh(model), it.field.attname)
        # what one engine gives as bytes is a view of them on the other
        assert (bytes(changed) if isinstance(changed, memoryview) else changed) == it.other
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", locked_records.locked_models(), ids=lambda model: model._meta.label)
def test_nothing_above_a_locked_row_takes_it_along(model):
    links = [field for field in model._meta.concrete_fields if field.remote_field]

    assert [f.name for f in links if f.remote_field.on_delete is not models.PROTECT] == []


def test_the_tables_that_lock_are_those_of_the_plan():
    """A table that is missing here has lost its lock; a new one must be locked from its first migration."""
    wanted = {
        "clinic": ["auditevent"],
        "patients": ["consent", "consentcopy", "consenttext", "consentwithdrawal", "mergejournal",
                     "questionwording", "screening"],
        "treatments": ["addendum", "aftercare", "amendmentanswer", "cosignature", "draftevent",
                       "errormark", "measurement", "needlesite", "needlingsession", "override", "seal",
                       "sessioncondition", "sorenessreport"],
    }  # fmt: skip

    assert {f"{app}_{name}" for app, held_ in wanted.items() for name in held_} <= {
        lock.table for lock in specification.lock_specifications()
    }


def every_trigger() -> list[tuple[str, str]]:
    return [
        (name, lock.table)
        for lock in specification.lock_specifications()
        for name in triggers.names(lock, connection.vendor)
    ]


@pytest.mark.parametrize(("name", "table"), every_trigger())
def test_serving_is_refused_while_a_lock_is_missing(db, name, table):
    triggers.install(connection)
    serve.refuse_missing_locks()
    raw(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))

    with pytest.raises(CommandError, match=f"1 locks .* such as {name}"):
        serve.refuse_missing_locks()


def test_a_lock_of_the_right_name_with_other_words_is_missing(db):
    triggers.install(connection)
    name, table = "filiform_lock_treatments_needlesite_update", "treatments_needlesite"
    if connection.vendor == "postgresql":
        connection.check_constraints()
        raw(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
    else:
        raw(f"DROP TRIGGER {name}")
        raw(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN FALSE BEGIN SELECT 1; END")

    assert triggers.missing(connection) == [name]


def test_the_links_of_a_many_to_many_field_lock_with_their_owner():
    class Plan(LockedOnce):
        lock_fields = ("agreed_at",)
        agreed_at = models.DateTimeField(null=True)
        goals = models.ManyToManyField("self", symmetrical=False)

        class Meta:
            app_label, apps = "clinic", Apps()

    lock = specification.lock_specification_of(Plan.goals.through)

    assert (lock.table, lock.parent, lock.parent_column) == (
        "clinic_plan_goals",
        "clinic_plan",
        "from_plan_id",
    )
    assert lock.parent_fields == ("agreed_at",)


def test_what_is_written_once_has_no_links_that_could_be_added_later():
    class Verdict(WrittenOnce):
        reasons = models.ManyToManyField("self")

        class Meta:
            app_label, apps = "clinic", Apps()

    with pytest.raises(TypeError, match="Verdict is written once"):
        specification.lock_specification_of(Verdict.reasons.through)
