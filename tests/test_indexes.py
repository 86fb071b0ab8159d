"""Indexes stand only where somebody needs them, and each that somebody needs stands."""

import re

import pytest
from django.db import connection

from tests import installed_indexes, world
from tests.index_table import INDEXES
from tests.test_plans import captured_statements, plan_of

pytestmark = pytest.mark.django_db
PAGES = {over: who.removeprefix("page: ") for over, who in INDEXES.items() if who.startswith("page: ")}


@pytest.mark.postgres
def test_every_index_of_postgresql_has_somebody_who_needs_it():
    assert installed_indexes.read().keys() == INDEXES.keys()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the other engine has a test of its own")
def test_every_index_of_sqlite_has_somebody_who_needs_it():
    assert installed_indexes.read().keys() == INDEXES.keys()


def test_an_index_that_nobody_needs_is_noticed():
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX more ON patients_visit (room_id)")
        cursor.execute("DROP INDEX audit_by_time")

    stands = installed_indexes.read().keys()

    assert stands - INDEXES.keys() == {"patients_visit: room_id"}
    assert INDEXES.keys() - stands == {"clinic_auditevent: at"}


def test_who_needs_an_index_is_one_of_four():
    assert {who.partition(": ")[0] for who in INDEXES.values()} == {"page", "act", "once", "django"}


def read_whole(response) -> None:
    """What is sent piece by piece is asked for piece by piece."""
    for _ in response.streaming_content if response.streaming else ():
        pass


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite plans few rows like many")
def test_each_page_is_led_by_the_indexes_that_it_needs(practice):
    names = installed_indexes.read()
    led: dict[str, set[str]] = {page: set() for page in PAGES.values()}
    for role, address, state in world.requests_of(practice):
        if address.name in led:
            client, path = world.client_of(practice, role), address.path(practice.values(address, state))
            for sql, params in captured_statements(
                lambda client=client, path=path: read_whole(client.get(path))
            ):
                led[address.name] |= set(re.findall(r"INDEX (\S+)", plan_of(sql, params)))

    unused = {over: page for over, page in PAGES.items() if names[over] not in led[page]}
    assert unused == {}
