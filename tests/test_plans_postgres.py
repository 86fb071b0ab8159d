"""PostgreSQL may read a table that grows from end to end where it likes to: never for want of an index."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import timezone

from tests.test_plans import GROWS, OPEN_WORK, selected
from treatments import due_notes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the plans of the other engine"),
]


# Ways that read the other side of a join, or a table, as a whole.
NO_INDEX_NEEDED = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")


@pytest.fixture(autouse=True)
def by_index():
    """Whatever an index can lead to is led to by one, however few the rows of a test are."""
    with connection.cursor() as cursor:
        for way in NO_INDEX_NEEDED:
            cursor.execute(f"SET LOCAL {way} = off")


def read_whole(do) -> dict[str, list[str]]:
    """{statement: growing tables that no index leads to}."""
    found = {sql: sorted(GROWS & set(_without_a_way(_plan_of(sql, params)))) for sql, params in selected(do)}
    return {sql[-300:]: tables for sql, tables in found.items() if tables}


def _plan_of(sql: str, params) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    return (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]


def _without_a_way(node: dict) -> Iterator[str]:
    through = "Index Name" in node and "Index Cond" not in node and node["Index Name"] not in OPEN_WORK
    if node["Node Type"] == "Seq Scan" or through:
        yield node.get("Relation Name", "")
    for inner in node.get("Plans", ()):
        yield from _without_a_way(inner)


@pytest.mark.parametrize("role", ["author", "lead"])
def test_the_notes_of_a_board_are_led_to_by_their_lists(practice, role):
    """An OR between lists of keys is such a want: the board took seconds at twenty thousand patients."""
    user, now = practice.people[role], timezone.now()
    asked = {"mine": role == "author", "before": now if role == "lead" else None, "cosigns": True}

    assert read_whole(lambda: due_notes.notes_for(user, cosign_before=now, **asked)) == {}
