"""Wrong passwords: five lock a name at an address, many names are slowed, no name is revealed."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from clinic.actions import accounts
from clinic.models import AuditEvent
from clinic.signin import lockout
from tests import factories
from tests.second_factor import sign_in

ROOT = Path(__file__).resolve().parents[2]
WRONG = "not the password at all"
FAILURES_A_MINUTE = 120
HERE, THERE = "192.0.2.10", "192.0.2.20"


def browser(address: str = HERE) -> Client:
    return Client(REMOTE_ADDR=address)


def fail(username: str, times: int = 5, *, address: str = HERE) -> list:
    return [sign_in(browser(address), username, WRONG) for _ in range(times)]


def is_in(response) -> bool:
    return response.status_code == 302 and response.wsgi_request.user.is_authenticated


def message_of(response) -> str:
    return " ".join(response.context["form"].non_field_errors())


def test_five_wrong_passwords_lock_that_name_at_that_address(therapist, reception):
    last = fail("therapist")[-1]
    right = sign_in(browser(), "therapist")

    assert (last.status_code, right.status_code) == (422, 422)
    assert "Wait 15 minutes" in message_of(last)
    assert message_of(right) == message_of(last)
    assert not right.wsgi_request.user.is_authenticated
    assert is_in(sign_in(browser(), "reception")), "an address is never locked"
    assert is_in(sign_in(browser(THERE), "therapist")), "nor is a name, elsewhere"


def test_four_wrong_ones_lock_nothing(therapist):
    fail("therapist", 4)

    assert is_in(sign_in(browser(), "therapist"))


def test_writing_the_name_in_capitals_is_the_same_name(therapist):
    for spelling in ("therapist", "Therapist", " THERAPIST", "therapisT ", "therapist"):
        fail(spelling, 1)

    assert "Wait 15 minutes" in message_of(sign_in(browser(), "therapist"))


def test_the_lock_ends_by_itself_and_knocking_does_not_make_it_longer(therapist):
    start = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        fail("therapist")
        clock.shift(dt.timedelta(minutes=14))
        assert "Wait 15 minutes" in message_of(sign_in(browser(), "therapist"))
        clock.shift(dt.timedelta(minutes=2))
        assert is_in(sign_in(browser(), "therapist"))


def test_locking_is_recorded_once_and_without_the_name_that_was_typed(therapist):
    fail("therapist", 7)
    fail("a password in the wrong box", address=THERE)

    known, unknown = AuditEvent.objects.filter(code="user.locked_out").order_by("seq")
    assert known.object_ref == str(therapist.pk)
    assert (unknown.object_ref, unknown.changes, unknown.reason) == ("", {}, "")
    stored = " ".join(str(value) for row in AccessAttempt.objects.values() for value in row.values())
    for secret in ("therapist", "wrong box", WRONG):
        assert secret not in stored


def test_an_administrators_one_time_password_opens_the_lock(therapist, admin):
    fail("therapist")

    password = accounts.give_one_time_password(therapist, by=admin)

    assert is_in(sign_in(browser(), "therapist", password))


def test_a_name_that_is_not_there_is_answered_alike_before_and_after_the_lock(therapist):
    known, unknown = fail("therapist", 6), fail("nobody-here", 6, address=THERE)

    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown]
    assert [message_of(answer) for answer in known] == [message_of(answer) for answer in unknown]


def test_an_answer_costs_one_hash_whoever_was_named(therapist, monkeypatch):
    """Response times do not tell unknown, wrong and locked names apart, because each computes a hash."""
    hashed = []
    plain = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, *a, **k: hashed.append(1) or plain(self, *a, **k)
    )

    def cost(username, password):
        hashed.clear()
        sign_in(browser(), username, password)
        return len(hashed)

    wrong, unknown = cost("therapist", WRONG), cost("nobody-here", WRONG)
    fail("therapist", 4)

    assert wrong == unknown == cost("therapist", WRONG) == cost("therapist", factories.PASSWORD) == 1


def test_one_password_on_many_names_is_slowed_and_locks_nobody_out(db):
    start = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    name = factories.user("spray").username

    with time_machine.travel(start, tick=False) as clock:
        answers = [sign_in(browser(), f"guess{number}", WRONG) for number in range(FAILURES_A_MINUTE + 5)]
        looked_at = [answer for answer in answers if "do not match" in message_of(answer)]
        assert len(looked_at) == FAILURES_A_MINUTE, "the others were not looked at"
        assert all("Too many tries" in message_of(answer) for answer in answers[FAILURES_A_MINUTE:])
        assert is_in(sign_in(browser(THERE), name)), "only that address is slowed"
        clock.shift(dt.timedelta(minutes=1, seconds=1))
        assert is_in(sign_in(browser(), name)), "and for a minute only"


def test_fifty_people_behind_one_address_sign_in_beside_somebody_who_guesses(db):
    """A practice is one address: a guest on its Wi-Fi who invents names keeps nobody from work."""
    names = [factories.user(f"early{number}").username for number in range(50)]
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False):
        for number in range(24):
            sign_in(browser(), f"nobody{number}", WRONG)

        assert all(is_in(sign_in(browser(), name)) for name in names)


def test_a_closed_account_answers_as_a_wrong_password_does(therapist):
    wrong = sign_in(browser(), "therapist", WRONG)
    therapist.is_active = False
    therapist.save(update_fields=["is_active"])

    for password in (WRONG, factories.PASSWORD):
        closed = sign_in(browser(), "therapist", password)
        assert (closed.status_code, message_of(closed)) == (wrong.status_code, message_of(wrong))


def test_the_counts_are_kept_where_every_process_reads_them(therapist):
    """Lockout and limits are stored in the database, not in a process."""
    fail("therapist")

    assert type(cache._connections["default"]).__name__ == "DatabaseCache"
    assert AccessAttempt.objects.filter(username=lockout.digest("therapist")).exists()
    cache.clear()
    assert "Wait 15 minutes" in message_of(sign_in(browser(), "therapist"))


TRY = """
import django
django.setup()
from django.test import Client
from tests.second_factor import sign_in
answer = sign_in(Client(REMOTE_ADDR="192.0.2.10"), "therapist", {password!r})
print(answer.status_code, answer.wsgi_request.user.is_authenticated)
"""


def in_a_new_process(database: str, code: str) -> str:
    stored = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    env = {
        **stored,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "PYTHONPATH": str(ROOT),
    }
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip().splitlines()[-1]


MAKE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests import factories
factories.user("therapist")
"""


@pytest.mark.drill
def test_a_lock_survives_a_restart(tmp_path):
    """Each try runs in a new process, on one database file."""
    database = f"sqlite:///{tmp_path}/restart.sqlite3"
    in_a_new_process(database, MAKE + "print('made')")

    for _ in range(5):
        assert in_a_new_process(database, TRY.format(password=WRONG)) == "422 False"

    assert in_a_new_process(database, TRY.format(password=factories.PASSWORD)) == "422 False"


@pytest.mark.parametrize(
    ("depth", "forwarded", "seen"),
    [
        (0, "203.0.113.5", "192.0.2.10"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.1, 203.0.113.5", "198.51.100.1"),
        (2, "203.0.113.5", "192.0.2.10"),
        (1, "a name <script>", "192.0.2.10"),
    ],
)
def test_lock_limits_and_audit_see_the_same_address(depth, forwarded, seen, therapist, settings):
    settings.PROXY_DEPTH = depth
    client = browser()

    client.post(
        reverse("account_login"),
        {"login": "therapist", "password": WRONG},
        headers={"X-Forwarded-For": forwarded},
    )

    assert AccessAttempt.objects.get().ip_address == seen
    assert AuditEvent.objects.get(code="user.sign_in_failed").address == seen
