"""No statement scans a growing table completely, by the query plan of SQLite."""

import itertools
import re

import pytest
from django.contrib import admin
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from clinic.administration.by_reference import FoundByReferenceAdmin
from clinic.models import AuditEvent
from patients import models as patients
from patients.rules.identity import search_terms
from patients.selectors.identity import listing, search
from tests import world
from treatments import models as treatments
from treatments.rules import audit as audit_rules
from treatments.selectors import audit
from treatments.selectors.board import my_day
from treatments.selectors.sites import entry

# SQLite plans by indexes alone; PostgreSQL also considers row counts and scans small tables.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite plans few rows like many"),
]

# Tables that grow with patients, visits, treatments, calls or looks. Others grow with the staff, if at all.
GROWS = {
    model._meta.db_table
    for model in (
        AuditEvent, patients.Patient, patients.PatientKey, patients.Visit, patients.Episode,
        patients.PatientCondition, patients.Screening, patients.Consent,
        treatments.NeedlingSession, treatments.SessionCondition, treatments.NeedleSite,
        treatments.Measurement, treatments.Aftercare, treatments.FollowUp, treatments.ContactAttempt,
        treatments.SorenessReport, treatments.Seal, treatments.DraftEvent, treatments.AdverseEvent,
    )
}  # fmt: skip
# Partial indexes of open work, which does not grow.
OPEN_WORK = {"adverseevent_open", "followup_open", "redflag_open", "session_drafts", "needles_in"}
FOUND_BY_REFERENCE = [
    model for model, page in admin.site._registry.items() if isinstance(page, FoundByReferenceAdmin)
]
# The index that an audit search uses, by the first entry whose filters are all set.
SEARCH_INDEXES = {
    frozenset({"request_id"}): ("request_id",),
    frozenset({"patient_ref"}): ("patient_ref",),
    frozenset({"person", "code"}): ("actor", "code", "at"),
    frozenset({"person"}): ("actor", "at"),
    frozenset({"code"}): ("code", "at"),
    frozenset(): ("at",),
}
# The plan sorts all that it finds. Events of one moment are few, and sorted for their last term alone.
SORTED = "TEMP B-TREE FOR ORDER BY"
FILTER_SETS = [
    filters
    for count in range(7)
    for filters in itertools.combinations(
        ("person", "patient_ref", "code", "first", "last", "request_id"), count
    )
]
FIND_TERMS = ("a", "p l", "Lind", "per lind", "lind p", "lnid", "9/30/67", "(555) 014-2290", "2290")
# What is found by other ways than the words as typed.
OTHER_TERMS = (
    "bob lind",
    "lind elsewhere 1967",
    "per@example.org",
    "per lind 30/9/67",
    "093067",
    "mohd иванов",
    "AB-4471",
)


def captured_statements(do) -> list[tuple[str, tuple]]:
    """(statement, parameters) of every SELECT, UPDATE and DELETE of `do`."""
    statements = []

    def keep(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        do()
    return [(sql, params) for sql, params in statements if sql.startswith(("SELECT", "UPDATE", "DELETE"))]


def full_scans(do) -> list[tuple[str, list[str]]]:
    """(statement, growing tables that it scans completely) of the statements that do."""
    found = [
        (sql, scanned_tables(sql, params) & GROWS)
        for sql, params in captured_statements(do)
        if not is_chain_end_query(sql)
    ]
    return [(sql, sorted(tables)) for sql, tables in found if tables]


def scanned_tables(sql: str, params) -> set[str]:
    """Tables that the statement scans completely, directly or by an index.

    The plan in words calls two tables by one name where two lists inside of one question do; the program that
    SQLite runs does not.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        steps = [(code, first, second) for _, code, first, second, *_ in cursor.fetchall()]
        cursor.execute("SELECT rootpage, name, tbl_name FROM sqlite_master WHERE rootpage > 0")
        pages = {page: (name, table) for page, name, table in cursor.fetchall()}
    opened = {cursor: pages.get(page) for code, cursor, page in steps if code in ("OpenRead", "OpenWrite")}
    ended = [opened.get(cursor) for code, cursor, _ in steps if code in ("Rewind", "Last")]
    return {table for name, table in filter(None, ended) if name not in OPEN_WORK}


def plan_of(sql: str, params) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return "\n".join(row[3] for row in cursor.fetchall())


def searched_by_null(do) -> list[str]:
    """Indexes that a statement searches by a column that is NULL in nearly every row."""
    found = []
    for sql, params in captured_statements(do):
        for index, column in re.findall(r"SEARCH .* INDEX (\S+) \((\w+)=\?\)", plan_of(sql, params)):
            # searched by what a join or a list gives it, it is not led by NULL
            is_joined = re.search(rf'"{column}" (=|IN)|= \S+"{column}"', sql)
            if f'"{column}" IS NULL' in sql and not is_joined:
                found.append(index)
    return found


def is_chain_end_query(sql: str) -> bool:
    """The query for the last event of the chain: one row from the end of an index."""
    return sql.endswith('FROM "clinic_auditevent" ORDER BY 1 DESC LIMIT 1')


# Pages that compare everybody, each once in a practice's life.
WHOLE = {"patients:bring-in-file": ["patients_patient"]}


def test_no_page_reads_a_growing_table_whole(practice):
    found = {}
    for role, address, state in world.requests_of(practice):
        client, path = world.client_of(practice, role), address.path(practice.values(address, state))
        for sql, tables in full_scans(lambda client=client, path=path: client.get(path)):
            if tables != WHOLE.get(address.name):
                found[address.name] = (tables, sql[-300:])

    assert found == {}


def test_no_page_is_led_by_what_is_empty_nearly_everywhere(practice):
    """Nearly every record is unmerged, so that index would cover the whole table."""
    found = {}
    for role, address, state in world.requests_of(practice):
        client, path = world.client_of(practice, role), address.path(practice.values(address, state))
        if indexes := searched_by_null(lambda client=client, path=path: client.get(path)):
            found[address.name] = indexes

    assert found == {}


def test_no_possible_match_is_led_to_by_what_is_empty(practice, client):
    client.force_login(practice.people["desk"])
    typed = {"family_name": "Lind", "given_name": "Per", "born": "9/30/67", "phone": "(555) 014-2290"}

    assert searched_by_null(lambda: client.post("/patients/register/matches/", typed)) == []


def test_an_index_that_leads_by_emptiness_is_noticed():
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX by_emptiness ON patients_patient (merged_into_id)")
    two = patients.Patient.objects.living_records().filter(name_key__in=["a, b", "b, a"]).order_by()

    assert searched_by_null(lambda: list(two)) == ["by_emptiness"]


@pytest.mark.parametrize("typed", FIND_TERMS + OTHER_TERMS)
def test_no_search_reads_a_growing_table_whole(practice, client, typed):
    client.force_login(practice.people["desk"])

    assert full_scans(lambda: client.post("/patients/", {"q": typed})) == []


@pytest.mark.parametrize("typed", ["lin p 9/30/67", "l p", "lind p"])
def test_no_list_is_made_of_all_whose_name_begins_with_a_letter(practice, typed):
    """Each row that something rarer leads to is asked for its own keys: that list grows with the record."""
    terms = search_terms.parse_search(typed, today=timezone.localdate())
    plans = steps_of(lambda: search.find_patients(terms, user=practice.people["desk"]))
    listed = re.findall(rf"{index_of(patients.PatientKey, 'kind', 'value')} \(.*\)", plans[0])

    assert len(listed) == len([word for word in terms.words if len(word) > 1 and not terms.born])
    assert "(patient_id=? AND kind=? AND value>? AND value<?)" in plans[0]


@pytest.mark.parametrize("model", FOUND_BY_REFERENCE, ids=lambda model: model.__name__)
def test_no_search_of_the_administration_reads_a_growing_table_whole(practice, client, model):
    client.force_login(practice.people["admin"])
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    ref = treatments.NeedlingSession.objects.first().ref

    assert full_scans(lambda: client.get(address, {"q": ref})) == []


def test_a_whole_table_is_noticed():
    everybody = patients.Patient.objects.filter(city="Anywhere")

    assert [tables for _, tables in full_scans(lambda: list(everybody))] == [["patients_patient"]]


def test_what_somebody_opened_last_is_led_to_by_one_index(practice):
    """With an index by person alone the empty find page read every look of that user."""
    plan = steps_of(lambda: listing.recently_opened(practice.people["desk"]))[0]

    assert index_of(AuditEvent, "actor", "code", "at") in plan
    assert not re.search(f"SCAN|{SORTED}", plan)


@pytest.mark.parametrize("filters", FILTER_SETS, ids="+".join)
def test_each_question_to_the_audit_is_led_to_by_its_own_index(practice, filters):
    """With an index by person alone a search for a rare code read every event of that user."""
    plan = steps_of(lambda: list(audit.matching_events(search_for(practice, filters))[:51]))[0]
    leads = next(index for needed, index in SEARCH_INDEXES.items() if needed <= set(filters))

    assert f"clinic_auditevent USING INDEX {index_of(AuditEvent, *leads)}" in plan
    assert may_be_sorted(filters) or SORTED not in plan


def test_what_the_audit_is_asked_next_is_led_to_by_the_same_index(practice):
    """An older page continues where the previous one ended."""
    found = audit.matching_events(search_for(practice, ("person", "code")))

    plan = steps_of(lambda: list(audit.older_events(found, timezone.now(), 9)[:51]))[0]

    assert f"{index_of(AuditEvent, 'actor', 'code', 'at')} (actor_id=? AND code=? AND at<?)" in plan
    assert SORTED not in plan


def search_for(practice, filters: tuple[str, ...]) -> audit_rules.AuditSearch:
    today = timezone.localdate()
    values = {
        "person": practice.people["desk"], "patient_ref": "2222222", "code": "patient.opened",
        "first": today, "last": today, "request_id": "0" * 32,
    }  # fmt: skip
    return audit_rules.AuditSearch(**{name: values[name] for name in filters})


def may_be_sorted(filters: tuple[str, ...]) -> bool:
    """A patient or a request has few events, which may be sorted after they were found."""
    return bool({"patient_ref", "request_id"} & set(filters))


def test_what_a_therapist_did_last_is_led_to_by_one_index(practice):
    session = treatments.NeedlingSession.objects.drafts().first()
    author = practice.people["author"]

    plan = steps_of(lambda: entry.habits(session.patient_id, of=author))[0]

    assert index_of(treatments.NeedlingSession, "therapist", "-opened_at") in plan


def test_what_patients_said_lately_is_found_by_its_day(practice):
    author = practice.people["author"]

    plan = steps_of(lambda: my_day.replies_to(author, now=timezone.now()))[0]

    assert index_of(treatments.SorenessReport, "reported_at") in plan


def steps_of(do) -> list[str]:
    return [plan_of(sql, params) for sql, params in captured_statements(do)]


def index_of(model: type[models.Model], *names: str) -> str:
    return next(index.name for index in model._meta.indexes if index.fields == list(names))
