"""PostgreSQL may choose to scan a growing table, but never for lack of an index."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from patients.models import Consent, Patient, Screening
from patients.rules.identity import search_terms
from patients.rules.identity.keys import Identity
from patients.selectors.identity import one_box, possible_matches, search
from tests import factories, world
from tests.test_plans import GROWS, OPEN_WORK, OTHER_TERMS, captured_statements, is_chain_end_query
from treatments.models import FollowUp, NeedlingSession
from treatments.rules.reports.questions import NEEDLES, QUESTIONS, SORENESS
from treatments.rules.reports.report import Terms
from treatments.selectors.board import due_notes
from treatments.selectors.followups import calls
from treatments.selectors.reports import notes

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


def rows_read(do) -> Counter[str]:
    """{table: rows that the statements of `do` read of it}, as they ran."""
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for sql, params in captured_statements(do):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
        found.update(_rows_of(plan[0]["Plan"]))
    return found


def _rows_of(node: dict) -> Counter[str]:
    read = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    found = Counter({node.get("Relation Name", ""): read * node.get("Actual Loops", 0)})
    for inner in node.get("Plans", ()):
        found.update(_rows_of(inner))
    return found


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


@pytest.mark.parametrize("role", ["desk", "author", "lead"])
def test_the_call_list_is_led_to_by_what_is_due(practice, role):
    """Joined to eight other tables first, the calls of all years were read for the few that are due."""
    client = world.client_of(practice, role)

    scans = full_scans(lambda: client.get(reverse("treatments:followups"))).values()

    read_whole = {table for tables in scans for table in tables}
    assert read_whole.isdisjoint({FollowUp._meta.db_table, NeedlingSession._meta.db_table})


@pytest.mark.parametrize("number", [1, 2])
def test_of_many_calls_only_those_of_the_page_are_joined_to_their_patients(practice, number):
    """With 5,000 calls due each of them was joined to patient, therapist and sites for the 25 of a page."""
    author, now = practice.people["author"], timezone.now()
    make_due(2 * calls.PAGE, author, now=now)
    shown, closed = calls.PAGE + 1, Patient.objects.filter(restricted_at__isnull=False).count()

    read = rows_read(lambda: calls.page(author, now=now, attempts=3, number=number))

    # the closed ones are looked for among those with a warning sign, and among the oldest
    assert read["patients_patient"] <= shown + 2 * closed
    assert read["treatments_needlesite"] <= shown


def test_calls_that_are_due_are_counted_without_their_patients(practice):
    """A closed record is looked for among the closed ones, which are few, and not at each call."""
    desk, now = practice.people["desk"], timezone.now()
    make_due(2 * calls.PAGE, practice.people["author"], now=now)
    closed = Patient.objects.filter(restricted_at__isnull=False).count()

    read = rows_read(lambda: calls.counts(desk, now=now, attempts=3))

    assert read["patients_patient"] <= closed


def make_due(count: int, therapist, *, now: dt.datetime) -> None:
    """Calls after sessions of one site, each of another patient."""
    for number in range(count):
        session = factories.session(factories.patient(therapist), therapist)
        factories.site(session)
        factories.followup(session, due_at=now - dt.timedelta(minutes=number))


@pytest.mark.parametrize("typed", ["YCTZTKA", "5550142", "lind pat"])
def test_a_search_reads_only_patients_that_an_index_leads_to(practice, typed):
    """Asked for a reference or a name in one condition, PostgreSQL read every patient."""
    terms = search_terms.parse_search(typed, today=timezone.localdate())
    scans = full_scans(lambda: search.find_patients(terms, user=practice.people["desk"]))

    assert scans == {}


@pytest.mark.parametrize("typed", OTHER_TERMS)
def test_other_ways_to_a_patient_are_led_to_by_an_index(practice, typed):
    terms = search_terms.parse_search(typed, today=timezone.localdate())

    assert full_scans(lambda: one_box.find(terms, user=practice.people["desk"])) == {}


def test_possible_matches_are_led_to_by_an_index(practice):
    typed = Identity("Lind", "Per", timezone.localdate().replace(year=1967, month=9, day=30), "+15550142290")

    assert full_scans(lambda: possible_matches.candidates(typed, user=practice.people["desk"])) == {}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.code)
@pytest.mark.parametrize("role", ["author", "lead"])
def test_a_report_is_led_to_by_its_days(practice, role, question):
    client, path = world.client_of(practice, role), reverse(question.url_name)

    assert full_scans(lambda: client.get(path)) == {}


@pytest.mark.parametrize("name", ["treatments:record-print", "patients:consent", "patients:screening"])
@pytest.mark.parametrize("role", ["author", "lead"])
def test_the_papers_of_a_patient_are_led_to_by_the_patient(practice, role, name):
    """Joined to eight other tables first, the consents of all patients were read for those of one."""
    client, (address,) = world.client_of(practice, role), [a for a in world.addresses() if a.name == name]
    path = address.path(practice.values(address, "draft"))

    assert client.get(path).status_code == 200
    scans = full_scans(lambda: client.get(path)).values()

    read_whole = {table for tables in scans for table in tables}
    assert read_whole.isdisjoint({Patient._meta.db_table, Consent._meta.db_table, Screening._meta.db_table})


@pytest.mark.parametrize("question", [NEEDLES, SORENESS], ids=lambda question: question.code)
def test_what_a_report_leaves_out_is_expected_to_be_little(practice, question):
    """Joined and then asked for a missing key, PostgreSQL expects nothing to be left, and takes what it finds
    row by row: a report of ninety days took ten times as long."""
    client, path = world.client_of(practice, "lead"), reverse(question.url_name)

    found = [
        node["Filter"]
        for sql, params in captured_statements(lambda: client.get(path))
        for node in _nodes(_plan_of(sql, params))
        if node.get("Join Type") in ("Left", "Right") and re.search(r"\bid IS NULL", node.get("Filter", ""))
    ]

    assert found == []


def test_needles_of_a_report_are_added_up_together(practice):
    """A sum for each session of ninety days was asked for three times."""
    terms = Terms(timezone.localdate() - dt.timedelta(days=90), timezone.localdate())
    sql, params = captured_statements(lambda: notes.mismatches(terms, user=practice.people["lead"]))[0]

    each = [
        node
        for node in _nodes(_plan_of(sql, params))
        if node.get("Parent Relationship") == "SubPlan" and "needlesite" in json.dumps(node)
    ]

    # of the rows that are listed
    assert len(each) == 1


def _nodes(node: dict) -> Iterator[dict]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)
