"""The audit search: results, restricted records, and export as a file."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.models import AuditEvent
from clinic.rules import csv_export
from patients.models import Patient, PatientAccess
from tests import factories
from tests.statements import BUDGET, as_lines, data_statements
from treatments.rules import audit as audit_rules
from treatments.selectors import audit as audit_selectors

pytestmark = pytest.mark.django_db
NOON = timezone.now().replace(hour=18, minute=0, second=0, microsecond=0)


@pytest.fixture
def client(signed_in, lead):
    return signed_in(lead)


def write(patient, by, count=1, **fields) -> list[AuditEvent]:
    values = {"code": "patient.changed", "changes": {"city": ["Old", "New"]}, "reason": "to Ghent", **fields}
    with transaction.atomic():
        return audit.record_many(
            [audit.AuditEntry(about=patient, by=by, patient=patient, **values) for _ in range(count)]
        )


def post_search(client, **fields):
    return client.post(reverse("treatments:audit"), fields)


def search_results(client, **fields) -> list[int]:
    return [row.event.seq for row in post_search(client, **fields).context["rows"]]


def downloaded(client, **fields) -> list[dict]:
    response = client.post(reverse("treatments:audit-export"), fields)
    text = b"".join(response.streaming_content).decode()
    assert text.startswith(csv_export.BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(csv_export.BYTE_ORDER_MARK))))


def restrict(patient, by) -> None:
    Patient.objects.filter(pk=patient.pk).update(restricted_at=timezone.now(), restricted_by=by)


def test_each_question_finds_its_events_and_no_others(client, ada, therapist, reception):
    other = factories.patient(reception)
    (mine,) = write(ada, therapist)
    (theirs,) = write(other, reception, code="visit.booked")
    (old,) = write(ada, reception, at=NOON - dt.timedelta(days=40))
    day = timezone.localtime(NOON - dt.timedelta(days=40)).date().isoformat()

    assert search_results(client, person=therapist.pk) == [mine.seq]
    assert set(search_results(client, patient=ada.ref.lower())) >= {mine.seq, old.seq}
    assert theirs.seq not in search_results(client, patient=ada.ref)
    assert search_results(client, code="visit.booked") == [theirs.seq]
    assert search_results(client, first=day, last=day) == [old.seq]
    assert old.seq not in search_results(client, first=timezone.localdate().isoformat())
    assert search_results(client, person=therapist.pk, code="visit.booked") == []


def test_a_request_leads_to_all_that_happened_in_it(client, ada):
    request_id = client.get(reverse("treatments:record", args=[ada.ref]))["X-Request-ID"]

    (row,) = post_search(client, request_id=request_id).context["rows"]

    assert (row.event.code, row.event.patient_ref) == ("patient.opened", ada.ref)


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("patient", "Examplewood", "no-reference"),
        ("request_id", "12", "no-request"),
        ("first", "nonsense", "unreadable"),
        ("code", "patient.changed, perhaps", "invalid_choice"),
        ("before", "x", "invalid"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(client, field, typed, code):
    response = post_search(client, **{field: typed})

    assert response.status_code == 422
    assert response.context["form"].errors.as_data()[field][0].code == code
    assert response.context["form"][field].value() == typed
    assert not AuditEvent.objects.filter(code="audit.searched").exists()


def test_days_that_run_backwards_are_refused(client):
    assert post_search(client, first="3/5/2026", last="3/4/2026").status_code == 422


def test_searching_leaves_a_line_without_names(client, ada, therapist, lead):
    post_search(client, patient=ada.ref, person=therapist.pk, code="patient.changed")

    last = AuditEvent.objects.order_by("-seq").first()
    assert (last.code, last.actor, last.patient_ref) == ("audit.searched", lead, ada.ref)
    assert last.reason == f"person {therapist.pk}, patient {ada.ref}, code patient.changed"


def test_pages_lose_nothing_and_go_by_post(client, ada, therapist):
    instant = NOON - dt.timedelta(days=3)
    events = write(ada, therapist, audit_selectors.SHOWN + 30, at=instant)
    events += write(ada, therapist, 40, at=instant - dt.timedelta(days=1))
    seen, before = [], ""
    for _ in range(3):
        response = post_search(client, person=therapist.pk, before=before)
        seen += [row.event.seq for row in response.context["rows"]]
        before = response.context["older"]
        assert "?before" not in response.content.decode()

    assert sorted(seen) == [event.seq for event in events]
    assert len(set(seen)) == len(seen)
    assert before == ""


def test_a_restricted_record_keeps_its_content(client, ada, therapist, lead):
    write(ada, therapist)
    assert "Old, now New" in post_search(client, code="patient.changed").content.decode()
    restrict(ada, therapist)

    page = post_search(client, code="patient.changed").content.decode()
    (row,) = downloaded(client, code="patient.changed")

    assert "Old" not in page
    assert "Ghent" not in page
    assert audit_rules.RESTRICTED_MESSAGE in page
    assert (row["changes"], row["reason"], row["patient"]) == ("", audit_rules.RESTRICTED_MESSAGE, "")

    PatientAccess.objects.create(patient=ada, user=lead, given_at=timezone.now(), given_by=therapist)
    assert "Old, now New" in post_search(client, code="patient.changed").content.decode()


def test_the_download_is_all_of_it_and_is_on_record_first(client, ada, therapist, lead, monkeypatch):
    monkeypatch.setattr(audit_selectors, "CHUNK", 7)
    events = write(ada, therapist, 40)

    rows = downloaded(client, person=therapist.pk)

    assert [int(row["number"]) for row in rows] == [event.seq for event in reversed(events)]
    assert list(rows[0]) == audit_rules.EXPORT_COLUMNS
    last = AuditEvent.objects.order_by("-seq").first()
    assert (last.code, last.actor, last.reason) == ("audit.exported", lead, f"person {therapist.pk}")


def test_nothing_is_downloaded_when_that_cannot_be_put_on_record(client, ada, monkeypatch):
    def full(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(audit, "record", full)
    client.raise_request_exception = False

    response = client.post(reverse("treatments:audit-export"), {})

    assert response.status_code >= 500
    assert not response.streaming
    assert ada.ref not in response.content.decode()


@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "|cmd", "%0A", "\uff1d1", "\x00=1"],
)
def test_no_cell_is_a_formula(client, ada, therapist, typed):
    if "\x00" not in typed:
        write(ada, therapist, reason=typed, changes={"city": [typed, typed]})
        (row,) = downloaded(client, code="patient.changed")
        assert row["reason"].startswith("'")

    assert csv_export.cell(typed).startswith("'")
    assert csv_export.cell("plain = text") == "plain = text"


@pytest.mark.parametrize("count", [1, 200])
def test_a_search_costs_the_same_however_much_it_finds(client, ada, therapist, count):
    write(ada, therapist, count)
    post_search(client)
    with data_statements() as cost:
        post_search(client, patient=ada.ref, person=therapist.pk, first="1/1/2020", before=10**9)

    assert len(cost) <= BUDGET, as_lines(cost)


SEARCHES = [{}, {"actor": 1}, {"code": "patient.opened"}, {"patient_ref": "7K4M9"}, {"request_id": "0" * 32}]


@pytest.mark.parametrize("question", SEARCHES, ids=str)
def test_every_question_is_answered_from_an_index(question):
    """The query plan uses an index and scans no table."""
    rows = audit_selectors.older_events(
        audit_selectors.matching_events(audit_rules.AuditSearch()), NOON, 10
    ).filter(**question)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows[: audit_selectors.SHOWN].explain()

    reads = [line for line in plan.splitlines() if "SCAN" in line.upper() or "SEARCH" in line]
    event = [line for line in reads if "clinic_auditevent" in line]
    assert event
    # PostgreSQL may first collect an index's pages and then read those
    walks = ("Index", "INDEX", "Bitmap Heap Scan")
    assert all(any(walk in line for walk in walks) for line in event), plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs how many rows there are")
@pytest.mark.parametrize("few", ["patient_ref", "request_id"])
@pytest.mark.parametrize(
    "many", [{"code": "patient.opened"}, {"person": True}, {"code": "x", "person": True}]
)
def test_a_question_for_one_patient_never_walks_what_a_person_or_a_code_has_left(few, many, therapist):
    many = {name: therapist if value is True else value for name, value in many.items()}
    wanted = audit_rules.AuditSearch(**{few: "22222222"}, **many)

    plan = audit_selectors.matching_events(wanted).explain()

    assert f"({few}=?)" in plan
    assert "(code=?" not in plan
    assert "(actor_id=?" not in plan


@pytest.mark.parametrize("few", ["patient", "request_id"])
def test_a_question_for_one_patient_and_more_finds_what_fits_all_of_it(
    client, ada, therapist, reception, few
):
    token = audit.request_facts.set(audit.RequestFacts("0" * 31 + "1", "192.0.2.7"))
    (mine,) = write(ada, therapist)
    write(ada, reception)
    write(ada, therapist, code="visit.booked")
    audit.request_facts.reset(token)
    write(factories.patient(reception), therapist)
    asked_for = {"patient": ada.ref, "request_id": "0" * 31 + "1"}[few]

    assert search_results(client, person=therapist.pk, code="patient.changed", **{few: asked_for}) == [
        mine.seq
    ]


def test_who_looked_is_one_click_from_the_record(signed_in, therapist, reception, ada):
    signed_in(reception).get(reverse("treatments:record", args=[ada.ref]))
    page = signed_in(therapist).get(reverse("treatments:record", args=[ada.ref])).content.decode()
    address = reverse("treatments:history", args=[ada.ref]) + "?show=looks"

    assert f'href="{address}"' in page
    assert "Robin Hale</strong> opened the record" in signed_in(therapist).get(address).content.decode()
    assert "show=looks" not in signed_in(reception).get(ada.get_absolute_url()).content.decode()


def test_the_administrator_sees_codes_and_references_only(signed_in, admin, ada, therapist):
    (event,) = write(ada, therapist)
    address = reverse("admin:clinic_auditevent_change", args=[f"{ada.ref}-{event.seq}"])
    page = signed_in(admin).get(address).content.decode()

    assert ada.ref in page
    assert "patient.changed" in page
    assert "Ghent" not in page
    assert "Old" not in page


def test_the_number_of_a_request_is_folded_and_days_stand_apart(client, ada):
    request_id = client.get(reverse("treatments:record", args=[ada.ref]))["X-Request-ID"]
    page = post_search(client, patient=ada.ref).content.decode()

    folded = "".join(re.findall(r"<details class=\"history-more\">.*?</details>", page, re.S))
    assert request_id in folded
    assert request_id not in re.sub(r"<details class=\"history-more\">.*?</details>", "", page, flags=re.S)
    assert 'class="history-day"' in page


def test_an_event_leads_to_its_page_but_not_into_a_restricted_record(client, ada, lead, draft):
    with transaction.atomic():
        audit.record("session.opened", draft, by=lead, patient=ada)
    address = f'href="{draft.get_absolute_url()}"'
    assert address in post_search(client, patient=ada.ref).content.decode()

    Patient.objects.filter(pk=ada.pk).update(restricted_at=timezone.now(), restricted_by=lead)
    assert address not in post_search(client, patient=ada.ref).content.decode()
