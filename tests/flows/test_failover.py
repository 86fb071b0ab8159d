"""Machines of a practice on several go one after another while people write; see docs/scale.md."""

import contextlib
import os
import threading
import time

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from clinic.django_internals import commits
from tests import drills
from tests.scale import attackers, people, topology

pytestmark = [pytest.mark.django_db, pytest.mark.drill, pytest.mark.postgres]
WRITERS, ROUNDS = 4, 10
NEXT = "tests.scale.next_settings"
# Saves that are awaited before a fault and after it: everybody's note, site and registration.
EVERY_SAVE = 3 * WRITERS


@pytest.fixture(scope="module")
def cluster(django_db_setup, django_db_blocker):
    if lacking := topology.lacking():
        reason = f"no machine was failed over: this one lacks {', '.join(lacking)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with django_db_blocker.unblock(), topology.cluster() as whole:
        yield whole


@pytest.fixture(scope="module")
def writers(cluster):
    return cluster.of_writers(f"seed({WRITERS})")


def drilled(drill: str, cluster, writers, fail) -> None:
    """`fail(busy)` breaks something, mends it, and gives the moment it was broken."""
    slowest, acknowledged, refused, unsure = 0.0, 0, 0, 0
    rounds = drills.count(ROUNDS)
    for _ in range(rounds):
        with people.at_work(cluster, writers) as busy:
            busy.wait_for(EVERY_SAVE)
            fault = fail(busy)
            busy.wait_for(EVERY_SAVE, since=fault)
        slowest = max(slowest, busy.longest_wait(since=fault))
        check(cluster, busy)
        acknowledged += len(busy.acknowledged())
        refused += len(busy.refused())
        unsure += sum(each["unsure"] for each in busy.refused())
    drills.record(
        drill, times=rounds, acknowledged=acknowledged, lost=0, half=0, refused=refused, unsure=unsure,
        seconds=round(slowest, 1),
    )  # fmt: skip


def check(cluster, busy) -> None:
    """What was acknowledged is there once and whole; what was refused was said, with what was typed."""
    keys = {what: [each["key"] for each in busy.acknowledged(what)] for what in ("note", "site", "patient")}
    found = cluster.of_writers(f"after_failover({keys!r})")
    assert found == {"lost": [], "half": [], "broken": None, "doubled": []}
    answered = [each for each in busy.refused() if each["status"]]
    assert [each for each in answered if each["status"] not in {502, 503, 504} or not each["words"]] == []
    assert [each for each in answered if each["what"] == "patient" and not each["kept"]] == []


def test_a_server_dies_in_mid_save(cluster, writers):
    def fail(busy) -> float:
        fault = time.monotonic()
        cluster["app1"].end()
        busy.wait_for(EVERY_SAVE, since=fault)
        cluster.start_server("app1")
        cluster.until(lambda: cluster.is_served("app1"), "the server is back")
        return fault

    drilled("one of two servers is killed", cluster, writers, fail)


def test_the_pooler_is_killed_and_started_again(cluster, writers):
    def fail(busy) -> float:
        fault = time.monotonic()
        cluster["pooler"].end()
        time.sleep(1)
        cluster.start_pooler()
        return fault

    drilled("the pooler is killed, and started again a second later", cluster, writers, fail)


def test_the_primary_is_killed_and_the_standby_promoted(cluster, writers):
    def fail(busy) -> float:
        fault = time.monotonic()
        cluster[cluster.primary].end()
        cluster.promote()
        busy.wait_for(EVERY_SAVE, since=fault)
        cluster.make_standby()
        return fault

    drilled("the primary is killed, the standby promoted", cluster, writers, fail)


def test_while_the_standby_is_away_nothing_is_acknowledged(cluster, writers):
    def fail(busy) -> float:
        cluster[cluster.standby].cut()
        fault = time.monotonic()
        cluster.until(lambda: any(each["unsure"] for each in busy.refused(since=fault)), "a save is unsure")
        assert busy.acknowledged(since=fault) == []
        cluster[cluster.standby].join()
        return fault

    drilled("the standby is cut off until saves are unsure, and joins again", cluster, writers, fail)


def test_a_primary_that_was_cut_off_cannot_be_written(cluster, writers):
    def fail(busy) -> float:
        fault, old = time.monotonic(), cluster.primary
        cluster[old].cut()
        cluster.promote()
        busy.wait_for(EVERY_SAVE, since=fault)
        cluster[old].join()
        assert [cluster.ask(name, "SELECT pg_is_in_recovery()") for name in ("db1", "db2")] == [False, False]
        assert outcome_at(cluster, old) == [commits.UnsureCommit]
        cluster[old].end()
        cluster.make_standby()
        cluster.until(lambda: cluster.is_copying("sync"), "the old primary follows")
        for name in ("db1", "db2"):
            with cluster.console(name) as cursor:
                cursor.execute("SELECT count(*) FROM clinic_room WHERE name = 'Left behind'")
                assert cursor.fetchone() == (0,)
        return fault

    drilled("the primary is cut off, the standby promoted, the old one is back", cluster, writers, fail)


def test_a_rolling_update_never_opens_a_signed_note(cluster, writers):
    """The migration changes locked tables and signed rows; then each server is updated by itself."""
    signed, latest = cluster.of_writers("signed_note()"), MigrationLoader(None).graph.leaf_nodes("treatments")
    attacks = attackers.Attacks(cluster, signed)

    def fail(busy) -> float:
        fault = time.monotonic()
        with attacks.going_on():
            cluster.manage("migrate", "--verbosity", "0", settings=NEXT)
            for name in ("app1", "app2"):
                cluster[name].stop()
                cluster.start_server(name, NEXT)
                cluster.until(lambda name=name: cluster.is_served(name), f"{name} is updated")
            verified = cluster.manage("verify_record", settings=NEXT)
            if drills.IS_FULL:
                # for the next round
                cluster.manage("migrate", *latest[0], "--verbosity", "0", settings=NEXT)
        assert "The record is as it was written." in verified
        return fault

    drilled("a rolling update while people write", cluster, writers, fail)
    assert attacks.answers["changed"] == 0
    drills.record(
        "attacks on a signed note during it", attacks=attacks.answers.total(),
        refused=attacks.answers["refused"], waited=attacks.answers["waited"], changed=0,
    )  # fmt: skip


def outcome_at(cluster, name: str) -> list[type]:
    """How a commit at that primary's own console ends: it waits, and is unsure once the wait is ended."""
    there = connection.copy(alias="left behind")
    where = cluster.where(name)
    there.settings_dict |= {"HOST": where["host"], "PORT": 5432, "NAME": topology.OWNER}
    there.settings_dict |= {"USER": where["user"], "PASSWORD": where["password"]}
    outcomes = []
    writing = threading.Thread(target=write_at, args=(there, outcomes))
    writing.start()
    writing.join(2)
    assert outcomes == [], "a primary without its standby acknowledged a commit"
    with cluster.console(name) as cursor:
        cursor.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    writing.join(topology.SECONDS)
    return outcomes


def write_at(there, outcomes: list[type]) -> None:
    there.inc_thread_sharing()
    with contextlib.closing(there):
        there.set_autocommit(False)
        with there.cursor() as cursor:
            cursor.execute("UPDATE clinic_room SET name = 'Left behind'")
        try:
            there.commit()
        except commits.UnsureCommit as unsure:
            outcomes.append(type(unsure))
        else:
            outcomes.append(type(None))
