"""A backup under load is consistent, and no write has to wait for it."""

import time

import pytest
from django.db import connection

from clinic.actions import backup
from clinic.backup import trial
from tests import drills
from tests.flows.test_writers_at_once import Writer

# The server reads a copy of the database, so the rows must be committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]
WRITERS, BACKUPS, SECONDS = 4, 10, 120


def live(live_practice):
    """The environment of the served practice, for a process beside the server."""
    own, name = connection.copy(), live_practice.environment["DATABASE_URL"]
    if connection.vendor == "sqlite":
        own.settings_dict["NAME"] = f"file:{name.removeprefix('sqlite:///')}?mode=rw"
    else:
        own.settings_dict["NAME"] = name.rpartition("/")[2]
    return own


def saves(writers: list[Writer]) -> int:
    return sum(writer.saves for writer in writers)


def test_each_backup_under_load_can_be_lived_from(live_practice, tmp_path):
    number, made, meanwhile = drills.count(BACKUPS), [], 0
    seeded = live_practice.ask(f"seed({WRITERS})")
    with live_practice.open(tmp_path / "server.log"):
        writers = [Writer(live_practice, one, time.monotonic() + 600) for one in seeded]
        for writer in writers:
            writer.start()
        try:
            for _ in range(number):
                reached = saves(writers)
                made.append(backup.make_backup(live(live_practice), tmp_path / "backups"))
                deadline = time.monotonic() + SECONDS
                while saves(writers) == reached and not any(writer.failed for writer in writers):
                    assert time.monotonic() < deadline, "nobody's save is answered"
                    time.sleep(0.05)
                meanwhile += saves(writers) - reached
        finally:
            for writer in writers:
                writer.until = 0
            for writer in writers:
                writer.join()

    assert [failure for writer in writers for failure in writer.failed] == []
    events = [one.manifest.events for one in made]
    assert events == sorted(events)
    assert events[0] > 0
    assert [list(trial.backup_faults(live(live_practice), one.path)) for one in made] == [[]] * number
    drills.record("a backup while people write", backups=number, saves=meanwhile, wrong=0)
