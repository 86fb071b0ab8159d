"""What counts as proof at signing: a password or passkey given on this device, for its minutes."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.models import Practice
from tests import factories
from tests.second_factor import code_of, give_app, prove_again, sign_in
from tests.software_passkey import SoftwarePasskey
from tests.treatments import notes

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ready(clock, draft):
    return notes.ready(draft)


def wants_password(client, session) -> bool:
    page = client.get(reverse("treatments:session-sign", args=[session.ref]))
    assert page.status_code == 200
    return "password" in page.context["form"].fields


def by_password(client, user) -> None:
    assert sign_in(client, user.username).status_code == 302


def by_a_second_factor(client, user) -> None:
    secret = give_app(user)
    by_password(client, user)
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302


def by_passkey(client, user) -> None:
    key = SoftwarePasskey(user)
    asked = client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"}).json()
    answer = key.answer(asked["request_options"])
    assert client.post(reverse("mfa_login_webauthn"), {"credential": answer}).status_code == 302


@pytest.mark.parametrize("enter", [by_password, by_a_second_factor, by_passkey])
def test_a_sign_in_is_proof_for_the_minutes_of_the_practice(enter, clock, therapist, ready):
    client = Client()
    enter(client, therapist)
    clock.shift(9 * MINUTE)
    assert not wants_password(client, ready)

    client.post(reverse("account_here"))
    clock.shift(MINUTE)

    assert wants_password(client, ready)


def unlock_by_password(client, user) -> None:
    assert client.post(reverse("account_unlock"), {"password": factories.PASSWORD}).status_code == 200


def unlock_by_passkey(client, user) -> None:
    answer = SoftwarePasskey(user).answer(
        client.get(reverse("account_passkey_question")).json()["request_options"]
    )
    assert client.post(reverse("account_unlock"), {"credential": answer}).status_code == 200


def ask_again(client, user) -> None:
    client.post(reverse("account_here"))
    assert prove_again(client).status_code == 302


def change_password(client, user) -> None:
    new = "a sentence of seven short words"
    typed = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), typed).status_code == 302


@pytest.mark.parametrize("prove", [unlock_by_password, unlock_by_passkey, ask_again, change_password])
def test_proof_that_is_given_later_counts_from_then(prove, clock, therapist, ready):
    client = Client()
    by_password(client, therapist)
    idle = prove in (unlock_by_password, unlock_by_passkey)
    clock.shift(9 * MINUTE)
    if not idle:
        client.post(reverse("account_here"))
    clock.shift(2 * MINUTE)

    prove(client, therapist)

    assert not wants_password(client, ready)
    clock.shift(9 * MINUTE)
    assert not wants_password(client, ready)


def test_a_wrong_password_at_the_lock_is_no_proof(clock, therapist, ready):
    client = Client()
    by_password(client, therapist)
    clock.shift(11 * MINUTE)
    before = client.session["proof"]

    assert client.post(reverse("account_unlock"), {"password": "thick needles"}).status_code == 422

    assert client.session["proof"] == before


def test_the_code_of_an_app_alone_is_no_proof(clock, therapist, ready):
    client, secret = Client(), give_app(therapist)
    client.force_login(therapist)

    assert client.post(reverse("mfa_reauthenticate"), {"code": code_of(secret)}).status_code == 302

    assert wants_password(client, ready)


def test_with_zero_minutes_a_sign_in_is_no_proof(clock, therapist, ready):
    Practice.objects.update(sign_reauth_minutes=0)
    client = Client()
    by_password(client, therapist)

    assert wants_password(client, ready)


def test_the_proof_of_somebody_else_is_none(clock, therapist, other_therapist, ready):
    client = Client()
    by_password(client, other_therapist)
    theirs = client.session["proof"]
    client.force_login(therapist)
    session = client.session
    session["proof"] = theirs
    session.save()

    assert wants_password(client, ready)


def test_somebody_else_who_signs_in_over_the_lock_has_their_own_proof(clock, therapist, other_therapist):
    client = Client()
    by_password(client, therapist)
    clock.shift(11 * MINUTE)
    by_password(client, other_therapist)

    assert client.session["proof"]["of"] == other_therapist.pk


def test_a_first_step_alone_is_no_proof(clock, therapist):
    client = Client()
    give_app(therapist)
    by_password(client, therapist)

    assert "proof" not in client.session
