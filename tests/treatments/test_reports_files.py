"""The files of the reports: the page's table, on record first, without formulas, and of nobody restricted."""

import csv
import io

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.rules import csv_export
from patients.models import Patient
from tests import factories
from tests.audit_outage import fail_audit_insert
from tests.patients import restricted_record
from treatments.models import FollowUp, NeedlingSession
from treatments.rules.reports.questions import LOT, QUESTIONS

pytestmark = pytest.mark.django_db
LOT_NUMBER = "LT-2207"
CODES = [question.code for question in QUESTIONS]


@pytest.fixture
def listed(draft, ada, reception):
    """Ada in every list: a draft whose needles differ, of a lot, with a call that reached nobody."""
    Patient.objects.filter(pk=ada.pk).update(family_name="=HYPERLINK(1)")
    factories.site(draft, lot=LOT_NUMBER)
    NeedlingSession.objects.filter(pk=draft.pk).update(needles_out=3)
    call = factories.followup(draft, attempts=3)
    FollowUp.objects.filter(pk=call.pk).update(
        outcome="unreachable", closed_at=timezone.now(), closed_by=reception
    )
    return draft


def ask(client, code: str, query: str = ""):
    question = next(one for one in QUESTIONS if one.code == code)
    sent = {"lot": LOT_NUMBER, "file": ""} if question == LOT else {}
    return client.post(reverse(question.url_name) + query, sent)


def rows_of(response) -> list[dict]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith(csv_export.BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(csv_export.BYTE_ORDER_MARK))))


@pytest.mark.parametrize("code", CODES)
def test_a_file_is_on_record_before_it_is_made(signed_in, lead, listed, code):
    response = ask(signed_in(lead), code)

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="{code}-' in response.headers["Content-Disposition"]
    rows_of(response)
    event = AuditEvent.objects.order_by("-seq").first()
    assert (event.code, event.reason.split(":")[0]) == ("report.exported", code)


@pytest.mark.parametrize("code", CODES)
def test_without_its_line_in_the_audit_there_is_no_file(signed_in, lead, listed, code):
    client = signed_in(lead)
    client.raise_request_exception = False

    with connection.execute_wrapper(fail_audit_insert):
        response = ask(client, code)

    assert response.status_code == 503
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize("code", ["unsigned-notes", "needle-mismatches", "not-reached", "lot-recall"])
def test_a_name_is_no_formula(signed_in, lead, listed, ada, code):
    [row] = rows_of(ask(signed_in(lead), code))

    assert row["Patient"] == "'=HYPERLINK(1), Ada"
    assert row["Reference"] == ada.ref


@pytest.mark.parametrize("code", ["unsigned-notes", "needle-mismatches", "not-reached"])
def test_a_file_has_the_filters_of_its_page(signed_in, lead, listed, other_therapist, code):
    client = signed_in(lead)

    assert rows_of(ask(client, code, f"?therapist={other_therapist.pk}")) == []
    assert rows_of(ask(client, code, "?last=1/1/2020")) == []


def test_a_filter_that_means_nothing_makes_no_file(signed_in, lead):
    response = ask(signed_in(lead), "overrides", "?first=x")

    assert response.status_code == 422
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize("code", CODES)
def test_neither_page_nor_file_names_a_restricted_record(signed_in, reception, therapist, lead, code):
    odile = restricted_record.create(desk=reception, therapist=therapist, lead=lead)
    FollowUp.objects.update(attempts=1)
    client = signed_in(lead)
    question = next(one for one in QUESTIONS if one.code == code)

    page = client.get(reverse(question.url_name)).text
    if question == LOT:
        page = client.post(reverse(question.url_name), {"lot": restricted_record.LOT}).text
    file = b"".join(ask(client, code).streaming_content).decode()

    assert [word for word in (odile.ref, "Wexelblatt", "014-7731") if word in page + file] == []
