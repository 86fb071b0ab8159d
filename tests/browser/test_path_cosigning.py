"""A supervisor's work by keyboard: from the sign-in through board and note to an addendum."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clinic.models import AuditEvent, Practice
from tests import factories
from tests.browser import steps
from tests.browser.test_signing_in import add_passkey
from tests.treatments import notes
from treatments.models import Addendum, CoSignature, NeedlingSession

BESIDE = "Present throughout, technique discussed."


@pytest.fixture
def note(draft, other_therapist):
    """Maria's signed note, with Jo named as supervisor."""
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=other_therapist)
    draft.refresh_from_db()
    return notes.signed(draft)


def test_a_supervisor_finds_reads_co_signs_and_adds_words(keyboard, other_therapist, note):
    user, name = keyboard, note.patient.listed_name
    steps.sign_in(user, other_therapist)
    expect(user.page.get_by_role("heading", name="1 note waits for your co-signature")).to_be_visible()

    user.go(f"Co-sign note of {name}")
    user.tab_to("Read-back")
    assert "Infraspinatus, right." in user.page.locator("[role=region]:focus").inner_text()
    user.fill("Anything to add?", BESIDE)
    # the sign-in a moment ago is proof
    expect(user.page.locator("main").get_by_label("Your password")).to_have_count(0)
    user.leave_by("Control+Enter")

    expect(user.page.get_by_text(f"Co-signed: {name}.")).to_be_visible()
    made = CoSignature.objects.get()
    assert (made.session, made.signed_by, made.statement) == (note, other_therapist, BESIDE)
    expect(user.page.locator(".addendum")).to_contain_text(BESIDE)

    user.go("Add addendum")
    user.choose("What is it?", "Late entry")
    user.fill("Why is it added?", "Forgotten")
    user.fill("What is added?", "Supervised from the next table.")
    user.leave_by("Control+Enter")

    expect(user.page.locator(".addendum").first).to_contain_text("Supervised from the next table.")
    assert Addendum.objects.get().written_by == other_therapist
    user.page.goto("/")
    expect(user.page.get_by_text("waits for your co-signature")).to_have_count(0)
    assert AuditEvent.objects.filter(code="session.cosigned", actor=other_therapist).count() == 1


def test_a_wrong_password_co_signs_nothing_and_keeps_what_was_typed(
    open_page, keyboard_for, other_therapist, note
):
    user = keyboard_for(open_page(user=other_therapist))
    user.page.goto("/")
    user.go(f"Co-sign note of {note.patient.listed_name}")
    user.fill("Anything to add?", BESIDE)
    user.fill("Your password", "thick needles")
    user.leave_by("Control+Enter")

    expect(user.page.get_by_label("Anything to add?")).to_have_value(BESIDE)
    assert not CoSignature.objects.exists()
    user.fill("Your password", factories.PASSWORD)
    user.leave_by("Control+Enter")
    assert CoSignature.objects.get().statement == BESIDE


def test_a_passkey_co_signs_with_what_else_was_typed(open_page, keyboard_for, other_therapist, note):
    # else the password for adding the passkey is the proof
    Practice.objects.update(sign_reauth_minutes=0)
    page = open_page(user=other_therapist)
    add_passkey(page)
    page.goto(reverse("treatments:session-cosign", args=[note.ref]))
    user = keyboard_for(page)
    page.watch.pointer_events.clear()  # the clicks of whoever added the passkey
    user.fill("Anything to add?", BESIDE)

    user.go("Co-sign with a passkey")

    expect(page.get_by_text("Co-signed: ")).to_be_visible()
    made = CoSignature.objects.get()
    assert (made.signed_by, made.statement) == (other_therapist, BESIDE)
