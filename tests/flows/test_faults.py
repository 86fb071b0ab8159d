"""The database fails at each statement of each write: nothing is half saved, the page says so, again works.

The writes are found by walking all pages of the world and sending every form there is, filled in.
"""

import copy
import itertools
import logging
import re
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.models.base import CatalogueRow
from tests import drills, factories, world
from tests.hands import Form, forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.drill]
EVERY = 1 if drills.IS_FULL else 10
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
# Looks are events of their own: they stand whatever becomes of the write that follows.
LOOKS = ("access.refused", "audit.searched", "lot.searched", "patient.found")
# What the walk has learned to fill in; a write that drops out of it is no longer drilled.
REACHED = {
    "patients:alerts",
    "patients:condition-resolve",
    "patients:discharge",
    "patients:visit-step",
    "treatments:addendum",
    "treatments:followup-answer",
    "treatments:followup-claim",
    "treatments:followup-close",
    "treatments:measurement-add",
    "treatments:measurement-strike",
    "treatments:red-flag",
    "treatments:session-close",
    "treatments:session-error",
    "treatments:session-void",
    "treatments:site-edit",
    "treatments:site-strike",
}
TYPED = {
    "password": factories.PASSWORD,
    "family_name": "Faultfinder",
    "given_name": "Fay",
    "born": "5/3/1984",
    "phone": "(555) 555-0142",
    "q": "Draftwood",
    "state": "IL",
    "onset": "March 2026",
    "muscle": "IS",
    "needle": "0.30x40",
    "client_id": "7f6a3c1e-5b0d-4c1f-9d1a-1b6f0f0a2c77",
}


@dataclass
class Sending:
    """A form that leads to an address, as one person meets it, with what was filled in."""

    name: str
    role: str
    path: str
    data: dict = field(default_factory=dict)


def fillings(form: Form):
    """Ways to fill the form: empty fields too or not, with every box ticked, with the last of each list."""
    for full, ticked, last in itertools.product((True, False), (False, True), (False, True)):
        data = form.filled()
        for name, part in form.fields.items():
            if name == "password" or full and part.is_typed and not data.get(name, [""])[0]:
                data[name] = [typed(name, part.kind)]
            elif part.kind == "radio" and part.choices and not data.get(name):
                data[name] = [part.choices[-1 if last else 0]]
            elif part.kind == "checkbox" and ticked:
                data[name] = part.choices
            elif part.kind == "select" and not any(data.get(name, [])):
                data[name] = [choice for choice in part.choices if choice][-1 if last else 0 :][:1] or [""]
        for press in form.buttons[:1] or [None]:
            yield {**data, **({press[0]: [press[1]]} if press and press[0] else {})}


def typed(name: str, kind: str) -> str:
    today = timezone.localdate()
    for known, value in TYPED.items():
        if known == name.rsplit("-", 1)[-1]:
            return value
    if kind == "date" or name.endswith(("_on", "_until")):
        return f"{today.month}/{today.day}/{today.year}"
    return {"number": "1", "tel": "(555) 555-0199", "email": "fay@example.org"}.get(kind, "2")


def forms(practice):
    """(role, path, form, name of the address it leads to) of everything that a page offers to send."""
    for role, _, _, response in world.walk(practice):
        if response.get("Content-Type", "").startswith("text/html"):
            for form in forms_of(response):
                path = form.action or response.request["PATH_INFO"]
                try:
                    match = resolve(path.split("?")[0])
                except Resolver404:
                    continue
                yield role, path, form, match.view_name


def send(client: Client, path: str, data: dict):
    cookies = copy.deepcopy(client.cookies)
    response = client.post(path, data)
    client.cookies = cookies
    return response


def undone(act, *about):
    """What `act` gave, with its traces removed."""
    with transaction.atomic():
        answer = act(*about)
        transaction.set_rollback(True)
    return answer


def state() -> dict[str, set]:
    """Every row of ours, but those that ship and the looks."""
    found = {}
    with connection.cursor() as cursor:
        for model in watched():
            table = model._meta.db_table
            extra = UNLOOKED if model is AuditEvent else ""
            cursor.execute(f'SELECT * FROM "{table}" {extra}')
            found[table] = {repr(row) for row in cursor.fetchall()}
    return found


def watched() -> list:
    ours = [model for floor in ("clinic", "patients", "treatments") for model in models_of(floor)]
    return [model for model in ours if not issubclass(model, CatalogueRow)]


def models_of(floor: str):
    return apps.get_app_config(floor).get_models(include_auto_created=True)


# A look that failed is filed after the next one that does not, beside what that sending writes.
UNLOOKED = f"WHERE code NOT IN {LOOKS + ('',)} AND CAST(changes AS text) NOT LIKE '%filed_later_at%'"


class Fails:
    """An execute wrapper: the statement of that number never reaches the database."""

    def __init__(self, number: int):
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        if not sql.upper().startswith(CONTROL):
            self.left -= 1
            if self.left == 0:
                raise OperationalError("the disk is full")
        return execute(sql, params, many, context)


@pytest.fixture(scope="module")
def sendings(practice) -> list[Sending]:
    """One successful sending for each address that writes."""
    logging.disable(logging.CRITICAL)
    found: dict[str, Sending] = {}
    before = state()
    for role, path, form, name in forms(practice):
        if name in found or not name.startswith(world.OURS):
            continue
        for data in fillings(form):
            if undone(writes, world.client_of(practice, role), path, data, before):
                found[name] = Sending(name, role, path, data)
                break
    return list(found.values())


def writes(client: Client, path: str, data: dict, before: dict) -> bool:
    return send(client, path, data).status_code in {200, 204, 302} and state() != before


def statements_of(client: Client, sending: Sending) -> int:
    with CaptureQueriesContext(connection) as captured:
        undone(lambda: send(client, sending.path, sending.data))
    return sum(not query["sql"].upper().startswith(CONTROL) for query in captured)


def test_a_fault_at_any_statement_of_any_write_halves_nothing_and_again_works(practice, sendings):
    """Fail the k-th statement: the tables are as before, or as after a whole save; never in between."""
    tried = 0
    for sending in sendings:
        client = world.client_of(practice, sending.role)
        before = state()
        whole = undone(lambda c=client, s=sending: (send(c, s.path, s.data).status_code, sizes()))
        for number in range(1 + len(sending.name) % EVERY, statements_of(client, sending) + 1, EVERY):
            undone(broken, client, sending, number, before, whole)
            tried += 1
    drills.saw("a fault at each statement of each write", faults=tried, writes=len(sendings), halved=0)


def sizes() -> dict[str, int]:
    return {table: len(rows) for table, rows in state().items()}


def broken(client: Client, sending: Sending, number: int, before: dict, whole: tuple) -> None:
    """Fail, look, send again as the same person, who goes on under whatever key the sign-in has now."""
    cookies = copy.deepcopy(client.cookies)
    try:
        _broken(client, sending, number, before, whole)
    finally:
        client.cookies = cookies


def _broken(client: Client, sending: Sending, number: int, before: dict, whole: tuple) -> None:
    said = f"{sending.name}, statement {number}"
    with connection.execute_wrapper(Fails(number)):
        answer = client.post(sending.path, sending.data)
    if answer.status_code == 503:
        page = answer.content.decode()
        assert "What was saved before is safe" in page, said
        assert not typed_words(sending) or "Nothing is half saved" in page, said
        assert typed_words(sending) <= set(re.findall(r'name="([^"]+)" value=', page)), said
    else:
        # the write went through: a look that could not be written hides nothing, and 400 is Django's answer
        # to a sign-in session that could not be written after it
        assert answer.status_code in {whole[0], 400}, f"{said} answered {answer.status_code}"
    now = state()
    assert now == before or {table: len(rows) for table, rows in now.items()} == whole[1], said
    again = client.post(sending.path, sending.data)
    if again.status_code == 401:
        # handing the tablet over ends the sign-in on purpose once it is saved, and a sign-in whose own row
        # could not be written has ended too: in both cases whoever signs in again finds what stands now
        assert answer.status_code == 400 or now != before, f"{said}: again answered 401"
        assert state() == now, f"{said}: again"
        return
    assert again.status_code in {whole[0], 302}, f"{said}: again answered {again.status_code}"
    assert sizes() == whole[1], f"{said}: again"


def typed_words(sending: Sending) -> set[str]:
    secret = ("csrfmiddlewaretoken", "password")
    return {name for name in sending.data if not any(word in name.lower() for word in secret)}


def test_the_walk_reaches_the_writes(sendings):
    reached = {sending.name for sending in sendings}

    assert reached >= REACHED
