"""A practice is one address: somebody there who guesses keeps nobody else from work, at any door."""

import datetime as dt
import time
from types import SimpleNamespace

import pytest
import time_machine
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.contrib.auth import hashers
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from clinic.actions import accounts
from tests import factories
from tests.second_factor import code_of, give_app, give_codes, sign_in
from tests.software_passkey import SoftwarePasskey

HERE, THERE = "192.0.2.10", "192.0.2.20"
WRONG, WRONG_CODE, WRONG_RECOVERY_CODE = "not the password at all", "000000", "00000000"
SECOND, UNLOCK = "mfa_authenticate", "account_unlock"
PEOPLE = 50
IDLE = dt.timedelta(minutes=11)


@pytest.fixture
def clock(db):
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as travelling:
        yield travelling


@pytest.fixture
def colleagues(db) -> list:
    return [factories.user(f"colleague{number}") for number in range(PEOPLE)]


def browser(user=None, address: str = HERE) -> Client:
    client = Client(REMOTE_ADDR=address)
    if user is not None:
        client.force_login(user)
    return client


def at_the_second_step(user, address: str = HERE) -> Client:
    client = browser(address=address)
    assert sign_in(client, user.username).url == reverse(SECOND)
    return client


def unlock(client, password: str = factories.PASSWORD):
    return client.post(reverse(UNLOCK), {"password": password})


def send(client, code: str):
    return client.post(reverse(SECOND), {"code": code})


def is_in(client) -> bool:
    return client.get(reverse("account_change_password")).status_code == 200


def test_eleven_wrong_unlocks_keep_nobody_else_out(clock, therapist, colleagues):
    locked = [browser(user) for user in colleagues]
    page = browser(therapist)
    clock.shift(IDLE)

    for _ in range(11):
        assert unlock(page, WRONG).status_code == 422

    assert {unlock(client).status_code for client in locked} == {200}
    assert {sign_in(browser(), user.username).status_code for user in colleagues} == {302}


def test_eleven_wrong_codes_keep_nobody_else_out(clock, therapist, colleagues):
    secrets = {user: give_app(user) for user in [therapist, *colleagues]}
    guesser = at_the_second_step(therapist)

    for _ in range(11):
        assert send(guesser, WRONG_CODE).status_code == 422

    for user in colleagues:
        client = at_the_second_step(user)
        assert send(client, code_of(secrets[user])).status_code == 302
        assert is_in(client)


def test_fifty_people_sign_in_with_passkeys_beside_somebody_whose_passkey_is_none(clock, colleagues):
    passkeys = [SoftwarePasskey(user) for user in colleagues]
    for _ in range(11):
        browser().post(reverse("mfa_login_webauthn"), {"credential": "{}"})

    for passkey in passkeys:
        client = browser()
        asked = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
        answer = passkey.answer(asked.json()["request_options"])
        client.post(reverse("mfa_login_webauthn"), {"credential": answer})
        assert is_in(client)


@pytest.mark.parametrize("names", [["therapist"] * 11, [f"nobody{number}" for number in range(130)]])
def test_a_right_password_with_a_second_factor_still_enters(names, clock, therapist):
    """However many wrong ones came from this address: with this name, or with so many that all are slowed."""
    secret = give_app(therapist)
    for name in names:
        sign_in(browser(), name, WRONG)

    assert sign_in(browser(), "therapist", WRONG).status_code == 422
    client = at_the_second_step(therapist)
    assert not is_in(client)
    assert send(client, code_of(secret)).status_code == 302
    assert is_in(client)


def test_a_locked_name_is_tried_a_hundred_times_a_day_at_most(clock, therapist):
    """source: NIST SP 800-63B-4, 3.2.2"""
    give_app(therapist)
    for _ in range(5 + 100):
        sign_in(browser(), "therapist", WRONG)
        clock.shift(dt.timedelta(seconds=1))

    assert sign_in(browser(), "therapist").status_code == 422


def test_the_idle_lock_has_no_second_step_and_stays_shut(clock, therapist):
    give_app(therapist)
    page = browser(therapist)
    clock.shift(IDLE)
    for _ in range(5):
        unlock(page, WRONG)

    assert "Wait 15 minutes" in unlock(page).json()["error"]


def test_a_locked_name_costs_one_hash_with_a_second_factor_too(clock, therapist, reception, monkeypatch):
    give_app(therapist)
    for name in ("therapist", "reception", "nobody"):
        for _ in range(6):
            sign_in(browser(), name, WRONG)
    hashed = []
    plain = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, *a, **k: hashed.append(1) or plain(self, *a, **k)
    )

    costs = set()
    for name in ("therapist", "reception", "nobody"):
        hashed.clear()
        sign_in(browser(), name, WRONG)
        costs.add(len(hashed))

    assert costs == {1}


@pytest.mark.parametrize("wrong", [WRONG_CODE, WRONG_RECOVERY_CODE])
def test_twenty_four_wrong_codes_leave_the_recovery_codes(wrong, clock, therapist):
    give_app(therapist)
    codes = give_codes(therapist)
    guesser = at_the_second_step(therapist)

    answers = [send(guesser, wrong) for _ in range(24)]

    assert {answer.status_code for answer in answers} == {422}
    client = at_the_second_step(therapist)
    assert send(client, codes[0]).status_code == 302
    assert is_in(client)


def test_twenty_four_wrong_codes_lock_the_right_one_out_here_and_for_an_hour_only(clock, therapist):
    secret = give_app(therapist)
    guesser = at_the_second_step(therapist)
    refused = [send(guesser, WRONG_CODE) for _ in range(24)][-1].content.decode()

    assert "Wait an hour, or use a recovery code" in refused
    assert send(at_the_second_step(therapist), code_of(secret)).status_code == 422
    elsewhere = at_the_second_step(therapist, THERE)
    assert send(elsewhere, code_of(secret)).status_code == 302
    clock.shift(dt.timedelta(hours=1, seconds=1))
    assert send(at_the_second_step(therapist), code_of(secret)).status_code == 302


def test_a_hundred_codes_of_one_person_are_tried_a_day_wherever_they_come_from(clock, therapist):
    secret, codes = give_app(therapist), give_codes(therapist)
    for number in range(5):
        guesser = at_the_second_step(therapist, f"192.0.2.{100 + number}")
        for _ in range(20):
            send(guesser, WRONG_CODE)

    client = at_the_second_step(therapist, THERE)
    assert send(client, code_of(secret)).status_code == 422
    assert send(client, codes[0]).status_code == 302, "a recovery code has its own count"


def test_a_new_factor_begins_with_no_wrong_code(clock, therapist):
    give_app(therapist)
    guesser = at_the_second_step(therapist)
    for _ in range(24):
        send(guesser, WRONG_CODE)

    Authenticator.objects.filter(user=therapist).delete()
    secret = give_app(therapist)

    assert send(at_the_second_step(therapist), code_of(secret)).status_code == 302


def test_a_one_time_password_enters_however_many_wrong_ones_came(clock, therapist, admin):
    for _ in range(11):
        sign_in(browser(), "therapist", WRONG)

    password = accounts.give_one_time_password(therapist, by=admin)

    assert sign_in(browser(), "therapist", password).status_code == 302


class SlowCounter:
    """The count of an address, which a slow sign-in before this one holds until `free_at`. No time passes."""

    def __init__(self, monkeypatch, *, free_at: float):
        self.now, self.free_at, self.add = 0.0, free_at, caches["default"].add
        monkeypatch.setattr(caches["default"], "add", self.add_when_free)
        clock = SimpleNamespace(monotonic=lambda: self.now, sleep=self.sleep, time=time.time)
        monkeypatch.setattr(ratelimit, "time", clock)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def add_when_free(self, *about, **more) -> bool:
        return self.now >= self.free_at and self.add(*about, **more)


def test_a_sign_in_waits_for_slow_ones_of_the_same_address(reception, monkeypatch):
    SlowCounter(monkeypatch, free_at=3)

    answer = sign_in(Client(), "reception")

    assert answer.status_code == 302


def test_a_sign_in_does_not_wait_for_ever(reception, monkeypatch):
    SlowCounter(monkeypatch, free_at=3600)

    assert sign_in(Client(), "reception").status_code == 429
