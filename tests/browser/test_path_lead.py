"""The lead's work by keyboard: reads a record, closes an abandoned draft, searches the audit."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.browser import steps
from tests.treatments import notes
from treatments.models import NeedlingSession


@pytest.fixture
def user(keyboard, lead):
    steps.sign_in(keyboard, lead)
    return keyboard


@pytest.fixture
def old_draft(draft):
    """A draft of four days ago whose author did not sign it."""
    ready = notes.ready(draft, ended_ago=dt.timedelta(days=4))
    long_ago = timezone.now() - dt.timedelta(days=4)
    NeedlingSession.objects.filter(pk=ready.pk).update(opened_at=long_ago)
    return ready


def test_an_old_draft_is_closed_unsigned_with_a_reason(user, old_draft):
    user.page.goto("/")
    user.go(f"Open draft of {old_draft.patient.listed_name}")
    user.go("Close unsigned")
    user.fill("Why?", "The therapist has left the practice.")
    user.go("Close unsigned")

    old_draft.refresh_from_db()
    assert old_draft.closed_unsigned_at
    assert old_draft.close_reason == "The therapist has left the practice."


def test_the_record_and_its_history_are_read(user, draft):
    notes.signed(draft)
    user.page.goto("/patients/")
    user.fill("Find by name, birth date, phone or reference", draft.patient.ref)
    user.leave_by("Enter")
    user.go(draft.patient.listed_name)
    assert "Infraspinatus" in user.page.locator("#sessions").inner_text()

    user.go("History")
    assert "signed" in user.page.locator(".history").inner_text()
    user.go("Access log")
    assert "Hana Oduya" in user.page.locator(".history").inner_text()
