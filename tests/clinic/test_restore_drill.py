"""`manage.py restore_drill`: whether a backup can be restored; defects are found and reported."""

import contextlib
import os
import stat
import subprocess
import sys
import uuid
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from clinic.actions import backup
from clinic.audit import verification
from clinic.backup import folder, sealing, trial
from clinic.locks import triggers
from clinic.models import AuditEvent
from tests import former_backup
from tests.live_practice import ROOT, LivePractice, copied_database, copied_file

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    """A backup of the empty test database."""
    with django_db_blocker.unblock():
        return backup.make_backup(connection, tmp_path_factory.mktemp("backups")).path


@pytest.fixture(autouse=True)
def aside(monkeypatch, tmp_path) -> Path:
    """The folder of scratch databases."""
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "aside"))
    return tmp_path / "aside"


def no_scratch_left(aside: Path) -> bool:
    """Whether this test's scratch databases are removed; other tests may have theirs at the same time."""
    return not list(aside.iterdir())


def with_manifest(made: Path, path: Path, **changes) -> Path:
    """The backup with another manifest, sealed with the right key."""
    manifest, pieces = trial.open_backup(made)
    line = replace(manifest, **changes).line()
    return sealed([line], pieces, path)


def sealed(begin: list[bytes], pieces, path: Path) -> Path:
    with path.open("wb") as file:
        sealing.seal(chain(begin, pieces), sealing.current_key(), file)
    return path


def refused(path: Path) -> str:
    with pytest.raises(CommandError) as failure:
        call_command("restore_drill", str(path))
    return str(failure.value)


def newest_event() -> AuditEvent:
    return AuditEvent.objects.latest("seq")


def test_a_whole_backup_is_brought_back_and_noted(made, aside, capsys):
    call_command("restore_drill", folder=made.parent)

    assert f"{made.name} is as it was written" in capsys.readouterr().out
    event = newest_event()
    assert (event.code, event.reason) == ("backup.drilled", "")
    assert event.changes == {"file": [None, made.name]}
    assert no_scratch_left(aside)


def test_a_backup_of_an_earlier_release_is_brought_back(made, tmp_path, aside):
    """It is listed among the others, whatever its format."""
    manifest, pieces = trial.open_backup(made)
    former = tmp_path / "backups" / made.name
    former.parent.mkdir()
    former.write_bytes(b"".join(former_backup.seal([manifest.line(), *pieces], sealing.current_key())))

    assert folder.backups(former.parent) == [former]
    assert trial.open_backup(former)[0] == manifest
    assert list(trial.backup_faults(connection, former)) == []
    assert no_scratch_left(aside)


def test_a_wrong_key_is_said_and_noted(made, aside, settings):
    settings.BACKUP_KEY = "n" * 40

    assert "under another key" in refused(made)
    assert newest_event().code == "backup.drill_failed"
    assert "under another key" in newest_event().reason
    settings.BACKUP_FORMER_KEYS = ["test-only-backup-key-" + "z" * 40]
    assert trial.open_backup(made)[0].rows


def test_a_flipped_byte_is_found_and_the_scratch_is_gone(made, tmp_path, aside):
    bytes_of = bytearray(made.read_bytes())
    bytes_of[len(bytes_of) // 2] ^= 1
    (tmp_path / "flipped").write_bytes(bytes_of)

    assert "was changed or damaged after it was written" in refused(tmp_path / "flipped")
    assert no_scratch_left(aside)


def test_a_file_cut_short_is_found(made, tmp_path, aside):
    (tmp_path / "cut").write_bytes(made.read_bytes()[:-1000])

    assert "was cut off" in refused(tmp_path / "cut")
    assert no_scratch_left(aside)


def test_a_copy_cut_short_before_it_was_sealed_is_found(made, tmp_path, aside):
    manifest, pieces = trial.open_backup(made)
    copy = b"".join(pieces)
    sealed([manifest.line()], [copy[: len(copy) // 2]], tmp_path / "half")

    assert is_restore_failure(refused(tmp_path / "half"))
    assert no_scratch_left(aside)


def is_restore_failure(text: str) -> bool:
    return "breaks off before its end" in text or "pg_restore failed" in text


def test_one_row_fewer_than_the_manifest_is_found(made, tmp_path, aside):
    counts = trial.open_backup(made)[0].counts
    more = {**counts, "clinic_bodyregion": counts["clinic_bodyregion"] + 1}

    first = next(trial.backup_faults(connection, with_manifest(made, tmp_path / "fewer", counts=more)))

    assert (
        f"clinic_bodyregion has {counts['clinic_bodyregion']} and not {counts['clinic_bodyregion'] + 1}"
        in first
    )
    assert no_scratch_left(aside)


def test_a_chain_that_ends_before_the_manifest_says_is_found(made, tmp_path, aside):
    anchor = verification.anchor_at(9_999, "f" * 64)

    message = refused(with_manifest(made, tmp_path / "chain", anchor=anchor))

    assert "event 9999 is not there" in message
    assert no_scratch_left(aside)


def test_a_newer_release_is_asked_for(made, tmp_path):
    known = trial.open_backup(made)[0].migrations

    message = refused(with_manifest(made, tmp_path / "newer", migrations=[*known, "clinic.9999_tomorrow"]))

    assert "taken by a newer Filiform: clinic.9999_tomorrow" in message


def test_a_file_of_somebody_else_is_none(tmp_path):
    (tmp_path / "other").write_bytes(b"SQLite format 3" + b"\0" * 500)

    assert "That is no backup of Filiform" in refused(tmp_path / "other")


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("restore_drill", str(tmp_path / "none"))
    with pytest.raises(CommandError, match=r"There is no backup in .*manage.py backup"):
        call_command("restore_drill", folder=tmp_path)


def test_the_copy_can_be_had_and_never_overwrites(made, tmp_path, capsys):
    to = tmp_path / "copy"

    call_command("restore_drill", str(made), to=to)

    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert to.read_bytes()[:6] in {b"SQLite", b"PGDMP\x01"}
    assert trial.open_backup(made)[0].anchor in capsys.readouterr().out
    assert (newest_event().code, newest_event().reason) == ("backup.opened", made.name)
    whole = to.read_bytes()
    with pytest.raises(CommandError, match="File exists"):
        call_command("restore_drill", str(made), to=to)
    assert to.read_bytes() == whole


def test_a_damaged_file_leaves_no_half_copy(made, tmp_path):
    (tmp_path / "cut").write_bytes(made.read_bytes()[:-1000])

    with pytest.raises(CommandError, match="was cut off"):
        call_command("restore_drill", str(tmp_path / "cut"), to=tmp_path / "copy")

    assert not (tmp_path / "copy").exists()


@pytest.mark.postgres
def test_a_role_that_may_not_is_told_which_right_it_needs(made):
    role, live = f"norights_{uuid.uuid4().hex[:8]}", connection.copy()
    with server() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'fictional'")
        try:
            live.settings_dict.update(USER=role, PASSWORD="fictional")
            assert f"The role {role} may not create databases" in next(trial.backup_faults(live, made))
        finally:
            cursor.execute(f"DROP ROLE {role}")


@contextlib.contextmanager
def server():
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.close()


def database_copy(tmp_path):
    """The URL of a copy of the test database."""
    if connection.vendor == "sqlite":
        return contextlib.nullcontext(copied_file(tmp_path / "older.sqlite3"))
    return copied_database()


@pytest.fixture
def older(tmp_path):
    """A database of an older release, without the newest migration of the clinic app.

    Its events covered no rows; those that cover the rows of a new database go.
    """
    triggers.drop(connection)
    AuditEvent.objects.all().delete()
    triggers.install(connection)
    with database_copy(tmp_path) as url:
        environment = {**LivePractice(url).environment, **os.environ, "DATABASE_URL": url}
        loader = MigrationLoader(None)
        newest = loader.graph.leaf_nodes("clinic")[0]
        before = sorted(name for app, name in loader.disk_migrations if app == "clinic")[-2]
        command = [sys.executable, "manage.py", "migrate", "clinic", before, "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        live = connection.copy()
        live.settings_dict["NAME"] = url.rpartition("/")[2]
        if connection.vendor == "sqlite":
            live.settings_dict["NAME"] = f"file:{tmp_path / 'older.sqlite3'}?mode=rw"
        yield live, ".".join(newest)


@pytest.mark.django_db(transaction=True)
def test_the_file_of_an_older_release_is_migrated_in_the_scratch(older, tmp_path):
    live, newest = older

    found = backup.make_backup(live, tmp_path / "backups")

    assert newest not in found.manifest.migrations
    assert list(trial.backup_faults(live, found.path)) == []
