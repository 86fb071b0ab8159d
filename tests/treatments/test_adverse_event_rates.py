"""Rates of adverse events: the numbers they are made of, and those of few patients withheld."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.treatments import notes
from treatments.actions.signing import after_signing, signature
from treatments.models import NeedlingSession
from treatments.rules.reports.report import Terms, period
from treatments.selectors.adverse_events import rates as rates_selectors

pytestmark = pytest.mark.django_db

RATES = "treatments:adverse-event-rates"


def with_events(number: int, *, by, therapist, severity: int = 1) -> None:
    """Signed sessions of so many patients, each with one site and one event."""
    for _ in range(number):
        session = factories.session(factories.patient(by), therapist)
        factories.site(session)
        factories.adverse_event(session, by=therapist, severity=severity)
        now = timezone.now()
        NeedlingSession.objects.filter(pk=session.pk).update(ended_at=now, signed_at=now, signed_by=therapist)


def rates_of(client, query: str = "") -> dict[str, list]:
    """{severity and kind: the rest of the line}, and the sentence."""
    report = client.get(reverse(RATES) + query).context["report"]
    lines = [[cell.text for cell in row] for row in report.rows]
    return {"": report.sentence, **{f"{line[0]}, {line[1]}": line[2:] for line in lines}}


def test_rates_say_the_numbers_they_are_made_of(signed_in, admin, reception, therapist):
    with_events(5, by=reception, therapist=therapist)

    response = signed_in(admin).get(reverse(RATES))

    rates = rates_of(signed_in(admin))
    assert rates[""] == "5 adverse events in 5 sessions with 10 insertions: 100.00 per 100 sessions."
    assert rates["1 minor, All kinds"] == [5, "100.00", "500.00"]
    assert rates["3 serious, All kinds"] == [0, "0.00", "0.00"]
    assert "Examplewood" not in response.text


def test_events_of_few_patients_are_withheld(signed_in, lead, reception, therapist):
    with_events(9, by=reception, therapist=therapist)
    with_events(2, by=reception, therapist=therapist, severity=3)

    rates = rates_of(signed_in(lead))

    assert rates[""] == "At least 9 adverse events in 11 sessions with 22 insertions."
    assert rates["3 serious, All kinds"] == ["<5", "<5", "<5"]
    assert rates["1 minor, All kinds"][0] == 9


def test_a_therapist_reads_their_own_rates(signed_in, lead, reception, therapist, other_therapist):
    with_events(6, by=reception, therapist=therapist)
    with_events(5, by=reception, therapist=other_therapist)

    assert rates_of(signed_in(lead))["1 minor, All kinds"][0] == 11
    assert rates_of(signed_in(other_therapist), f"?therapist={therapist.pk}")["1 minor, All kinds"][0] == 5


def test_rates_count_no_drafts_and_nothing_in_error(draft, therapist):
    factories.adverse_event(notes.ready(draft), by=therapist)
    today = timezone.localdate()
    terms = Terms(today, today)
    assert rates_selectors.basis(terms).sessions == 0
    type(draft).objects.filter(pk=draft.pk).update(tolerance="event", tolerance_detail="Breathless.")
    note = signature.sign(draft, by=therapist, proved=True, identity_checked=True)
    assert rates_selectors.counts(terms).every.value == 1
    after_signing.mark_error(note, by=therapist, reason="Wrong patient.")
    assert (rates_selectors.basis(terms).sessions, rates_selectors.counts(terms).every.value) == (0, 0)


def test_a_period_without_sessions_has_no_rate(signed_in, lead):
    rates = rates_of(signed_in(lead), "?first=1/1/2020&last=1/31/2020")

    assert rates.pop("") == "No adverse event in 0 sessions with 0 insertions."
    assert set(map(tuple, rates.values())) == {(0, "–", "–")}


def test_a_period_is_the_last_ninety_days_unless_days_are_given():
    today = dt.date(2026, 11, 28)
    assert period(None, None, today=today) == (dt.date(2026, 8, 31), today)
    assert period(dt.date(2026, 1, 1), None, today=today) == (dt.date(2026, 1, 1), today)
    assert period(None, dt.date(2026, 3, 31), today=today) == (
        dt.date(2026, 1, 1),
        dt.date(2026, 3, 31),
    )
