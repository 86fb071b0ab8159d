"""The history of a record in plain sentences, and its access log."""

import re

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from clinic import audit as audit_clinic
from patients.actions import conditions
from patients.models import Condition
from tests import factories
from tests.statements import BUDGET, as_lines, data_statements
from treatments.rules import audit


def url(patient, query=""):
    return reverse("treatments:history", args=[patient.ref]) + query


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ([], "nothing"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ("2026-03-01", "Mar 1, 2026"),
        ("2026-03-01T15:30:00+00:00", "Mar 1, 2026, 9:30 AM"),
        ("2026-99-99", "2026-99-99"),
        ("front_desk", "front desk"),
        (["back", "hip"], "back, hip"),
        ({"given_on": "2026-03-01"}, "given: Mar 1, 2026"),
    ],
)
def test_values_read_as_on_the_other_pages(raw, text):
    assert audit.value_text(raw) == text


def test_changes_use_clinic_words_and_leave_keys_out():
    found = {
        "icd10": ["M25.562", "M25.561"],
        "variant_id": [3, 4],
        "onset_on": [None, "2026-03-01"],
        "odd": "text",
    }
    assert audit.change_lines(found) == [
        {"label": "ICD-10-CM code", "before": "M25.562", "after": "M25.561"},
        {"label": "since", "before": "nothing", "after": "Mar 1, 2026"},
    ]


@pytest.mark.django_db
def test_history_tells_who_changed_what(signed_in, therapist, ada):
    (row,) = conditions.record(
        ada, by=therapist, condition=Condition.objects.get(code="knee-pain"), side="left"
    )
    conditions.change(row, by=therapist, side="right")
    shown = signed_in(therapist).get(url(ada)).content.decode()
    assert "Maria Lund, PT" in shown
    assert "changed a condition" in shown
    assert "Side: left, now right" in shown
    assert "opened the record" not in shown


@pytest.mark.django_db
def test_who_looked_is_listed_apart(signed_in, therapist, reception, ada):
    signed_in(reception).get(reverse("treatments:record", args=[ada.ref]))
    shown = signed_in(therapist).get(url(ada, "?show=looks")).content.decode()
    assert "Robin Hale</strong> opened the record" in shown
    assert "read the history of changes" in shown
    assert "opened an episode" not in shown


@pytest.mark.django_db
def test_history_of_another_patient_does_not_show(signed_in, therapist, reception, ada):
    with transaction.atomic():
        audit_clinic.record("patient.changed", None, by=therapist, patient=None, reason="told of another")
    assert "told of another" not in signed_in(therapist).get(url(ada)).content.decode()


def many_events(patient, therapist, count):
    with transaction.atomic():
        audit_clinic.record_many(
            [
                audit_clinic.AuditEntry("patient.changed", patient, therapist, patient, reason=f"n{n:03}")
                for n in range(count)
            ]
        )


@pytest.mark.django_db
def test_long_histories_come_in_pages_that_lose_nothing(signed_in, therapist, ada):
    many_events(ada, therapist, 120)
    client, seen, query = signed_in(therapist), [], ""
    for _ in range(3):
        answer = client.get(url(ada, query))
        seen += [line["reason"] for line in answer.context["lines"]]
        query = f"?before={answer.context['older']}"
    assert seen == [f"n{n:03}" for n in reversed(range(120))]


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "²"])
def test_nonsense_in_the_address_shows_the_newest(signed_in, therapist, ada, before):
    many_events(ada, therapist, 2)
    answer = signed_in(therapist).get(url(ada), {"before": before})
    assert answer.status_code == 200
    assert len(answer.context["lines"]) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 200])
def test_history_costs_the_same_however_long(signed_in, therapist, ada, count):
    many_events(ada, therapist, count)
    client = signed_in(therapist)
    with data_statements() as queries:
        client.get(url(ada))
    assert len(queries) <= BUDGET - 1, as_lines(queries)


@pytest.mark.django_db
def test_desk_does_not_see_the_history(signed_in, reception, ada):
    assert signed_in(reception).get(url(ada)).status_code == 403


def links_of(page: str) -> dict[str, str]:
    return {words: url for url, words in re.findall(r'class="history-see" href="([^"]+)">See ([^<]+)<', page)}


@pytest.mark.django_db
def test_an_entry_leads_to_what_it_is_about(signed_in, therapist, ada, draft):
    factories.consent(ada, therapist)
    with transaction.atomic():
        for code, row in (
            ("consent.given", ada.consents.first()),
            ("screening.taken", ada.screenings.first()),
            ("session.opened", draft),
            ("visit.booked", draft.visit),
            ("condition.recorded", ada.episodes.first().conditions.first()),
        ):
            audit_clinic.record(code, row, by=therapist, patient=ada)
    client = signed_in(therapist)
    links = links_of(client.get(url(ada)).content.decode())

    assert links.keys() >= {"consent", "answers", "session", "visit", "conditions"}
    assert {words: client.get(address).status_code for words, address in links.items()} == dict.fromkeys(
        links, 200
    )


@pytest.mark.django_db
def test_nobody_is_led_to_a_page_that_is_closed_to_them(signed_in, therapist, lead, ada, draft):
    with transaction.atomic():
        audit_clinic.record("visit.booked", draft.visit, by=therapist, patient=ada)
        audit_clinic.record("session.opened", draft, by=therapist, patient=ada)

    links = links_of(signed_in(lead).get(url(ada)).content.decode())

    assert "session" in links
    assert "visit" not in links


@pytest.mark.django_db
def test_a_history_is_read_by_day(signed_in, therapist, ada):
    with time_machine.travel("2026-03-02T16:00:00Z"), transaction.atomic():
        audit_clinic.record("patient.changed", ada, by=therapist, patient=ada, reason="first")
    with time_machine.travel("2026-03-03T05:30:00Z"), transaction.atomic():
        # still the second of March in Chicago
        audit_clinic.record("patient.changed", ada, by=therapist, patient=ada, reason="second")
    with time_machine.travel("2026-03-04T16:00:00Z"), transaction.atomic():
        audit_clinic.record("patient.changed", ada, by=therapist, patient=ada, reason="third")
    page = signed_in(therapist).get(url(ada)).content.decode()

    found = re.findall(r'class="history-day">([^<]+)<|“(first|second|third)”', page)
    days = {reason: day for day, reason in with_their_day(found)}
    assert list(days) == ["third", "second", "first"]
    assert days["second"] == days["first"] != days["third"]


def with_their_day(found: list[tuple[str, str]]):
    day = ""
    for head, reason in found:
        day = head or day
        if reason:
            yield day, reason
