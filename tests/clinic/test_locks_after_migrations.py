"""What locks signed rows stands after each migration, and on PostgreSQL for everybody else during it too."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader

from clinic.audit import row_check, verification
from clinic.django_internals import writes
from clinic.locks import triggers
from clinic.locks.rewriting import change_locked_rows
from clinic.models import AuditEvent, Room
from tests import locked_records
from tests.locked_records import is_refused

pytestmark = pytest.mark.django_db(transaction=True)
FLOORS = ("clinic", "patients", "treatments")
WHY = "The unit was stored in the wrong column."


@pytest.fixture
def throw_away(monkeypatch):
    """throw_away({app: operations}): applies one more migration in those apps and reverts it at the end."""
    leaves = {app: MigrationLoader(None).graph.leaf_nodes(app)[0][1] for app in FLOORS}
    steps, from_disk = {}, MigrationLoader.load_disk

    def with_one_more(loader):
        from_disk(loader)
        for app, operations in steps.items():
            attributes = {"dependencies": [(app, leaves[app])], "operations": operations}
            step = type("Migration", (migrations.Migration,), attributes)
            loader.disk_migrations[app, "9999_throw_away"] = step("9999_throw_away", app)

    def forth(wanted: dict[str, list]):
        steps.update(wanted)
        call_command("migrate", verbosity=0)

    monkeypatch.setattr(MigrationLoader, "load_disk", with_one_more)
    yield forth
    for app in steps:
        call_command("migrate", app, leaves[app], verbosity=0)


def altered(app: str) -> list:
    """Makes one column of each locked table nullable, for which SQLite rebuilds the table."""
    changes = []
    for model in locked_records.locked_models():
        if model._meta.app_label == app:
            field = locked_records.locked_field(model).clone()
            field.null = True
            changes.append(
                migrations.AlterField(model._meta.model_name, locked_records.locked_field(model).name, field)
            )
    return changes


def test_the_locks_stand_after_every_locked_table_was_made_anew(throw_away):
    with transaction.atomic():
        records = locked_records.LockedRecords()
    before = {model: [*model._base_manager.values_list()] for model in locked_records.locked_models()}

    throw_away({app: altered(app) for app in FLOORS})

    assert triggers.missing(connection) == []
    for model in locked_records.locked_models():
        field, rows = (
            locked_records.locked_field(model),
            model._base_manager.filter(pk=records.locked[model].pk),
        )
        other = locked_records.other_value(records.fresh(model), field)
        assert [*model._base_manager.values_list()][: len(before[model])] == before[model]
        assert is_refused(lambda rows=rows, name=field.name, other=other: rows.update(**{name: other})), model
        assert is_refused(lambda rows=rows: rows._raw_delete(rows.db)), model


def rewrite(apps, schema_editor) -> dict[str, int]:
    sessions = apps.get_model("treatments", "NeedlingSession").objects.exclude(signed_at=None)
    return {"treatments_needlingsession": sessions.update(billing_reason="Corrected.")}


def test_a_migration_over_signed_rows_says_why_and_leaves_an_event(throw_away):
    with transaction.atomic():
        locked_records.LockedRecords()

    throw_away({"treatments": [change_locked_rows(WHY, rewrite)]})

    event = AuditEvent.objects.get(code="record.migrated")
    assert event.reason == WHY
    assert event.changes == {"treatments_needlingsession": [None, 1]}
    assert triggers.missing(connection) == []


def test_a_migration_that_meets_no_signed_row_leaves_no_event(throw_away):
    throw_away({"treatments": [change_locked_rows(WHY, rewrite)]})

    assert not AuditEvent.objects.filter(code="record.migrated").exists()


def test_without_a_reason_there_is_no_such_migration():
    with pytest.raises(ValueError, match="Say why"):
        change_locked_rows(" ", rewrite)


def rename_rooms(apps, schema_editor) -> None:
    apps.get_model("clinic", "Room").objects.update(name="Renamed")


def fail(apps, schema_editor) -> None:
    raise RuntimeError("The power went.")


def faults() -> list[tuple[str, str]]:
    return [(fault.where, fault.kind) for fault in row_check.faults(verification.ignore_progress)]


@pytest.mark.parametrize("floor", ["clinic", "patients"])
def test_an_update_that_was_broken_off_raises_no_alarm_after_the_next(throw_away, floor):
    """Its first migration has changed rows for good; the process that knew of them is gone."""
    with pytest.raises(RuntimeError, match="power"):
        throw_away({floor: [migrations.RunPython(rename_rooms, migrations.RunPython.noop)],
                    "treatments": [migrations.RunPython(fail, migrations.RunPython.noop)]})  # fmt: skip
    writes.take(connection)
    assert AuditEvent.objects.order_by("-seq").first().code == "record.updating"

    throw_away({"treatments": []})

    assert Room.objects.filter(name="Renamed").exists()
    assert faults() == []
    codes = AuditEvent.objects.filter(code__startswith="record.updat").order_by("seq")
    assert list(codes.values_list("code", flat=True)) == ["record.updating"] * 2 + ["record.updated"]


def test_an_update_that_ran_through_leaves_what_it_did_not_touch_uncovered(throw_away):
    """Only after a broken one everything is covered anew: what was forged before stays an alarm."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_room SET name = 'Forged'")
    triggers.install(connection)

    throw_away({"treatments": []})

    assert [kind for _, kind in faults()] == ["altered"]


def test_a_column_that_was_gone_for_a_while_is_filled_from_the_file_again():
    """Going one migration back and forth changes no catalogue's file, and yet empties a column."""
    signs = apps.get_model("treatments", "WarningSign").objects
    named = dict(signs.values_list("code", "short_name"))
    assert all(named.values())
    try:
        call_command("migrate", "treatments", "0024", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)

    assert dict(signs.values_list("code", "short_name")) == named
    assert faults() == []


class Intruder:
    """Somebody else at PostgreSQL who changes a signed row whenever asked, and waits for no lock."""

    def __init__(self, row):
        self.row, self.answers = row, []

    def attack(self, apps=None, schema_editor=None) -> None:
        with contextlib.closing(connection.copy(alias="intruder")) as there, there.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
            try:
                cursor.execute(
                    "UPDATE treatments_needlingsession SET plan = 'Forged' WHERE id = %s", [self.row.pk]
                )
            except DatabaseError as refused:
                self.answers.append(refused.__cause__.pgcode)
            else:
                self.answers.append("changed")


REFUSED, WAITS = "23000", "55P03"


@pytest.fixture
def intruder():
    with transaction.atomic():
        records = locked_records.LockedRecords()
    return Intruder(records.locked[apps.get_model("treatments", "NeedlingSession")])


@pytest.mark.postgres
def test_no_migration_lets_others_change_a_signed_row(throw_away, intruder):
    attack = migrations.RunPython(intruder.attack, migrations.RunPython.noop)
    session = migrations.AlterField(
        "needlingsession", "plan", models.TextField("plan", blank=True, null=True)
    )

    throw_away({"treatments": [attack, change_locked_rows(WHY, rewrite), session, attack]})
    intruder.attack()

    assert set(intruder.answers) <= {REFUSED, WAITS}
    assert intruder.answers[-1] == REFUSED
    assert AuditEvent.objects.filter(code="record.migrated").exists()


@pytest.fixture
def attacked_index(intruder, monkeypatch):
    """What stood of the locks when an index was begun, with an attack at that moment."""
    plain, missing = migrations.AddIndex.database_forwards, []

    def attacked(operation, *arguments):
        missing.append(triggers.missing(connection))
        intruder.attack()
        plain(operation, *arguments)

    monkeypatch.setattr(migrations.AddIndex, "database_forwards", attacked)
    return missing


@pytest.mark.postgres
def test_a_migration_that_writes_no_row_leaves_the_locks_on(throw_away, intruder, attacked_index):
    """What fires at its beginning fires in its middle, for people who go on working."""
    throw_away({"clinic": [migrations.AddIndex("room", models.Index(fields=["name"], name="of_a_test"))]})

    assert (attacked_index, intruder.answers) == ([[]], [REFUSED])


@pytest.mark.postgres
def test_between_two_migrations_the_locks_are_on(throw_away, intruder, attacked_index):
    """The first one had them off for itself; nothing puts them on again before all are through."""
    index = models.Index(fields=["name"], name="of_a_test")

    throw_away(
        {
            "clinic": [migrations.RunPython(rename_rooms, migrations.RunPython.noop)],
            "treatments": [migrations.AddIndex("muscle", index)],
        }
    )

    assert (attacked_index, intruder.answers) == ([[]], [REFUSED])


@pytest.mark.postgres
def test_a_migration_that_is_broken_off_leaves_the_locks(throw_away, intruder):
    with pytest.raises(RuntimeError, match="power"):
        throw_away({"treatments": [migrations.RunPython(fail, migrations.RunPython.noop)]})
    # the process that knew of it is gone
    writes.take(connection)

    assert triggers.missing(connection) == []
    intruder.attack()
    assert intruder.answers == [REFUSED]
    throw_away({"treatments": []})


@pytest.mark.postgres
def test_locks_that_are_whole_are_left_alone(throw_away):
    before = _trigger_rows()

    throw_away({"treatments": []})

    assert _trigger_rows() == before


def _trigger_rows() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid, xmin::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY oid")
        return cursor.fetchall()


@pytest.mark.postgres
def test_a_migration_gives_way_to_whoever_works(throw_away):
    """Another transaction has the table while the migration begins: it begins again."""
    other = connection.copy(alias="other")
    with contextlib.closing(other), other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE clinic_room SET name = name")
        done = threading.Timer(1.5, cursor.execute, ["COMMIT"])
        other.inc_thread_sharing()
        done.start()
        throw_away({"clinic": [migrations.RunPython(rename_rooms, migrations.RunPython.noop)]})
        done.join()

    assert Room.objects.filter(name="Renamed").exists()


WAITING = "SELECT 1 FROM pg_locks WHERE relation = 'clinic_room'::regclass AND NOT granted"
LONG_SECONDS = 5


def write_once_the_migration_waits(at_work) -> float:
    """The seconds of a write that came while the migration waited. Ends what it waits for."""
    writer = connection.copy(alias="writer")
    with contextlib.closing(writer), writer.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LONG_SECONDS}s'")
        while not cursor.execute(WAITING) and not cursor.fetchall():
            time.sleep(0.01)
        began = time.monotonic()
        with contextlib.suppress(DatabaseError):
            cursor.execute("UPDATE clinic_room SET name = name")
        seconds = time.monotonic() - began
    at_work.execute("COMMIT")
    return seconds


@pytest.mark.postgres
def test_nobody_queues_behind_a_migration_that_waits(throw_away):
    """Whoever comes after it would wait as long as it does; it lets them pass after a moment."""
    other = connection.copy(alias="other")
    with contextlib.closing(other), other.cursor() as at_work, ThreadPoolExecutor(1) as pool:
        other.inc_thread_sharing()
        at_work.execute("BEGIN")
        at_work.execute("LOCK TABLE clinic_room IN ROW EXCLUSIVE MODE")
        passing = pool.submit(write_once_the_migration_waits, at_work)
        throw_away({"clinic": [migrations.RunPython(rename_rooms, migrations.RunPython.noop)]})

    assert passing.result() < LONG_SECONDS / 2
    assert Room.objects.filter(name="Renamed").exists()
