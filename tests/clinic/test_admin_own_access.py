"""No administrator takes away their own access, so that the only one cannot; each is told at the field."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Role, RoleGrant, User
from clinic.rules.accounts import NOBODY_LEFT
from tests import factories, second_factor
from tests.form_client import FormClient

pytestmark = pytest.mark.django_db

OTHERS_CHANGE_ROLES = "Somebody else has to change your roles."


def account_of(user: User) -> str:
    return reverse("admin:clinic_user_change", args=[user.pk])


@pytest.fixture
def browser(admin, signed_in) -> FormClient:
    """The page of the only administrator's own account."""
    return FormClient(signed_in(admin)).open(account_of(admin))


def send(browser: FormClient, *, without: str = "", **typed):
    form = browser.form("username").filled(**typed)
    form.pop(without, None)
    browser.page = browser.client.post(browser.path, form)
    return browser.page


def is_administrator(user: User) -> bool:
    return User.objects.holding(Role.ADMIN).filter(pk=user.pk).exists()


def test_the_only_administrator_stays_active(browser, admin):
    page = send(browser, without="is_active", last_name="Keyes", display_credentials="MBA")

    errors = page.context["adminform"].form.errors
    assert page.status_code == 422
    assert errors == {"is_active": ["You are the only administrator. Give somebody else the role first."]}
    assert 'value="Keyes"' in page.text
    assert 'value="MBA"' in page.text
    assert is_administrator(admin)
    assert not AuditEvent.objects.filter(code="admin.changed").exists()


def test_beside_another_it_is_the_other_who_closes_the_account(browser, admin):
    factories.user("second", Role.ADMIN)

    page = send(browser, without="is_active")

    errors = page.context["adminform"].form.errors
    assert page.status_code == 422
    assert errors == {"is_active": ["This is your own account. Another administrator closes it."]}
    assert is_administrator(admin)


@pytest.mark.parametrize(
    "typed",
    [
        {"role_grants-0-role": Role.LEAD},
        {"role_grants-0-until_on": "1/5/2026"},
        {"role_grants-0-until_on": "1/5/2126"},
        {"role_grants-0-from_on": "1/5/2126"},
        {"role_grants-1-role": Role.THERAPIST},
    ],
    ids=str,
)
def test_ones_own_role_is_refused_at_its_row_and_what_was_typed_stays(browser, admin, typed):
    page = send(browser, last_name="Keyes", **typed)

    (name, value), row = *typed.items(), int(next(iter(typed)).split("-")[1])
    form = page.context["inline_admin_formsets"][0].formset.forms[row]
    assert page.status_code == 422
    assert form.errors == {name.rpartition("-")[2]: [OTHERS_CHANGE_ROLES]}
    assert form[name.rpartition("-")[2]].value() == value
    assert 'value="Keyes"' in page.text
    assert list(admin.role_grants.values_list("role", "from_on", "until_on")) == [(Role.ADMIN, None, None)]
    admin.refresh_from_db()
    assert admin.last_name == "Key"


def test_the_rest_of_ones_own_account_is_changed_as_ever(browser, admin):
    assert send(browser, last_name="Keyes").status_code == 302

    admin.refresh_from_db()
    assert admin.last_name == "Keyes"


@pytest.mark.parametrize("action", ["reset_factors", "give_one_time_password"])
def test_the_own_factor_and_password_are_left_alone(admin, signed_in, action):
    second_factor.give_app(admin)
    before = User.objects.values_list("password", flat=True).get(pk=admin.pk)
    ticked = {"action": action, "_selected_action": [admin.pk]}

    page = signed_in(admin).post(reverse("admin:clinic_user_changelist"), ticked, follow=True)

    assert "your own" in page.text
    assert Authenticator.objects.filter(user=admin).exists()
    assert User.objects.values_list("password", flat=True).get(pk=admin.pk) == before


def test_another_administrator_does_all_of_it(admin, signed_in):
    second = factories.user("second", Role.ADMIN)
    other = FormClient(signed_in(second)).open(account_of(admin))

    assert send(other, without="is_active", **{"role_grants-0-until_on": "1/5/2026"}).status_code == 302

    assert not is_administrator(admin)
    assert is_administrator(second)


def test_whoever_was_closed_meanwhile_closes_nobody(admin, signed_in, monkeypatch):
    """Two administrators who close each other at once: the second finds that their own role has gone."""
    second = factories.user("second", Role.ADMIN)
    other = FormClient(signed_in(second)).open(account_of(admin))
    monkeypatch.setattr("clinic.admin.accounts.lock_administration", lambda: close(second))

    assert send(other, without="is_active").status_code == 403

    assert is_administrator(admin)


def close(user: User) -> None:
    """What another transaction had saved when its lock was given back."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def test_a_refused_form_of_the_administration_answers_422(admin, signed_in):
    there = FormClient(signed_in(admin)).open(reverse("admin:clinic_location_add"))

    there.try_to_send("code", name="The annex")

    assert there.page.status_code == 422
    assert RoleGrant.objects.filter(user=admin).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["clinic/user/1/history/", "clinic/location/1/history/"])
def test_a_page_that_saves_nothing_takes_no_post(page):
    """Rows are locked where they are saved, in a transaction; outside of one that is a fault."""
    administrator = Client()
    administrator.force_login(factories.user("second", Role.ADMIN))

    assert administrator.post(f"/admin/{page}").status_code == 405


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"role_grants-0-until_on": "1/5/2126"}, "until_on"), ({"role_grants-0-role": Role.LEAD}, "role")],
)
def test_the_last_role_without_a_last_day_gets_none(admin, signed_in, typed, field):
    """Only somebody whose own role ends is left: after that day nobody could give the role to anybody."""
    leaving = factories.user("leaving", Role.ADMIN)
    RoleGrant.objects.filter(user=leaving).update(until_on=timezone.localdate() + dt.timedelta(days=30))
    browser = FormClient(signed_in(User.objects.with_roles().get(pk=leaving.pk))).open(account_of(admin))

    page = send(browser, last_name="Keyes", **typed)

    form = page.context["inline_admin_formsets"][0].formset.forms[0]
    assert page.status_code == 422
    assert form.errors == {field: [NOBODY_LEFT]}
    assert 'value="Keyes"' in page.text
    assert list(admin.role_grants.values_list("role", "until_on")) == [(Role.ADMIN, None)]


def test_the_last_account_without_a_last_day_stays_open(admin, signed_in):
    leaving = factories.user("leaving", Role.ADMIN)
    RoleGrant.objects.filter(user=leaving).update(until_on=timezone.localdate())
    browser = FormClient(signed_in(User.objects.with_roles().get(pk=leaving.pk))).open(account_of(admin))

    page = send(browser, without="is_active")

    assert page.context["adminform"].form.errors == {"is_active": [NOBODY_LEFT]}
    assert is_administrator(admin)
