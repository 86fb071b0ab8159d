"""Every address of the administration, asked and sent by every role: it opens to administrators alone."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from tests import world

pytestmark = pytest.mark.django_db

# What stands in for the parts of an address.
PARTS = {"object_id": "1", "pk": "1", "content_type_id": "1", "app_label": "clinic", "url": "nothing/here"}
# Pages of the administration that are no table, and the way that Django has to rows of any table.
BESIDE = ("/admin/r/1/1/", "/admin/autocomplete/?app_label=patients&model_name=visit&field_name=patient")
OUTSIDE = ("desk", "author", "other", "lead", "nobody")


def addresses(entries=None, prefix: str = "/admin/") -> list[str]:
    found = []
    for entry in admin.site.get_urls() if entries is None else entries:
        if isinstance(entry, URLResolver):
            found += addresses(entry.url_patterns, f"{prefix}{entry.pattern}")
        elif isinstance(entry, URLPattern):
            found.append(prefix + filled(str(entry.pattern)))
    return found


def filled(pattern: str) -> str:
    """A pattern with values in its parts, as somebody could type it."""
    named = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda part: PARTS[part[1]], pattern)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: PARTS[part[1]], named).strip("^$")


ADDRESSES = sorted({*addresses(), *BESIDE})


def test_the_walk_sees_each_table_of_the_administration():
    lists = {
        reverse(f"admin:{of._meta.app_label}_{of._meta.model_name}_changelist") for of in admin.site._registry
    }

    assert lists <= set(ADDRESSES)


@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_else_enters_by_any_address(practice, role):
    client = world.client_of(practice, role)
    entered = {}
    for address in ADDRESSES:
        asked, sent = client.get(address, follow=True), client.post(address, follow=True)
        signs_out = address == reverse("admin:logout")
        if signs_out:
            client.force_login(practice.people[role])
        elif not {asked.status_code, sent.status_code} <= {403, 404, 405}:
            entered[address] = (asked.status_code, sent.status_code)

    assert entered == {}


def test_a_stranger_is_sent_to_the_sign_in_by_every_address(practice):
    answers = {address: Client().get(address) for address in ADDRESSES}

    elsewhere = {
        address: answer.status_code
        for address, answer in answers.items()
        if not answer.headers.get("Location", "").startswith(
            (reverse("account_login"), reverse("admin:login"))
        )
    }
    assert elsewhere == {}


def test_no_address_fails_for_an_administrator(practice):
    client = world.client_of(practice, "admin")
    statuses = {address: client.get(address).status_code for address in ADDRESSES}

    assert {address for address, status in statuses.items() if status >= 500} == set()
    assert [statuses[address] for address in BESIDE] == [404, 404]
