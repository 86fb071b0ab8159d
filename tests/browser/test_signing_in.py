"""Passkeys, the authenticator app and the idle lock in a real browser with a virtual authenticator."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from clinic.models import AuditEvent, Practice
from tests import factories
from tests.browser import network
from tests.browser.accessibility import axe
from tests.second_factor import code_of, give_app, give_codes
from tests.treatments import notes
from treatments.models import NeedlingSession

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
NOTE = "Slept on the right side again."


def give_authenticator(page) -> None:
    """A virtual authenticator with user verification."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def type_password(page, password: str = factories.PASSWORD) -> None:
    page.get_by_label(re.compile("password", re.I)).fill(password)
    page.keyboard.press("Enter")


def add_passkey(page) -> None:
    give_authenticator(page)
    page.goto(reverse("mfa_add_webauthn"))
    type_password(page)
    page.get_by_label("What is its name?").fill("My phone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def stay_idle(page, minutes: int = 11) -> None:
    """Lets idle time pass, for the server and for the page's clock."""
    for row in Session.objects.all():
        data = row.get_decoded()
        if "touched_at" in data:
            data["touched_at"] -= minutes * 60
            Session.objects.filter(pk=row.pk).update(
                session_data=Session.get_session_store_class()().encode(data)
            )
    page.clock.fast_forward(minutes * 60 * 1000)


@pytest.fixture
def page(open_page, therapist):
    return open_page(user=therapist)


def test_a_passkey_is_added_and_signs_in_by_itself(page, therapist):
    add_passkey(page)
    page.goto(reverse("account_logout"))
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{reverse('account_login')}?next={reverse('treatments:followups')}")

    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_url(reverse("treatments:followups"))
    assert AuditEvent.objects.filter(code="user.factor_added", reason="webauthn").count() == 1
    assert AuditEvent.objects.filter(code="user.signed_in").count() == 2


def test_a_button_that_needs_a_script_waits_for_the_script(page):
    script = network.DelayedRequests(page, r"/passkey.*\.js")
    give_authenticator(page)
    page.goto(reverse("mfa_add_webauthn"))
    type_password(page)
    script.wait()
    page.get_by_label("What is its name?").fill("My phone")
    expect(page.get_by_role("button", name="Add the passkey")).to_be_hidden()

    script.send()

    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_a_passkey_is_the_second_step_after_a_password(page, therapist):
    add_passkey(page)
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_label("Username").fill("therapist")
    type_password(page)

    page.get_by_role("button", name="Use your passkey").click()

    expect(page).to_have_url("/")
    assert AuditEvent.objects.filter(code="user.signed_in").count() == 2


def test_a_passkey_is_renamed_and_removed(page, therapist):
    add_passkey(page)
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name="Rename My phone").click()
    page.get_by_label("What is its name?").fill("The key on my ring")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Remove The key on my ring").click()
    page.get_by_role("button", name="Remove the passkey").click()

    expect(page.get_by_text("None yet.")).to_be_visible()
    assert not Authenticator.objects.exists()


@pytest.fixture
def session_page(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.clock.install()
    page.goto(draft.get_absolute_url())
    page.get_by_text("Plan and note").click()
    page.get_by_label("Note", exact=True).press_sequentially("Slept on the ri")
    expect(page.locator("[data-save]")).to_contain_text("Saved")
    return page


def is_hidden(page) -> bool:
    return page.evaluate("getComputedStyle(document.querySelector('main')).visibility") == "hidden"


def test_an_untouched_page_is_hidden_and_the_same_person_goes_on_in_the_same_field(session_page, draft):
    page, title = session_page, session_page.title()
    stay_idle(page)

    expect(page.get_by_role("heading", name="Locked after 10 minutes")).to_be_visible()
    assert page.title() == "Locked · Filiform"
    assert is_hidden(page)
    assert "Ada" not in page.locator("[data-lock]").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Locked after 10 minutes")).to_be_visible()
    type_password(page, "not that one")
    expect(page.locator("[data-lock-error]")).to_contain_text("That is not your password")
    type_password(page)
    expect(page.get_by_role("heading", name="Locked after 10 minutes")).to_be_hidden()

    assert page.title() == title
    assert page.evaluate("document.activeElement.id") == "id_note"
    page.keyboard.type("ght side again.")
    expect(page.get_by_label("Note", exact=True)).to_have_value(NOTE)
    page.keyboard.press("Tab")
    page.clock.run_for(3000)
    expect(page.locator("[data-save]")).to_contain_text("Saved")
    assert NeedlingSession.objects.get(pk=draft.pk).note == NOTE


def test_a_save_that_meets_the_lock_opens_the_panel_and_goes_through_afterwards(session_page, draft):
    """The server had ended the sign-in before the page noticed."""
    page = session_page
    for row in Session.objects.all():
        data = {**row.get_decoded(), "touched_at": 1}
        Session.objects.filter(pk=row.pk).update(
            session_data=Session.get_session_store_class()().encode(data)
        )
    page.keyboard.type("ght side again.")
    page.keyboard.press("Tab")

    expect(page.get_by_role("heading", name="Locked after 10 minutes")).to_be_visible()
    type_password(page)
    expect(page.get_by_role("heading", name="Locked after 10 minutes")).to_be_hidden()
    page.clock.run_for(3000)
    expect(page.locator("[data-save]")).to_contain_text("Saved")

    assert NeedlingSession.objects.get(pk=draft.pk).note == NOTE


def test_a_passkey_unlocks_too(page, therapist):
    add_passkey(page)
    page.clock.install()
    page.goto("/")
    stay_idle(page)
    expect(page.get_by_role("heading", name="Locked after 10 minutes")).to_be_visible()

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="Locked after 10 minutes")).to_be_hidden()
    assert AuditEvent.objects.filter(code="user.unlocked").count() == 1


def test_a_passkey_signs_a_note(page, draft, therapist):
    """The proof of identity at signing, with the other fields of the form."""
    # else the password for adding the passkey is the proof
    Practice.objects.update(sign_reauth_minutes=0)
    note = notes.ready(draft)
    add_passkey(page)
    page.goto(reverse("treatments:session-sign", args=[note.ref]))
    page.get_by_label("I checked name and birth date with the patient").check()

    page.get_by_role("button", name="Sign with a passkey").click()

    expect(page.get_by_text("Signed: ")).to_be_visible()
    note.refresh_from_db()
    assert (note.state, note.signed_by, note.identity_checked_by) == ("signed", therapist, therapist)


def test_the_lock_is_announced_and_one_key_stays(session_page):
    page = session_page
    stay_idle(page, minutes=9)
    expect(page.get_by_role("heading", name="Still there?")).to_be_visible()
    expect(page.locator("[data-lock-spoken]")).to_contain_text("Press Enter to stay")

    # the server is told, too
    with page.expect_response(lambda answer: "/here/" in answer.url and answer.request.method == "POST"):
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Still there?")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "id_note"
    stay_idle(page, minutes=5)
    assert not is_hidden(page)


def test_somebody_else_switches_and_the_draft_stays_its_owners(session_page, draft, reception):
    page = session_page
    stay_idle(page)
    page.get_by_role("link", name="Switch user").click()
    page.get_by_label("Username").fill("reception")
    type_password(page)

    expect(page.get_by_text("Robin Hale").first).to_be_visible()
    assert page.goto(draft.get_absolute_url()).status == 403
    assert NeedlingSession.objects.get(pk=draft.pk).therapist.username == "therapist"


SIZES = [(1280, "light"), (390, "dark")]
AFTER_A_PROOF = (
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_reauthenticate",
)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_step_of_signing_in_can_be_read_by_everybody(width, scheme, open_page, therapist):
    """Pages that require a fresh proof, and the page after a wrong code."""
    secret = give_app(therapist)
    give_codes(therapist)
    page = open_page(width=width, scheme=scheme)
    page.goto(reverse("account_login"))
    page.get_by_label("Username").fill("therapist")
    type_password(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert violations(page) == []
    with page.expect_navigation():
        page.get_by_label("Code").fill("12")
        page.keyboard.press("Enter")
    assert violations(page) == []
    with page.expect_navigation():
        page.get_by_label("Code").fill(code_of(secret))
        page.keyboard.press("Enter")

    page.goto(reverse("account_reauthenticate"))
    assert violations(page) == []
    with page.expect_navigation():
        type_password(page)
    for name in AFTER_A_PROOF:
        page.goto(reverse(name))
        assert violations(page) == [], name


def violations(page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*axe(page), *(["sideways"] if wide else [])]


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_lock_can_be_read_by_everybody(width, scheme, open_page, therapist, ada):
    page = open_page(width=width, scheme=scheme, user=therapist)
    page.clock.install()
    page.goto(reverse("treatments:record", args=[ada.ref]))
    stay_idle(page, minutes=9)
    expect(page.get_by_role("heading", name="Still there?")).to_be_visible()
    assert violations(page) == []
    stay_idle(page, minutes=2)
    expect(page.get_by_role("heading", name="Locked after 10 minutes")).to_be_visible()
    assert violations(page) == []
