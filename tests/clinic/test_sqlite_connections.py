"""A SQLite connection is kept from request to request, no longer than its file is in its place."""

import contextlib
import os
import shutil
import signal
import sqlite3
import urllib.request

import pytest
from django.db import DatabaseError, connection

from tests.live_practice import LivePractice, copied_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(tmp_path):
    """A connection to a file of its own, configured as the product's is."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's server says by itself when it was replaced")
    file = tmp_path / "practice.sqlite3"
    copied_file(file)
    live = connection.copy()
    live.settings_dict["NAME"] = f"file:{file}?mode=rw"
    yield live, file
    live.close()


def next_request(live) -> None:
    live.close_if_unusable_or_obsolete()


def name_of(live) -> str:
    with live.cursor() as cursor:
        cursor.execute("SELECT name FROM clinic_practice")
        return cursor.fetchone()[0]


def phone_in(file) -> str:
    with contextlib.closing(sqlite3.connect(file)) as other:
        return other.execute("SELECT phone FROM clinic_practice").fetchone()[0]


def rename(file, name: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE clinic_practice SET name = ?", (name,))


def test_the_next_request_has_the_same_connection(kept):
    live, _ = kept
    name_of(live)
    first = live.connection

    next_request(live)
    name_of(live)

    assert live.connection is first


def test_what_another_process_wrote_is_read(kept):
    live, file = kept
    name_of(live)

    rename(file, "Renamed")
    next_request(live)

    assert name_of(live) == "Renamed"


def test_a_restored_file_is_read_and_written_by_the_next_request(kept, tmp_path):
    live, file = kept
    name_of(live)
    restored = tmp_path / "restored"
    copied_file(restored)
    rename(restored, "Restored")

    aside = file.rename(tmp_path / "aside")
    restored.rename(file)
    next_request(live)

    assert name_of(live) == "Restored"
    with live.cursor() as cursor:
        cursor.execute("UPDATE clinic_practice SET phone = '555'")
    live.close()
    assert phone_in(file) == "555"
    assert phone_in(aside) != "555"


def test_a_file_that_is_gone_is_no_longer_written(kept, tmp_path):
    live, file = kept
    name_of(live)

    file.rename(tmp_path / "aside")
    next_request(live)

    with pytest.raises(DatabaseError):
        name_of(live)
    shutil.move(tmp_path / "aside", file)
    next_request(live)
    assert name_of(live)


def test_a_file_that_is_replaced_while_it_is_opened_is_noticed(kept, tmp_path, monkeypatch):
    """What counts is the file before it was opened: seen afterwards it could be another already."""
    live, file = kept
    restored = tmp_path / "restored"
    copied_file(restored)
    rename(restored, "Restored")
    opened = live.Database.connect

    def replaced_after(*args, **kwargs):
        found = opened(*args, **kwargs)
        file.rename(tmp_path / "aside")
        os.rename(restored, file)
        monkeypatch.undo()
        return found

    monkeypatch.setattr(live.Database, "connect", replaced_after)
    with contextlib.suppress(DatabaseError):
        name_of(live)
    next_request(live)

    assert name_of(live) == "Restored"


def test_the_product_keeps_its_connections_through_a_quiet_hour():
    """Longer than a thread of a small practice rests, and asked each time whether they still stand."""
    assert connection.settings_dict["CONN_MAX_AGE"] >= 3600
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]


def test_all_connections_of_a_process_share_one_cache_of_bounded_size(kept):
    """A server has many threads, and each keeps a connection of its own."""
    live, _ = kept
    with live.cursor() as cursor:
        cursor.execute("PRAGMA soft_heap_limit")
        assert 0 < cursor.fetchone()[0] <= 32 * 1024 * 1024


@pytest.mark.drill
def test_a_server_that_stops_leaves_one_whole_file(tmp_path):
    """Whoever copies the file after a stop has everything: no part of it waits in files beside it."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite keeps files beside its own")
    file = tmp_path / "practice.sqlite3"
    practice = LivePractice(copied_file(file))
    with (tmp_path / "log").open("w") as output, practice.start(output) as server:
        practice.wait(tmp_path / "log")
        for _ in range(12):
            urllib.request.urlopen(f"http://127.0.0.1:{practice.port}/accounts/login/", timeout=10).close()
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0

    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "practice.sqlite3"]
