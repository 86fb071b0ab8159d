"""Session lifetime: the idle lock, the twelve-hour limit, and sign-ins that end at once."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from clinic.actions import accounts
from clinic.models import AuditEvent, Practice, Role, RoleGrant, User
from clinic.signin import lifetime
from clinic.views.signin import idle_lock
from tests import factories
from tests.second_factor import sign_in

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
BACKGROUND = {"X-Background": "1"}
SIGN_IN = "/accounts/login/?next=/"


@pytest.fixture
def clock(db):
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


@pytest.fixture
def client_in(clock, therapist, signed_in):
    return signed_in(therapist)


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def is_locked(client) -> bool:
    response = client.get("/")
    return response.status_code == 302 and response.url == SIGN_IN


def unlock(client, password: str = factories.PASSWORD):
    return client.post(reverse("account_unlock"), {"password": password})


def test_a_sign_in_that_nobody_touched_is_locked(client_in, clock):
    clock.shift(minutes(9.9))
    assert client_in.get("/").status_code == 200
    clock.shift(minutes(10))
    assert is_locked(client_in)


def test_the_practice_sets_the_minutes(client_in, clock):
    Practice.objects.update(idle_lock_minutes=3)
    clock.shift(minutes(3))

    assert is_locked(client_in)


def test_the_lock_comes_half_a_minute_early_at_worst_and_never_late(client_in, clock):
    """The session row is written at most twice a minute, not for every request."""
    clock.shift(dt.timedelta(seconds=29))
    client_in.get("/")
    clock.shift(minutes(10) - dt.timedelta(seconds=30))
    assert client_in.get(reverse("account_here"), headers=BACKGROUND).json()["left"] == 1
    clock.shift(dt.timedelta(seconds=1))
    assert is_locked(client_in)


def test_a_request_writes_the_session_twice_a_minute_at_most(client_in, clock, django_assert_num_queries):
    def writes() -> str:
        return Session.objects.get(pk=client_in.session.session_key).session_data

    before = writes()
    clock.shift(dt.timedelta(seconds=20))
    client_in.get("/")
    assert writes() == before
    clock.shift(dt.timedelta(seconds=20))
    client_in.get("/")
    assert writes() != before


def test_what_a_script_asks_by_itself_keeps_nobody_signed_in(client_in, clock):
    for _ in range(11):
        client_in.get(reverse("account_here"), headers=BACKGROUND)
        client_in.get("/", headers=BACKGROUND)
        clock.shift(minutes(1))

    assert is_locked(client_in)


def test_a_hand_on_the_keyboard_does(client_in, clock):
    for _ in range(11):
        clock.shift(minutes(1))
        client_in.post(reverse("account_here"))

    assert client_in.get("/").status_code == 200


def test_a_locked_page_asks_and_saves_nothing(client_in, clock, ada):
    clock.shift(minutes(11))
    address = reverse("patients:edit", args=[ada.ref])

    sent = client_in.post(address, {"family_name": "Otherwood"})
    fetched = client_in.post(address, {"family_name": "Otherwood"}, headers={"X-Requested-With": "fetch"})

    assert (sent.status_code, fetched.status_code) == (401, 401)
    assert "Otherwood" in sent.content.decode(), "what was typed is offered again"
    assert "<title>Signed out" in sent.content.decode()
    ada.refresh_from_db()
    assert ada.family_name == "Examplewood"


def test_the_same_person_goes_on_in_the_same_sign_in(client_in, clock, therapist):
    key = client_in.session.session_key
    clock.shift(minutes(11))

    assert unlock(client_in, "not that one").status_code == 422
    assert is_locked(client_in)
    assert unlock(client_in).json() == {"left": 600, "who": "therapist"}

    assert client_in.get("/").status_code == 200
    assert client_in.session.session_key == key, "forms of the page keep their token"
    assert AuditEvent.objects.filter(code="user.unlocked", actor=therapist).count() == 1


def test_five_wrong_passwords_at_the_lock_are_five_at_the_door(client_in, clock):
    clock.shift(minutes(11))
    for _ in range(5):
        answer = unlock(client_in, "not that one")

    assert "Wait 15 minutes" in answer.json()["error"]
    assert "Wait 15 minutes" in unlock(client_in).json()["error"]
    assert is_locked(client_in)


def test_a_lock_that_comes_while_a_page_is_answered_stays(client_in, clock, monkeypatch):
    """The page began before the lock and stores its session after it."""
    clock.shift(minutes(1))
    key = client_in.session.session_key

    def locked_meanwhile(request) -> str:
        other = SessionStore(key)
        lifetime.lock(other)
        other.save()
        return ""

    monkeypatch.setattr(idle_lock, "get_token", locked_meanwhile)
    client_in.post(reverse("account_here"))

    assert is_locked(client_in)


def test_somebody_else_signs_in_over_the_lock_and_finds_nothing_of_the_first(client_in, clock, reception):
    old = client_in.session.session_key
    clock.shift(minutes(11))

    assert sign_in(client_in, "reception").status_code == 302

    assert client_in.get("/").context["user"] == reception
    assert client_in.session.session_key != old
    assert client_in.session["proof"]["of"] == reception.pk


def test_a_stranger_is_told_nothing_by_the_lock(client, db):
    for name, method in (
        ("account_here", "get"),
        ("account_unlock", "post"),
        ("account_passkey_question", "get"),
    ):
        answer = getattr(client, method)(reverse(name))
        assert (answer.status_code, answer.json()) == (401, {"signed_in": False})


def test_a_page_learns_the_token_of_the_sign_in_that_holds_now(client_in):
    """Forms of an earlier sign-in can be posted after signing in again."""
    answer = client_in.get(reverse("account_here"), headers=BACKGROUND)

    assert answer.json()["token"]
    assert answer.cookies["csrftoken"].value
    assert answer["Cache-Control"] == "no-store"


def test_twelve_hours_end_it_whatever_is_done(client_in, clock):
    for _ in range(12 * 12 - 1):
        clock.shift(minutes(5))
        client_in.post(reverse("account_here"))
    assert client_in.get("/").status_code == 200
    clock.shift(minutes(5))

    assert client_in.get("/").status_code == 302
    assert unlock(client_in).status_code == 401, "a sign-in that is over is not unlocked"


def test_a_sign_in_without_its_hours_is_over(client_in):
    session = client_in.session
    del session["signed_in_at"]
    session.save()

    assert client_in.get("/").status_code == 302


def test_the_panel_names_nobody_but_the_person_who_works(client_in, ada):
    page = client_in.get(reverse("treatments:record", args=[ada.ref])).content.decode()
    panel = page[page.index("data-lock-warning") :]

    assert "Ada" not in panel[: panel.index("</dialog>\n<script")]
    assert 'data-minutes="10"' in panel


# Sign-ins that end at the next request.
def inside(client) -> bool:
    return client.get(reverse("account_change_password")).status_code == 200


def change_password(client, new="a long walk by the lake"):
    url = reverse("account_change_password")
    return client.post(url, {"oldpassword": factories.PASSWORD, "password1": new, "password2": new})


def test_a_new_password_ends_the_other_sign_ins_and_keeps_this_one(therapist, signed_in):
    here, there = signed_in(therapist), signed_in(therapist)

    assert change_password(here).status_code == 302

    assert (inside(here), inside(there)) == (True, False)


def deactivated(admin, user, client):
    data = {"username": user.username, "first_name": "Given", "last_name": "Family", "_save": "Save"}
    rows = {
        f"{name}-{key}": 0
        for name in ("role_grants", "credentials")
        for key in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    rows["role_grants-INITIAL_FORMS"] = rows["role_grants-TOTAL_FORMS"] = 0
    client.post(reverse("admin:clinic_user_change", args=[user.pk]), {**data, **rows})
    user.refresh_from_db()
    assert not user.is_active


def test_who_is_deactivated_is_out_and_stays_out_when_the_account_opens_again(admin, reception, signed_in):
    desk = signed_in(reception)

    deactivated(admin, reception, signed_in(admin))

    assert not inside(desk)
    User.objects.filter(pk=reception.pk).update(is_active=True)
    assert not inside(desk)


def test_a_role_that_is_given_ends_the_sign_ins(admin, reception, signed_in):
    desk = signed_in(reception)

    accounts.give_role(RoleGrant(user=reception, role=Role.THERAPIST), by=admin)

    assert not inside(desk)


def test_a_role_that_is_ended_ends_the_sign_ins_and_opens_nothing_any_more(admin, lead, signed_in):
    client = signed_in(lead)
    grant = lead.role_grants.get()
    grant.until_on = grant.from_on = dt.date(2020, 1, 1)

    accounts.give_role(grant, by=admin)

    assert not inside(client)
    assert signed_in(User.objects.get(pk=lead.pk)).get("/").status_code == 403


def test_a_role_whose_last_day_has_passed_opens_nothing_at_the_next_request(therapist, signed_in, ada):
    client = signed_in(therapist)
    RoleGrant.objects.filter(user=therapist).update(until_on=dt.date(2020, 1, 1))

    assert client.get(reverse("treatments:record", args=[ada.ref])).status_code == 403


def test_ending_the_sign_ins_of_one_person_reads_no_session(therapist, reception, signed_in, admin):
    """Two statements on one row, however many sign-ins are open."""
    desk, out = signed_in(reception), signed_in(therapist)
    accounts.end_sign_ins(therapist)

    assert (inside(desk), inside(out)) == (True, False)


def test_an_answer_to_a_tab_that_was_late_leaves_the_newer_sign_in_alone(client, therapist, signed_in):
    """Tabs share one cookie: by deleting it, the answer would sign the patient out of the tablet."""
    late = signed_in(therapist)
    Session.objects.all().delete()

    answer = late.get("/", headers=BACKGROUND)

    assert answer.status_code in (302, 401)
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


def test_signing_out_deletes_the_cookie_of_the_sign_in(therapist, signed_in):
    answer = signed_in(therapist).post(reverse("account_logout"))

    assert answer.cookies[settings.SESSION_COOKIE_NAME].value == ""


def test_a_database_that_fails_while_a_sign_in_is_stored_is_said_in_words(therapist, signed_in, monkeypatch):
    """Not as a bad request, which is how Django answers for a session that somebody else deleted."""
    client = signed_in(therapist)
    client.raise_request_exception = False

    def fails(*args, **kwargs):
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(Session, "save", fails)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2), tick=False):
        answer = client.get("/patients/")

    assert answer.status_code == 503
    assert "not available right now" in answer.content.decode()
