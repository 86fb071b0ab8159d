"""`manage.py backup`: writes one sealed file or none, and thins out older ones."""

import errno
import os
import resource
import signal
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import environ
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from clinic import audit
from clinic.backup import folder, postgres, sealing, sqlite, trial
from clinic.management import termination
from clinic.models import AuditEvent
from tests import factories

NAME = "Zinnwaldfrau"


@pytest.fixture(autouse=True)
def aside(monkeypatch, tmp_path):
    """Temporary files are written into the test's folder."""
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "aside"))


def backup_files(tmp_path) -> list[str]:
    return sorted(path.name for path in tmp_path.rglob("*") if path.is_file())


def backup(tmp_path, *arguments) -> Path:
    call_command("backup", *arguments, folder=tmp_path / "backups")
    return folder.newest(tmp_path / "backups")


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_one_sealed_file_for_its_owner_alone(tmp_path, capsys):
    reception = factories.user("reception")
    factories.patient(reception, family_name=NAME, given_name="Ada")
    with transaction.atomic():
        audit.record("patient.registered", reception, by=reception, reason=f"about {NAME}")

    path = backup(tmp_path)

    assert backup_files(tmp_path) == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert NAME.encode() not in path.read_bytes()
    manifest, pieces = trial.open_backup(path)
    assert manifest.counts["patients_patient"] == 1
    assert manifest.counts["clinic_auditevent"] == manifest.events > 0
    if connection.vendor == "sqlite":
        assert NAME.encode() in b"".join(sqlite.database_bytes(pieces))
    event = AuditEvent.objects.latest("seq")
    assert (event.code, event.reason, event.actor) == ("backup.made", "", None)
    assert event.changes == {
        "file": [None, path.name], "rows": [None, manifest.rows], "events": [None, manifest.events]
    }  # fmt: skip
    assert f":{manifest.events}:" in manifest.anchor
    output = capsys.readouterr().out
    assert manifest.anchor in output
    assert NAME not in output
    call_command("verify_record", since=manifest.anchor)


@pytest.mark.django_db
def test_without_a_key_there_is_no_backup(tmp_path, settings):
    settings.BACKUP_KEY = "short"

    with pytest.raises(CommandError, match=r"BACKUP_KEY must be set .* Nothing of it was kept"):
        backup(tmp_path)

    assert backup_files(tmp_path) == []


@pytest.fixture
def small_disk():
    """No file can grow beyond 48 kB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (48 * 1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_disk")
def test_a_copy_that_finds_no_room_leaves_nothing(tmp_path):
    with pytest.raises(CommandError, match="Nothing of it was kept; earlier backups stand"):
        backup(tmp_path)

    assert backup_files(tmp_path) == []
    assert not AuditEvent.objects.filter(code="backup.made").exists()


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_at_the_very_end_leaves_the_earlier_ones_alone(tmp_path, monkeypatch):
    earlier = backup(tmp_path)

    def full(file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder, "flush_to_disk", full)
    with pytest.raises(CommandError, match="No space left on device"):
        backup(tmp_path)

    assert backup_files(tmp_path) == [earlier.name]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_pg_dump_it_says_what_to_install(tmp_path, settings):
    settings.PG_BIN = str(tmp_path)

    with pytest.raises(CommandError, match="Install the client programs"):
        backup(tmp_path)

    assert backup_files(tmp_path) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_dump_that_fails_is_no_backup(tmp_path, settings):
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "pg_dump"
    program.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump 99.1" && exit\necho broken off >&2\nexit 1\n'
    )
    program.chmod(0o700)
    settings.PG_BIN = str(tmp_path / "bin")

    with pytest.raises(CommandError, match="pg_dump failed: broken off"):
        backup(tmp_path)

    assert backup_files(tmp_path) == ["pg_dump"]


@pytest.mark.postgres
def test_the_password_is_in_the_environment_only():
    live = connection.copy()
    live.settings_dict["PASSWORD"] = "never shown"

    assert "never shown" not in " ".join(postgres._server(live))


@pytest.mark.postgres
@pytest.mark.parametrize("host", ["db.example", "127.0.0.1", "/var/run/postgresql", ""])
def test_a_scratch_is_found_where_the_database_is(host):
    live = connection.copy()
    live.settings_dict.update(
        HOST=host, PORT=5433, USER="fili form", PASSWORD="p@ss/:w", OPTIONS={"sslmode": "require"}
    )

    found = environ.Env.db_url_config(postgres.Scratch(live, "filiform_drill_1").url)

    wanted = {
        "HOST": host,
        "PORT": 5433,
        "USER": "fili form",
        "PASSWORD": "p@ss/:w",
        "NAME": "filiform_drill_1",
    }
    assert {name: found[name] for name in wanted} == wanted
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_stop_clears_away_what_was_begun(tmp_path):
    before = signal.getsignal(signal.SIGTERM)

    with pytest.raises(SystemExit):
        backup_that_stops(tmp_path)

    assert backup_files(tmp_path) == []
    assert signal.getsignal(signal.SIGTERM) is before


def backup_that_stops(tmp_path):
    with termination.clean_exit(), folder.unfinished(tmp_path, NOW) as (path, file):
        file.write(b"half")
        assert path.exists()
        signal.raise_signal(signal.SIGTERM)


NOW = datetime(2026, 3, 31, 2, tzinfo=UTC)


def fake_backup(path: Path, at: datetime, magic: bytes = sealing.MAGIC) -> Path:
    path.mkdir(exist_ok=True)
    file = path / f"filiform-{at.strftime(folder.STAMP)}-{'0' * 6}.backup"
    file.write_bytes(magic + b"and more")
    return file


def test_days_weeks_and_months_are_kept(tmp_path):
    made = [fake_backup(tmp_path, NOW - timedelta(days=day)) for day in range(500)]

    gone = folder.rotate(tmp_path, folder.RotationPolicy(), made=made[0])

    days = [int((NOW - folder._at(path)).days) for path in folder.backups(tmp_path)]
    assert days[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert days[7:] == [9, 16, 31, 59, 90, 121, 151, 182, 212, 243, 274, 304, 335]
    assert len(gone) == 500 - len(days)


def test_all_of_the_last_day_stay(tmp_path):
    made = [fake_backup(tmp_path, NOW - timedelta(hours=hour)) for hour in range(30)]

    gone = folder.rotate(tmp_path, folder.RotationPolicy(1, 0, 0), made=made[0])

    assert set(gone) == set(made[24:])


def test_what_is_not_ours_is_never_removed(tmp_path):
    made = fake_backup(tmp_path, NOW)
    others = [
        fake_backup(tmp_path, NOW - timedelta(days=900), magic=b"somebody else's"),
        tmp_path / "filiform-20200101T000000Z.backup",
        tmp_path / "notes.txt",
        tmp_path / "other.backup.unfinished",
    ]
    for path in others[1:]:
        path.write_bytes(sealing.MAGIC)
        os.utime(path, (0, 0))
    link = tmp_path / "filiform-20200101T000000Z-abcdef.backup"
    link.symlink_to(made)

    assert folder.rotate(tmp_path, folder.RotationPolicy(0, 0, 0), made=made) == []
    assert all(path.exists() for path in [*others, link, made])


def test_what_broke_off_long_ago_is_cleared_away(tmp_path):
    made = fake_backup(tmp_path, NOW)
    old, new = (tmp_path / f"filiform-20200101T000000Z-00000{n}.backup.unfinished" for n in (1, 2))
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (0, 0))

    assert folder.rotate(tmp_path, folder.RotationPolicy(), made=made) == [old]
    assert new.exists()


def test_a_copy_that_a_power_cut_left_behind_is_cleared_away(tmp_path):
    old, new, other = (
        tmp_path / name for name in ("filiform-copy-abcd1234", "filiform-copy-abcd5678", "other")
    )
    for path in (old, new, other):
        path.mkdir()
        (path / "copy.sqlite3").write_bytes(b"readable")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))

    sqlite._clear(tmp_path)

    assert not old.exists()
    assert new.exists()
    assert other.exists()
