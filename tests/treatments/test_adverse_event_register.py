"""The register of adverse events: whose events, its sentence, and its file, on record before it is made."""

import csv
import io

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Jurisdiction
from clinic.rules import csv_export
from patients.models import Patient
from tests.audit_outage import fail_audit_insert
from treatments.actions import adverse_events
from treatments.models import AdverseEvent, AdverseEventKind
from treatments.rules.adverse_events import register
from treatments.rules.adverse_events.register import RegisterCounts

pytestmark = pytest.mark.django_db
REGISTER = "treatments:adverse-events"


def recorded(session, *, by, code: str, severity: int) -> AdverseEvent:
    kind = AdverseEventKind.objects.get(code=code)
    return adverse_events.record(
        session, by=by, kind=kind, severity=severity, phase="same_day", onset_at=None
    )


@pytest.fixture
def three(draft, therapist):
    """A serious event whose report is due, an open and a closed one."""
    Jurisdiction.objects.filter(pk=draft.jurisdiction_id).update(adverse_event_report_days=15)
    due = recorded(draft, by=therapist, code="pneumothorax", severity=3)
    bruise = recorded(draft, by=therapist, code="bruise", severity=1)
    faint = recorded(draft, by=therapist, code="faint", severity=2)
    adverse_events.close(faint, by=therapist, outcome="resolved", closing_note="Lay down.")
    return due, bruise, faint


def shown(client, query: str = ""):
    response = client.get(reverse(REGISTER) + query)
    assert response.status_code == 200
    return response


def file_rows(response) -> list[dict]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith(csv_export.BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(csv_export.BYTE_ORDER_MARK))))


def test_the_register_is_asked_about_one_therapist(signed_in, lead, three, therapist, other_therapist):
    client = signed_in(lead)

    assert len(shown(client, f"?therapist={therapist.pk}").context["rows"]) == 3
    assert not shown(client, f"?therapist={other_therapist.pk}").context["rows"]
    assert client.get(f"{reverse(REGISTER)}?therapist=x").status_code == 422


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "3 adverse events: 2 open, 1 serious."),
        ("?state=open", "2 adverse events: 1 serious."),
        ("?severity=2", "1 adverse event: none open, none serious."),
        ("?phase=during", "No adverse event fits these filters."),
    ],
)
def test_a_sentence_on_top_says_what_was_found(signed_in, lead, three, query, sentence):
    assert sentence in shown(signed_in(lead), query).text


def test_the_sentence_counts_what_stands_on_other_pages_too(signed_in, lead, three, monkeypatch):
    monkeypatch.setattr("treatments.selectors.adverse_events.register.SHOWN", 1)
    response = shown(signed_in(lead))

    assert len(response.context["rows"]) == 1
    assert "3 adverse events: 2 open, 1 serious." in response.text


def test_one_event_is_no_plural():
    assert register.sentence(RegisterCounts(1, 1, 0), "") == "1 adverse event: 1 open, none serious."


def test_the_file_has_every_event_that_the_filters_ask_for(signed_in, lead, three, monkeypatch):
    monkeypatch.setattr("treatments.selectors.adverse_events.register.SHOWN", 1)
    client = signed_in(lead)

    every = file_rows(client.post(reverse(REGISTER)))
    closed = file_rows(client.post(f"{reverse(REGISTER)}?state=closed"))

    assert [row["Severity"] for row in every] == ["2 moderate", "1 minor", "3 serious"]
    assert [(row["Status"], row["Outcome"]) for row in closed] == [("Closed", "Resolved")]
    assert every[-1]["Report"] == "Due"


def test_the_file_is_on_record_with_its_filters_before_it_is_made(signed_in, lead, three, therapist):
    response = signed_in(lead).post(f"{reverse(REGISTER)}?state=open&therapist={therapist.pk}")

    assert 'filename="adverse-event-register-' in response.headers["Content-Disposition"]
    event = AuditEvent.objects.order_by("-seq").first()
    assert event.code == "report.exported"
    assert event.reason == f"adverse-event-register: state open, therapist {therapist.pk}"


def test_without_its_line_in_the_audit_there_is_no_file(signed_in, lead, three):
    client = signed_in(lead)
    client.raise_request_exception = False

    with connection.execute_wrapper(fail_audit_insert):
        response = client.post(reverse(REGISTER))

    assert response.status_code == 503
    assert "Content-Disposition" not in response.headers


def test_a_name_is_no_formula(signed_in, lead, three, ada):
    Patient.objects.filter(pk=ada.pk).update(family_name="=HYPERLINK(1)")

    row = file_rows(signed_in(lead).post(reverse(REGISTER)))[0]

    assert (row["Patient"], row["Reference"]) == ("'=HYPERLINK(1), Ada", ada.ref)


def test_the_file_names_no_restricted_record(signed_in, lead, therapist, three, ada):
    Patient.objects.filter(pk=ada.pk).update(restricted_at=timezone.now(), restricted_by=lead)

    assert file_rows(signed_in(lead).post(reverse(REGISTER))) == []


def test_a_filter_that_means_nothing_makes_no_file(signed_in, lead):
    response = signed_in(lead).post(f"{reverse(REGISTER)}?first=x")

    assert response.status_code == 422
    assert "Content-Disposition" not in response.headers
