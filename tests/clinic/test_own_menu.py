"""The menu under somebody's name: help, the theme of a device, locking, leaving to somebody else."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import Role
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = factories.PASSWORD


def menu_of(client, address="/") -> str:
    page = client.get(address).content.decode()
    return page[page.index('<div class="menu-pop">', page.index('class="face"')) :]


def form_of(menu: str, button: str) -> tuple[str, dict]:
    """The address and the hidden fields of the form with that button."""
    forms = re.findall(r"<form\b.*?</form>", menu, re.S)
    form = next(each for each in forms if re.search(rf">\s*{button}\s*<", each))
    fields = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', form))
    return re.search(r'action="([^"]+)"', form)[1], {
        name: html.unescape(text) for name, text in fields.items()
    }


OFFERED = ("Help", "Keyboard shortcuts", "Light", "Dark", "System", "Lock now", "Switch user", "Sign out")


def test_the_menu_offers_help_keys_theme_locking_and_leaving(reception, signed_in):
    menu = menu_of(signed_in(reception))

    for words in (
        "Help",
        "Keyboard shortcuts",
        "Light",
        "Dark",
        "System",
        "Lock now",
        "Switch user",
        "Sign out",
    ):
        assert re.search(rf">\s*{words}\s*<", menu), words
    assert "Administration" not in menu


def test_an_administrator_finds_the_administration_in_bar_and_menu(admin, signed_in):
    client = signed_in(admin)
    page = client.get("/").content.decode()

    assert page.count(f'href="{reverse("admin:index")}"') >= 3
    assert re.search(
        r'href="/admin/" aria-current="page"', client.get("/admin/clinic/user/").content.decode()
    )


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.FRONT_DESK, "front-desk"),
        (Role.THERAPIST, "therapist"),
        (Role.LEAD, "lead"),
        (Role.ADMIN, "administrator"),
    ],
)
def test_help_opens_at_ones_own_role(role, page, signed_in):
    client = signed_in(factories.user("somebody", role))

    assert client.get(reverse("help")).url == reverse("help-page", args=[page])
    shown = client.get(reverse("help-page", args=[page])).content.decode()
    assert shown.count("<li>") >= 8
    assert "<kbd>" in shown
    assert re.search(rf'href="/help/{page}/"\s+aria-current="page"', shown)


def test_help_for_a_role_that_is_none_is_not_there(reception, signed_in):
    assert signed_in(reception).get(reverse("help-page", args=["nobody"])).status_code == 404


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_stays_on_the_device_also_at_the_door(reception, signed_in, theme):
    client = signed_in(reception)
    address, fields = form_of(menu_of(client, "/patients/"), "Dark")

    answer = client.post(address, {**fields, "theme": theme})

    assert answer.url == "/patients/"
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (theme, True, "Lax")
    assert f'<html lang="en-us" data-theme="{theme}"' in client.get("/").content.decode()
    client.post(reverse("account_logout"))
    assert f'<html lang="en-us" data-theme="{theme}"' in client.get(reverse("account_login")).content.decode()


def test_the_devices_own_setting_is_followed_again(reception, signed_in):
    client = signed_in(reception)
    client.post(reverse("theme"), {"theme": "dark"})

    client.post(reverse("theme"), {"theme": ""})

    assert "data-theme=" not in client.get("/").content.decode()


@pytest.mark.parametrize("sent", ["blue", '"><script>', "dark light"])
def test_no_other_theme_reaches_a_page(reception, signed_in, sent):
    client = signed_in(reception)
    client.post(reverse("theme"), {"theme": sent})
    client.cookies["theme"] = sent

    assert "data-theme=" not in client.get("/").content.decode()


def test_the_theme_leads_back_to_this_site_only(reception, signed_in):
    assert signed_in(reception).post(reverse("theme"), {"back": "//elsewhere.example/"}).url == "/"


def test_locking_shuts_every_page_until_the_password(reception, signed_in):
    client = signed_in(reception)
    address, fields = form_of(menu_of(client, "/patients/"), "Lock now")

    answer = client.post(address, fields)

    assert answer.url == "/patients/"
    assert client.get(answer.url).url == f"{reverse('account_login')}?next=/patients/"
    client.post(reverse("account_unlock"), {"password": PASSWORD})
    assert client.get("/patients/").status_code == 200


def test_a_script_that_locks_is_answered_without_a_page(reception, signed_in):
    client = signed_in(reception)

    answer = client.post(reverse("account_lock"), headers={"X-Requested-With": "fetch"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(reverse("account_here")).json()["left"] == 0


def test_switching_ends_the_sign_in_and_comes_back_for_somebody_else(reception, therapist, signed_in):
    client = signed_in(reception)
    address, fields = form_of(menu_of(client, "/patients/"), "Switch user")

    door = client.post(address, fields).url

    assert door == f"{reverse('account_login')}?next=%2Fpatients%2F"
    assert client.get("/patients/").status_code == 302
    answer = client.post(door, {"login": therapist.username, "password": PASSWORD, "next": "/patients/"})
    assert answer.url == "/patients/"


def test_a_stranger_locks_and_switches_nothing(db):
    assert Client().post(reverse("account_lock")).status_code == 302
