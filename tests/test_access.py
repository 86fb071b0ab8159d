"""Who may do what, to which record: every address, every role, asked and sent, against one written table."""

import uuid
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from clinic import access
from clinic.models import AuditEvent, Role
from tests import world
from tests.access_table import PUBLIC, TABLE

# without it no database of the suite's own is made
pytestmark = pytest.mark.django_db

# What a browser sends when nothing was filled in.
EMPTY = urlencode({"form_key": uuid.uuid4().hex})


# Parts that no record ever had.
NEVER = {"pk": 2**31, "key": uuid.uuid4()}
ADDRESSES = {address.name: address for address in world.addresses()}


def rows() -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """{(address, state of the record): {role: (status when asked, status when sent)}}"""
    head, *lines = [line.split() for line in TABLE.splitlines() if line.strip()]
    assert tuple(head[2:]) == world.ROLES
    cells = {}
    for name, state, *said in lines:
        assert (name, state) not in cells, f"{name} {state} stands twice"
        pairs = [tuple(int(status) for status in cell.split("/")) for cell in said]
        cells[name, state] = dict(zip(world.ROLES, pairs, strict=True))
    return cells


@pytest.fixture(scope="module")
def clients(practice) -> dict[str, Client]:
    return {role: world.client_of(practice, role) for role in world.ROLES}


def answer(client: Client, method: str, path: str):
    """The answer, with its traces removed from the database and from the browser."""
    cookies = client.cookies.output()
    with transaction.atomic():
        response = client.generic(method, path, EMPTY, "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    client.cookies.load(cookies)
    return response


def statuses(client: Client, path: str) -> tuple[int, int]:
    return answer(client, "GET", path).status_code, answer(client, "POST", path).status_code


@pytest.mark.parametrize(("name", "state"), rows(), ids=[f"{name} {state}" for name, state in rows()])
def test_each_role_gets_what_the_table_says(practice, clients, name, state):
    address = ADDRESSES[name]
    path = address.path(practice.values(address, state))

    said = {role: statuses(clients[role], path) for role in world.ROLES}

    assert said == rows()[name, state]


def test_a_new_address_without_a_row_is_seen(practice):
    wanted = {
        (address.name, state)
        for address in world.staff_addresses()
        for state in practice.states_of(address) or ["nobody built a record for it"]
        if address.name not in PUBLIC
    }

    assert wanted == rows().keys()


def test_every_view_names_its_permission_or_is_public():
    open_to_all = {
        name for name, address in ADDRESSES.items() if getattr(address.view, "permission", None) is None
    }

    assert open_to_all == PUBLIC.keys()


def test_the_permission_of_a_view_decides_before_its_record_is_looked_for():
    """A role that may not gets the same answer whether the record is open, locked or kept from it."""
    for (name, state), cells in rows().items():
        refused = {role for role, said in cells.items() if 403 in said}
        for (other, _), others in rows().items():
            if other == name:
                assert {role for role, said in others.items() if 403 in said} == refused, f"{name} {state}"


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - PUBLIC.keys()))
def test_a_stranger_meets_the_sign_in_page(practice, name):
    address, client = ADDRESSES[name], Client()
    path = address.path(practice.values(address, practice.states_of(address)[0]))

    asked, sent = answer(client, "GET", path), answer(client, "POST", path)

    assert (asked.status_code, asked.url) == (302, f"{reverse('account_login')}?next={path}")
    assert sent.status_code == 401


def within(name: str) -> bool:
    """Whether the address names a record and a part of it."""
    return len(ADDRESSES[name].needs & {"pk", "key"}) == 1 and "ref" in ADDRESSES[name].needs


@pytest.mark.parametrize("name", sorted(filter(within, ADDRESSES)))
def test_a_part_of_another_record_is_not_there(practice, clients, name):
    address = ADDRESSES[name]
    theirs = practice.values(address, "restricted")
    mine = {**theirs, "ref": practice.values(address, "draft")["ref"]}

    missing = {**mine, **{part: NEVER[part] for part in NEVER.keys() & address.needs}}

    asker = clients["author" if address.view.permission in access.GRANTS[Role.THERAPIST] else "lead"]
    answers = statuses(asker, address.path(mine))

    assert set(answers) <= {404, 405}
    assert 404 in answers
    assert answers == statuses(asker, address.path(missing))


@pytest.mark.parametrize("ref", ["2222222", "2222223", "22222222", "22222229"])
@pytest.mark.parametrize("name", sorted(name for name, a in ADDRESSES.items() if "ref" in a.needs))
def test_a_reference_that_is_not_there_is_a_page_that_says_so(practice, clients, name, ref):
    address = ADDRESSES[name]
    path = address.path({**practice.values(address, "draft"), "ref": ref})
    allowed = [role for role in world.ROLES if access.may(practice.people[role], address.view.permission)]

    answers = {
        (role, method): answer(clients[role], method, path) for role in allowed for method in ("GET", "POST")
    }

    found = {who: response.status_code for who, response in answers.items()}
    # whoever may read and not write is told that, whether the record is there or not
    barred = {(role, "POST") for role in allowed if rows()[name, "draft"][role][1] == 403}
    assert {who for who, status in found.items() if status == 403} <= barred
    assert set(found.values()) <= {403, 404, 405}
    assert 404 in found.values()
    for response in answers.values():
        assert response.status_code == 405 or "<h1>" in response.content.decode()


def test_being_refused_is_written_down(practice, clients):
    path = reverse("patients:edit", args=[practice.states["draft"]["patients"]["ref"]])
    before = AuditEvent.objects.count()

    with transaction.atomic():
        clients["admin"].get(path)
        last = AuditEvent.objects.order_by("-seq").first()
        transaction.set_rollback(True)

    assert (last.seq, last.code, last.actor_name) == (before + 1, "access.refused", "admin")
    assert last.reason == "patient_edit"
