"""PostgreSQL may choose to scan a growing table, but never for lack of an index."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests import world
from tests.test_plans import GROWS, OPEN_WORK, captured_statements, is_chain_end_query
from treatments.rules.reports.questions import QUESTIONS
from treatments.selectors.board import due_notes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the plans of the other engine"),
]


# Plan nodes that read the other side of a join, or a table, completely.
NO_INDEX_NEEDED = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
# Assumed rows per page of a growing table: one page of a test stands for a large practice.
ROWS_ON_A_PAGE = 1_000_000


@pytest.fixture(autouse=True)
def by_index():
    prefer_indexes()


def prefer_indexes():
    """Until the transaction ends, PostgreSQL uses an index wherever it can.

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


def full_scans(do) -> dict[str, list[str]]:
    """{statement: growing tables that it reads without an index}."""
    statements = [(sql, params) for sql, params in captured_statements(do) if not is_chain_end_query(sql)]
    small = OPEN_WORK | _partial_indexes()
    found = {
        sql: sorted(GROWS & set(_without_index(_plan_of(sql, params), small))) for sql, params in statements
    }
    return {sql[-300:]: tables for sql, tables in found.items() if tables}


def _partial_indexes() -> set[str]:
    """Partial indexes, which fit on one page in a test and are scanned like a table."""
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


def _without_index(node: dict, small: set[str]) -> Iterator[str]:
    through = "Index Name" in node and "Index Cond" not in node and node["Index Name"] not in small
    if node["Node Type"] == "Seq Scan" or through:
        yield node.get("Relation Name", "")
    for inner in node.get("Plans", ()):
        yield from _without_index(inner, small)


@pytest.mark.parametrize("role", ["author", "lead"])
def test_the_notes_of_a_board_are_led_to_by_their_lists(practice, role):
    """An OR between lists of keys cannot use an index: the board took seconds at twenty thousand patients."""
    user, now = practice.people[role], timezone.now()
    statements = {"mine": role == "author", "before": now if role == "lead" else None, "cosigns": True}

    assert full_scans(lambda: due_notes.notes_for(user, cosign_before=now, **statements)) == {}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.code)
@pytest.mark.parametrize("role", ["author", "lead"])
def test_a_report_is_led_to_by_its_days(practice, role, question):
    client, path = world.client_of(practice, role), reverse(question.url_name)

    assert full_scans(lambda: client.get(path)) == {}
