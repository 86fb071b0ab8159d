"""A faint: one card with what to do, and what was done becomes an adverse event that stays open."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from treatments.models import AdverseEvent
from treatments.rules.adverse_events import faint

pytestmark = pytest.mark.django_db
DONE = {"did_needles": "on", "at_needles": "2:01 PM", "did_legs": "on"}


@pytest.fixture
def url(draft):
    return reverse("treatments:session-faint", args=[draft.ref])


def post(client, url, *, live=False, **fields):
    data = {"form_key": uuid.uuid4().hex, **fields}
    return client.post(url, data, headers={"X-Live": "1"} if live else {})


def test_the_card_is_one_link_away_in_the_session(signed_in, therapist, draft, url):
    page = signed_in(therapist).get(draft.get_absolute_url()).content.decode()
    assert re.search(rf'<a class="btn"\s+href="{url}"', page)


def test_it_says_what_to_do_in_order_when_to_call_for_help_and_where_from(signed_in, therapist, url):
    page = signed_in(therapist).get(url).content.decode()
    steps = [page.index(str(step.text)) for step in faint.STEPS]
    assert steps == sorted(steps)
    assert "Call 911 if the patient does not come round" in page
    assert "acts.co.za" in page


def test_the_card_alone_names_nobody_and_leaves_no_look(signed_in, therapist, draft, url):
    card = signed_in(therapist).get(f"{url}?card").content.decode()
    assert "<html" not in card
    assert draft.patient.family_name not in card
    assert "data-faint-card" in card


def test_what_was_done_becomes_an_event_that_stays_open(signed_in, therapist, draft, url):
    at = formats.clock(timezone.now())
    response = post(
        signed_in(therapist), url, kind="faint", started_at=at, note="Well after a minute.", **DONE
    )

    event = AdverseEvent.objects.get()
    assert response.url == draft.get_absolute_url()
    assert event.action == "Needles out (2:01 PM). Legs raised. Well after a minute."
    assert (event.kind.code, event.phase, event.severity, event.noted_by) == ("faint", "during", 2, therapist)
    assert event.closed_at is None
    assert event.onset_at >= (draft.started_at or draft.opened_at)


def test_a_repeated_press_is_the_same_event(signed_in, therapist, url):
    client, key = signed_in(therapist), uuid.uuid4().hex
    for _ in range(2):
        answer = post(client, url, live=True, form_key=key, kind="near-faint", **DONE)
        assert answer.status_code == 200
    assert AdverseEvent.objects.count() == 1


@pytest.mark.parametrize("live", [True, False])
def test_without_what_happened_it_is_asked_again_and_nothing_typed_is_lost(signed_in, therapist, url, live):
    response = post(signed_in(therapist), url, live=live, note="Pale.", **DONE)
    assert response.status_code == 422
    assert not AdverseEvent.objects.exists()
    assert ("errors" in response.json()) if live else ("Pale." in response.content.decode())


@pytest.mark.parametrize("who", ["reception", "admin"])
def test_only_who_acts_on_warning_signs_records_one(request, signed_in, url, who):
    assert signed_in(request.getfixturevalue(who)).get(url).status_code == 403
