"""A one-time password signs in once, within the practice's hours, and opens the page for a new one only."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.contrib import admin as django_admin
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from clinic.actions import accounts
from clinic.models import AuditEvent, Practice, User
from clinic.signin import one_time
from patients.models import Handover
from tests import world
from tests.second_factor import give_app, sign_in

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
OWN = "a long walk by the lake"
CHANGE = "account_change_password"
# What answers beside the page: signing out, and the idle lock that lies over it.
BESIDE = {CHANGE, "account_logout", "account_here", "account_unlock", "account_passkey_question"}


@pytest.fixture
def clock(db):
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


@pytest.fixture
def given(clock, therapist, admin) -> str:
    return accounts.give_one_time_password(therapist, by=admin)


def is_in(response) -> bool:
    return response.status_code == 302 and response.wsgi_request.user.is_authenticated


def message_of(response) -> str:
    return " ".join(response.context["form"].non_field_errors())


def choose(client, new: str, old: str):
    return client.post(reverse(CHANGE), {"oldpassword": old, "password1": new, "password2": new})


def test_it_signs_in_once(given):
    first, second = sign_in(Client(), "therapist", given), sign_in(Client(), "therapist", given)

    assert (is_in(first), is_in(second)) == (True, False)
    assert "was used or has ended" in message_of(second)
    assert AuditEvent.objects.filter(code="user.one_time_password_used").count() == 1
    assert AuditEvent.objects.filter(code="user.sign_in_failed").count() == 1


def test_of_two_at_once_one_signs_in(given, therapist):
    mine, theirs = (User.objects.get(pk=therapist.pk) for _ in range(2))

    assert one_time.use(mine)
    assert not one_time.use(theirs)


def test_it_is_used_up_before_the_second_factor(given, therapist):
    """A slip that somebody else found is noticed by its owner, whose own try is refused."""
    give_app(therapist)
    assert sign_in(Client(), "therapist", given).url == reverse("mfa_authenticate")

    assert "was used or has ended" in message_of(sign_in(Client(), "therapist", given))


@pytest.mark.parametrize(("hours", "after", "enters"), [(24, 23.9, True), (24, 24, False), (2, 2.1, False)])
def test_it_ends_after_the_hours_of_the_practice(given, clock, hours, after, enters):
    Practice.objects.update(one_time_password_hours=hours)
    clock.shift(dt.timedelta(hours=after))

    assert is_in(sign_in(Client(), "therapist", given)) is enters


@pytest.mark.parametrize(("hours", "is_kept"), [(0, False), (1, True), (168, True), (169, False)])
def test_a_practice_chooses_from_an_hour_to_a_week(db, hours, is_kept):
    practice = Practice.objects.get()
    practice.one_time_password_hours = hours

    if is_kept:
        practice.full_clean()
    else:
        with pytest.raises(ValidationError) as refused:
            practice.full_clean()
        assert "one_time_password_hours" in refused.value.error_dict


def test_the_administration_asks_for_the_hours_with_their_unit(admin, signed_in):
    page = signed_in(admin).get(reverse("admin:clinic_practice_change", args=[1])).content.decode()

    assert "one-time password ends after (hours)" in page.lower()
    assert "1 to 168" in page


def test_a_new_one_counts_anew(given, therapist, admin):
    sign_in(Client(), "therapist", given)

    again = accounts.give_one_time_password(therapist, by=admin)

    assert is_in(sign_in(Client(), "therapist", again))


class AnyValue(dict):
    """A value for each part of an address; none of these records is there."""

    def __missing__(self, name):
        return {"ref": "2222222", "key": uuid.uuid4()}.get(name, 1)


def every_path() -> list[str]:
    ours = [address.path(AnyValue()) for address in world.addresses() if address.name not in BESIDE]
    pages = ["admin:index", "admin:logout", "admin:password_change"]
    for model in django_admin.site._registry:
        pages.append(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return [*ours, *map(reverse, pages), "/nowhere/"]


def test_it_opens_the_page_for_a_new_password_and_nothing_else(given):
    client = Client()
    sign_in(client, "therapist", given)

    opened = {
        f"{method} {path}": response.status_code
        for path in every_path()
        for method in ("get", "post", "head")
        for response in [getattr(client, method)(path)]
        if (response.status_code, response.headers.get("Location")) != (302, reverse(CHANGE))
    }

    assert len(every_path()) > 100
    assert opened == {}
    page = client.get(reverse(CHANGE))
    assert page.status_code == 200
    assert "Choose your own password" in page.content.decode()


def test_the_page_that_hid_itself_is_opened_by_the_same_password(given, clock):
    client = Client()
    sign_in(client, "therapist", given)
    clock.shift(dt.timedelta(minutes=11))

    assert client.post(reverse("account_unlock"), {"password": given}).status_code == 200
    assert client.get("/").url == reverse(CHANGE)


def test_their_own_password_opens_everything_and_the_one_time_one_nothing(given):
    client = Client()
    sign_in(client, "therapist", given)

    assert choose(client, OWN, given).status_code == 302

    assert client.get("/").status_code == 200
    assert not is_in(sign_in(Client(), "therapist", given))
    assert is_in(sign_in(Client(), "therapist", OWN))
    assert is_in(sign_in(Client(), "therapist", OWN)), "their own signs in as often as they like"


def test_it_is_not_kept_as_their_own(given):
    client = Client()
    sign_in(client, "therapist", given)

    answer = choose(client, given, given)

    assert answer.status_code == 422
    assert "password you have now" in answer.content.decode()
    assert client.get("/").url == reverse(CHANGE)


def test_it_does_not_take_a_tablet_back(given, ada, reception, signed_in):
    """Whoever takes a tablet back ends the patient's questions, which is more than a new password."""
    tablet = signed_in(reception)
    tablet.post(reverse("patients:screening-hand-over", args=[ada.ref]), {"kind": "intake"})

    answer = tablet.post(reverse("patients:handover-return"), {"login": "therapist", "password": given})

    assert answer.status_code == 422
    assert "on another device" in message_of(answer)
    assert Handover.objects.get().ended_at is None
    assert is_in(sign_in(Client(), "therapist", given)), "it was not used up by this"
