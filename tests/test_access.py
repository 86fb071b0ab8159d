"""Permissions: every address, read and posted by every role, against the table in access_table.py."""

import re
import uuid
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic import access
from clinic.models import AuditEvent, Role
from tests import world
from tests.access_table import PUBLIC, rows
from treatments.models import NeedlingSession

# the suite creates no test database without it
pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

# The values of an empty form.
EMPTY = urlencode({"form_key": uuid.uuid4().hex})


# Keys that no record has.
NEVER = {"pk": 2**31, "key": uuid.uuid4()}
# References with a valid check character that no record has, by length.
NO_REF = {7: "2222222", 8: "22222222", 10: "2222222222"}
ADDRESSES = {address.name: address for address in world.addresses()}


@pytest.fixture(scope="module")
def clients(practice) -> dict[str, Client]:
    return {role: world.client_of(practice, role) for role in world.ROLES}


def answer(client: Client, method: str, path: str):
    """The response; its changes to database and cookies are rolled back."""
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

    actual = {role: statuses(clients[role], path) for role in world.ROLES}

    assert actual == rows()[name, state]


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
    """A role without permission gets the same response for open, locked and restricted records."""
    for (name, state), cells in rows().items():
        refused = {role for role, pair in cells.items() if 403 in pair}
        for (other, _), others in rows().items():
            if other == name:
                assert {role for role, pair in others.items() if 403 in pair} == refused, f"{name} {state}"


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - PUBLIC.keys()))
def test_a_stranger_meets_the_sign_in_page_whatever_the_state(practice, name):
    address, client = ADDRESSES[name], Client()
    for state in practice.states_of(address):
        path = address.path(practice.values(address, state))

        asked, sent = answer(client, "GET", path), answer(client, "POST", path)

        assert (asked.status_code, asked.url) == (302, f"{reverse('account_login')}?next={path}")
        assert sent.status_code == 401


def has_inner_key(name: str) -> bool:
    """Whether the address names a record and a part of it."""
    return len(ADDRESSES[name].needs & {"pk", "key"}) == 1 and "ref" in ADDRESSES[name].needs


@pytest.mark.parametrize("name", sorted(filter(has_inner_key, ADDRESSES)))
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
    # a role that may read but not write gets 403 whether or not the record exists
    barred = {(role, "POST") for role in allowed if rows()[name, "draft"][role][1] == 403}
    assert {who for who, status in found.items() if status == 403} <= barred
    assert set(found.values()) <= {403, 404, 405}
    assert 404 in found.values()
    for response in answers.values():
        assert response.status_code == 405 or "<h1>" in response.content.decode()


def comparable(response, path: str) -> tuple:
    """A response without what differs each time: request id, tokens and the address itself."""
    body = re.sub(r'(csrfmiddlewaretoken" value|data-csrf)="[^"]+"', "", response.content.decode())
    body = body.replace(path, "").replace(path.split("/")[2], "")
    heads = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
    return response.status_code, re.sub(r"\b[0-9a-f]{32}\b", "", body), heads


NOT_THERE = sorted(
    (name, role, way)
    for (name, state), cells in rows().items()
    for role, statuses_ in cells.items()
    for way, status in zip(("GET", "POST"), statuses_, strict=True)
    if state == "restricted" and status == 404
)


@pytest.mark.parametrize("name", sorted({name for name, _, _ in NOT_THERE}))
def test_what_is_kept_from_somebody_answers_as_what_never_was(practice, clients, name):
    """Status, page and headers are equal, so that nobody learns that the record exists."""
    address = ADDRESSES[name]
    there = practice.values(address, "restricted")
    kept, never = address.path(there), address.path({**there, "ref": NO_REF[len(there["ref"])]})
    for _, role, way in (row for row in NOT_THERE if row[0] == name):
        seen, missing = (answer(clients[role], way, path) for path in (kept, never))

        assert comparable(seen, kept) == comparable(missing, never), f"{role} {way}"


# How a session can end without a signature, and how responses then differ from a signed one.
ENDED = {
    "voided": {},
    "closed_unsigned": {},
}


@pytest.mark.parametrize("end", ENDED)
def test_a_session_that_ended_unsigned_opens_to_nobody_else(practice, clients, end):
    session = NeedlingSession.objects.get(ref=practice.states["draft"]["sessions"]["ref"])
    table = {name: cells for (name, state), cells in rows().items() if state == "signed"}
    with transaction.atomic():
        ended = {f"{end}_at": timezone.now(), f"{end}_by": practice.people["lead"], "close_reason": "Left"}
        NeedlingSession.objects.filter(pk=session.pk).update(**ended)
        actual = {
            name: {
                role: statuses(clients[role], ADDRESSES[name].path(practice.values(ADDRESSES[name], "draft")))
                for role in ("author", "other", "lead", "desk")
            }
            for name in table
        }
        transaction.set_rollback(True)

    wanted = {name: {role: table[name][role] for role in actual[name]} for name in table}
    assert actual == {**wanted, **ENDED[end]}


def test_being_refused_is_written_down(practice, clients):
    path = reverse("patients:edit", args=[practice.states["draft"]["patients"]["ref"]])
    before = AuditEvent.objects.count()

    with transaction.atomic():
        clients["admin"].get(path)
        last = AuditEvent.objects.order_by("-seq").first()
        transaction.set_rollback(True)

    assert (last.seq, last.code, last.actor_name) == (before + 1, "access.refused", "admin")
    assert last.reason == "patient_edit"
