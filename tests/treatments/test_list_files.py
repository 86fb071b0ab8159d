"""Every list of the app as CSV: what its page shows to this reader, on record first, or a reason why not."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.rules import csv_export
from patients.models import Disclosure, Patient
from tests import factories, world
from tests.audit_outage import fail_audit_insert
from tests.form_client import post_forms
from tests.patients import restricted_record
from treatments.rules.adverse_events import register
from treatments.rules.reports.questions import QUESTIONS

pytestmark = pytest.mark.django_db
# Pages that offer their list as a file: the page's own address, asked by POST, and the name of the list.
FILES = {
    "treatments:today": "visits",
    "treatments:followups": "follow-ups",
    "treatments:sharps-log": "sharps",
    "treatments:warning-levels": "warning-levels",
    "treatments:caseload": "caseload",
    "patients:disclosures": "disclosures",
    "treatments:adverse-events": "adverse-event-register",
    "treatments:audit": "audit",
    "treatments:adverse-event-rates": "adverse-events",
    "treatments:report-notes": "unsigned-notes",
    "treatments:report-needles": "needle-mismatches",
    "treatments:report-calls": "not-reached",
    "treatments:report-soreness": "soreness",
    "treatments:report-overrides": "overrides",
    "treatments:report-visits": "visits",
    "treatments:report-kept-apart": "kept-apart",
    "treatments:report-lot": "lot-recall",
}
# Pages without a record in their address that offer none.
WITHOUT = {
    "patients:find": "an answer to one search, of patients: all of them are in the whole practice's files",
    "patients:register": "a form",
    "patients:bring-in": "a form; whoever was brought in is in the whole practice's files",
    "patients:condition-search": "an answer to one search, of a published list",
    "patients:duplicates": "pairs to decide about: manage.py find_duplicates --csv writes them",
    "patients:register-matches": "an answer to one search, for the form around it",
    "patients:handover": "a page for a patient",
    "patients:handover-return": "the end of that page",
    "treatments:board-news": "the board, whose file is that of its page",
    "treatments:load": "pictures of the visits whose list the board has",
    "treatments:leaving": "work to hand over; what waits stands in the lists of visits, calls and notes",
    "treatments:therapist-away": "a form",
    "treatments:muscles": "what was published of muscles: treatments_muscle of the whole practice's files",
    "treatments:reports": "links to lists that have their files",
    "treatments:set-up": "what is left to do, each a link",
    "treatments:sharps-add": "a form",
    "treatments:take-out": "the whole practice's files themselves",
    "held-form": "no page",
    "mail": "a form",
    "set-up-hours": "a form",
    "set-up-needles": "a form",
    "state-rules": "published rules, printed; clinic_jurisdiction of the whole practice's files",
    "who-may-what": "what the program says, not what the practice wrote",
}
# Lists of the practice, each with a person who may read it and one who may not.
OWN = {
    "treatments:today": ("lead", "admin"),
    "treatments:followups": ("reception", "admin"),
    "treatments:sharps-log": ("lead", None),
    "treatments:warning-levels": ("lead", "therapist"),
    "treatments:caseload": ("lead", "therapist"),
}


def rows_of(response) -> list[dict]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith(csv_export.BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(csv_export.BYTE_ORDER_MARK), newline="")))


def offers_a_file(response) -> bool:
    return any("file" in form.fields for form in post_forms(response))


def test_every_list_has_its_file_or_says_why_not():
    plain = {address.name for address in world.staff_addresses() if not address.needs}
    acts = {"treatments:audit-export"}

    assert plain - acts - FILES.keys() == WITHOUT.keys(), "a new page: its list as CSV, or a reason"
    assert not FILES.keys() & WITHOUT.keys()
    # those of test_reports_files.py, test_adverse_event_register.py and test_audit_search.py
    elsewhere = {question.url_name: question.code for question in QUESTIONS}
    elsewhere |= {"treatments:adverse-events": register.CODE, "treatments:audit": "audit"}
    here = {name: FILES[name] for name in (*OWN, "patients:disclosures")}
    assert here | elsewhere == FILES


@pytest.fixture
def listed(ada, draft, therapist, reception):
    """Ada in each list, under a name that wants to be a formula."""
    Patient.objects.filter(pk=ada.pk).update(family_name="=HYPERLINK(1)", phone="+44 20 7946 0958")
    factories.followup(draft, due_at=timezone.now() - dt.timedelta(hours=1))
    world.injury_of(therapist)
    return ada


def test_the_pages_of_these_lists_offer_them(signed_in, lead, listed):
    client = signed_in(lead)

    offered = {name for name in OWN if offers_a_file(client.get(reverse(name)))}

    assert offered == OWN.keys()


@pytest.mark.parametrize("name", OWN)
def test_a_list_is_on_record_before_it_is_made(name, request, signed_in, listed):
    reader, _ = OWN[name]
    client = signed_in(request.getfixturevalue(reader))

    response = client.post(reverse(name), {"file": "csv"})

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="{FILES[name]}-' in response.headers["Content-Disposition"]
    assert rows_of(response)
    event = AuditEvent.objects.order_by("-seq").first()
    assert (event.code, event.reason.split(":")[0]) == ("list.exported", FILES[name])


@pytest.mark.parametrize("name", OWN)
def test_without_its_line_in_the_audit_there_is_no_file(name, request, signed_in, listed):
    reader, _ = OWN[name]
    client = signed_in(request.getfixturevalue(reader))
    client.raise_request_exception = False

    with connection.execute_wrapper(fail_audit_insert):
        response = client.post(reverse(name), {"file": "csv"})

    assert response.status_code == 503
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize("name", [name for name, (_, stranger) in OWN.items() if stranger])
def test_who_does_not_read_the_list_gets_no_line_of_it(name, request, signed_in, listed):
    _, stranger = OWN[name]

    response = signed_in(request.getfixturevalue(stranger)).post(reverse(name), {"file": "csv"})

    assert response.status_code == 403 or not rows_of(response)


def test_a_name_is_no_formula_and_a_phone_number_stays_one(signed_in, reception, listed):
    client = signed_in(reception)
    [call] = rows_of(client.post(reverse("treatments:followups"), {"file": "csv"}))
    [visit] = rows_of(client.post(reverse("treatments:today"), {"file": "csv"}))

    assert call["Patient"] == visit["Patient"] == "'=HYPERLINK(1), Ada"
    assert call["Phone"] == "+44 20 7946 0958"
    assert "Treated" not in call


def test_filters_of_the_page_hold_for_its_file(signed_in, reception, listed):
    client = signed_in(reception)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    assert not rows_of(client.post(reverse("treatments:followups") + "?only=flag", {"file": "csv"}))
    assert not rows_of(client.post(reverse("treatments:today") + f"?day={tomorrow}", {"file": "csv"}))


def test_every_page_of_a_long_list_is_in_its_file(signed_in, reception, draft):
    due = timezone.now() - dt.timedelta(hours=1)
    refs = {factories.followup(draft, step, due_at=due).pk for step in range(30)}

    rows = rows_of(signed_in(reception).post(reverse("treatments:followups"), {"file": "csv"}))

    assert len(rows) == len(refs)


def test_a_restricted_record_stands_in_no_file_but_by_initials(signed_in, lead, reception, therapist):
    odile = restricted_record.create(desk=reception, therapist=therapist, lead=lead)

    for client in map(signed_in, (lead, reception)):
        for name in ("treatments:today", "treatments:followups"):
            rows = rows_of(client.post(reverse(name), {"file": "csv"}))
            said = " ".join(text for row in rows for text in row.values())
            assert odile.ref not in said
            assert odile.family_name not in said
            assert ("O. W." in said or "OW" in said) == (name == "treatments:today")


def test_disclosures_leave_with_who_may_read_them_only(signed_in, lead, reception, ada):
    said = {"recipient": "@SUM(A1)", "what": "Notes", "purpose": Disclosure.Purpose.LAW}
    Disclosure.objects.create(patient=ada, given_on=timezone.localdate(), recorded_by=lead, **said)
    address = reverse("patients:disclosures", args=[ada.ref])

    [row] = rows_of(signed_in(lead).post(address, {"file": "csv"}))

    assert (row["To whom"], row["To account for"]) == ("'@SUM(A1)", "Yes")
    event = AuditEvent.objects.get(code="list.exported")
    assert (event.patient_ref, event.reason) == (ada.ref, "disclosures: everything")
    assert signed_in(reception).post(address, {"file": "csv"}).status_code == 403
