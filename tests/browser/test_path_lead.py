"""The lead's own job, by keyboard: read a record, close what nobody can sign any more, see who did what."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.browser import steps
from tests.treatments import notes
from treatments.models import NeedlingSession


@pytest.fixture
def hands(keyboard, lead):
    steps.sign_in(keyboard, lead)
    return keyboard


@pytest.fixture
def old_draft(draft):
    """A draft of four days ago whose author did not sign it."""
    ready = notes.ready(draft, ended_ago=dt.timedelta(days=4))
    long_ago = timezone.now() - dt.timedelta(days=4)
    NeedlingSession.objects.filter(pk=ready.pk).update(opened_at=long_ago)
    return ready


def test_an_old_draft_is_closed_unsigned_with_a_reason(hands, old_draft):
    hands.page.goto("/")
    hands.go(f"Open draft of {old_draft.patient.listed_name}")
    hands.go("Close unsigned")
    hands.fill("Why?", "The therapist has left the practice.")
    hands.go("Close it unsigned")

    old_draft.refresh_from_db()
    assert old_draft.closed_unsigned_at
    assert old_draft.close_reason == "The therapist has left the practice."


def test_the_record_and_its_history_are_read(hands, draft):
    notes.signed(draft)
    hands.page.goto("/patients/")
    hands.fill("Find by name, birth date, phone or reference", draft.patient.ref)
    hands.leave_by("Enter")
    hands.go(draft.patient.listed_name)
    assert "Infraspinatus" in hands.page.locator("#sessions").inner_text()

    hands.go("History")
    assert "signed" in hands.page.locator(".history").inner_text()
    hands.go("Who looked")
    assert "Hana Oduya" in hands.page.locator(".history").inner_text()
