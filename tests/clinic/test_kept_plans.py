"""A long statement is planned once on each connection of PostgreSQL, and gives what it would give plainly."""

import contextlib
import datetime as dt
import uuid

import psycopg2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.django_internals import kept_plans
from clinic.django_internals.kept_plans import KeptStatement
from clinic.django_internals.prepared import PreparedQuery
from patients.rules.identity import search_terms
from patients.rules.identity.search_terms import SearchTerms
from patients.selectors.identity import one_box, search
from tests import world
from tests.prepared_queries import same_rows_as_plain_query
from treatments.models import NeedlingSession
from treatments.selectors.session import draft as drafts

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PREPARED = (
    "SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements WHERE name LIKE 'kept_%'"
)

PLANS = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name LIKE 'kept_%'"


@pytest.fixture
def pooled():
    """A connection of the server's own, as a pooler would lend it, that keeps what it is asked."""
    with contextlib.closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.autocommit = True
        other.cursor_factory = kept_plans.cursor_of(psycopg2)
        yield other


def kept(sql: str, *params, places=None) -> KeptStatement:
    return KeptStatement(sql, params, range(len(params)) if places is None else places)


def answer(of, statement: str, params=None) -> list[tuple]:
    with of.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def test_it_is_planned_once_and_executed_each_time(pooled):
    statement = kept("SELECT %s + 1", 0)

    assert [answer(pooled, statement, (number,)) for number in (1, 41)] == [[(2,)], [(42,)]]
    assert [times for _sql, times in answer(pooled, PREPARED)] == [2]


@pytest.mark.parametrize(
    "value",
    [
        7,
        "O'Brien said 100 % $1 \\ $$",
        "",
        dt.date(2026, 3, 10),
        dt.datetime(2026, 3, 10, 8, 30, tzinfo=dt.UTC),
        uuid.UUID(int=7),
        [1, 2],
        ["a", "b'"],
        [uuid.UUID(int=1)],
        [dt.date(2026, 3, 10)],
    ],
)
def test_a_value_is_what_it_would_be_in_the_text(pooled, value):
    psycopg2.extras.register_uuid()
    kind = kept_plans._type_of(value).replace("unknown", "text")
    sql = f"SELECT %s::{kind}, %s::text, '100 %%'"
    fixed = "a fixed 'text' with $1 and 100 %"

    assert answer(pooled, kept(sql, value, fixed, places=[0]), (value, fixed)) == answer(
        pooled, sql, (value, fixed)
    )


def test_what_a_rollback_took_back_is_kept_all_the_same(pooled):
    statement = kept("SELECT %s + 1", 0)
    pooled.autocommit = False
    answer(pooled, statement, (1,))
    pooled.rollback()

    assert answer(pooled, statement, (1,)) == [(2,)]
    pooled.commit()
    assert answer(pooled, statement, (2,)) == [(3,)]


def test_one_plan_serves_all_values_where_the_query_says_so(pooled):
    """Else PostgreSQL plans for the first five values, and on and on where it thinks badly of one plan."""
    statement = KeptStatement("SELECT %s + 1", (0,), [0], one_plan=True)

    assert [answer(pooled, statement, (number,)) for number in (1, 41)] == [[(2,)], [(42,)]]
    assert answer(pooled, PLANS) == [(2, 0)]


@pytest.mark.parametrize("autocommit", [True, False])
def test_one_plan_is_no_wish_for_what_is_asked_next(pooled, autocommit):
    pooled.autocommit = autocommit
    answer(pooled, KeptStatement("SELECT %s + 1", (0,), [0], one_plan=True), (1,))

    assert answer(pooled, "SHOW plan_cache_mode") == [("auto",)]


@pytest.mark.parametrize(
    ("text", "one_plan"),
    [("lind", True), ("lind pat", True), ("pat lind", True), ("xy zz", False), ("5550142", True)],
)
def test_a_search_has_one_plan_unless_its_words_are_many_peoples(practice, monkeypatch, text, one_plan):
    """Led by the longer of two words, or by what statistics tell of two beginnings of two letters."""
    queries = {
        name: PreparedQuery(search._rows, one_plan=name == "ROWS") for name in ("ROWS", "ROWS_BY_VALUES")
    }
    for name, query in queries.items():
        monkeypatch.setattr(search, name, query)

    one_box.find(search_terms.parse_search(text, today=dt.date(2026, 3, 10)), user=practice.people["desk"])

    asked = [statement.sql for query in queries.values() for statement in query.statements.values()]
    assert {each.one_plan for each in asked} == {one_plan}


def test_the_longest_word_leads(practice):
    assert list(search._named_words(SearchTerms(words=("pat", "lindqvist"))).values()) == ["lindqvist", "pat"]


def test_each_connection_keeps_its_own(pooled):
    statement = kept("SELECT %s + 1", 0)
    answer(pooled, statement, (1,))

    with contextlib.closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.cursor_factory = kept_plans.cursor_of(psycopg2)
        assert answer(other, statement, (1,)) == [(2,)]


def test_a_column_of_another_type_is_read_as_it_is_now(pooled):
    """A migration beside a server that goes on: what it kept gives other columns than it did."""
    table = f"changing_{uuid.uuid4().hex}"
    statement = kept(f"SELECT number FROM {table} WHERE number > %s", 0)
    with pooled.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (number integer)")
        cursor.execute(f"INSERT INTO {table} VALUES (5)")
    try:
        assert answer(pooled, statement, (1,)) == [(5,)]
        answer_of = f"ALTER TABLE {table} ALTER number TYPE bigint"
        with pooled.cursor() as cursor:
            cursor.execute(answer_of)
        assert answer(pooled, statement, (1,)) == [(5,)]
        assert answer(pooled, statement, (1,)) == [(5,)]
    finally:
        with pooled.cursor() as cursor:
            cursor.execute(f"DROP TABLE {table}")


def test_in_a_transaction_it_fails_once_and_is_kept_anew(pooled):
    """What was locked and written before it is gone with the transaction: nobody may go on in its place."""
    statement = kept("SELECT %s + 1", 0)
    answer(pooled, statement, (1,))
    answer(pooled, "DEALLOCATE ALL; SELECT 1")
    pooled.autocommit = False

    with pytest.raises(psycopg2.errors.InvalidSqlStatementName):
        answer(pooled, statement, (1,))
    pooled.rollback()
    assert answer(pooled, statement, (1,)) == [(2,)]


def test_a_connection_that_was_told_to_forget_all_answers(pooled):
    """As a pooler does that is told to reset each connection (`DISCARD ALL`)."""
    statement = kept("SELECT %s + 1", 0)
    answer(pooled, statement, (1,))
    with pooled.cursor() as cursor:
        cursor.execute("DISCARD ALL")

    assert answer(pooled, statement, (2,)) == [(3,)]


def test_long_statements_of_a_page_are_kept_and_short_ones_are_not(practice):
    client = world.client_of(practice, "author")
    address = f"/sessions/{practice.states['draft']['sessions']['ref']}/"
    client.get(address)

    assert client.get(address).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(PREPARED)
        found = cursor.fetchall()
    assert any("needlesite" in sql and times > 1 for sql, times in found)
    assert all(len(sql) > kept_plans.LONG for sql, _times in found)


def test_the_rows_are_those_of_the_plain_query(practice):
    ref = practice.states["draft"]["sessions"]["ref"]
    session = NeedlingSession.objects.get(ref=ref)

    same_rows_as_plain_query(drafts.WHOLE, pk=session.pk)
    same_rows_as_plain_query(drafts.SEEN, user=session.therapist_id, at=timezone.now(), ref=ref)


def test_what_is_logged_is_what_was_asked(practice):
    session = NeedlingSession.objects.get(ref=practice.states["draft"]["sessions"]["ref"])
    with CaptureQueriesContext(connection) as captured:
        drafts.WHOLE(pk=session.pk)

    (found,) = captured.captured_queries
    assert found["sql"].startswith("SELECT ")
