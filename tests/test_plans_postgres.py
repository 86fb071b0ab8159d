"""PostgreSQL may read a table that grows from end to end where it likes to: never for want of an index."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import timezone

from tests.test_plans import GROWS, OPEN_WORK, is_the_newest, selected
from treatments.selectors.board import due_notes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the plans of the other engine"),
]


# Ways that read the other side of a join, or a table, as a whole.
NO_INDEX_NEEDED = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
# How many rows a page of a growing table is said to have: one page of a test stands for a large practice.
ROWS_ON_A_PAGE = 1_000_000


@pytest.fixture(autouse=True)
def by_index():
    lead_by_index()


def lead_by_index():
    """Until the transaction ends, whatever an index can lead to is led to by one.

    A test's few rows are said to be a million: where thirty patients stand on one page PostgreSQL reads the
    page, and which page that is depends on the tests before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("only a superuser of the database may say how large a table is")
        for way in NO_INDEX_NEEDED:
            cursor.execute(f"SET LOCAL {way} = off")
        cursor.execute(
            "UPDATE pg_class SET relpages = 1, reltuples = %s WHERE relname = ANY(%s) AND relkind = 'r'",
            [ROWS_ON_A_PAGE, sorted(GROWS)],
        )


def read_whole(do) -> dict[str, list[str]]:
    """{statement: growing tables that no index leads to}."""
    asked = [(sql, params) for sql, params in selected(do) if not is_the_newest(sql)]
    small = OPEN_WORK | _of_some_rows()
    found = {sql: sorted(GROWS & set(_without_a_way(_plan_of(sql, params), small))) for sql, params in asked}
    return {sql[-300:]: tables for sql, tables in found.items() if tables}


def _of_some_rows() -> set[str]:
    """Indexes of a part of a table: in a test each fits on a page, which PostgreSQL reads as soon as any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indpred IS NOT NULL"
        )
        return {name for (name,) in cursor.fetchall()}


def _plan_of(sql: str, params) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    return (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]


def _without_a_way(node: dict, small: set[str]) -> Iterator[str]:
    through = "Index Name" in node and "Index Cond" not in node and node["Index Name"] not in small
    if node["Node Type"] == "Seq Scan" or through:
        yield node.get("Relation Name", "")
    for inner in node.get("Plans", ()):
        yield from _without_a_way(inner, small)


@pytest.mark.parametrize("role", ["author", "lead"])
def test_the_notes_of_a_board_are_led_to_by_their_lists(practice, role):
    """An OR between lists of keys is such a want: the board took seconds at twenty thousand patients."""
    user, now = practice.people[role], timezone.now()
    asked = {"mine": role == "author", "before": now if role == "lead" else None, "cosigns": True}

    assert read_whole(lambda: due_notes.notes_for(user, cosign_before=now, **asked)) == {}
