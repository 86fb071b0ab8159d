"""Injection payloads in every form and column: refused or stored, shown as text, never executed.

What stands in every column is looked at on every page, print sheet, list and file, by everybody who may; what
is sent to every form is kept as text or refused with a sentence. Case and column change places at each turn.
"""

import copy
import csv
import io
import itertools

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from bench.forms import Form
from clinic.models import AuditEvent
from clinic.rules import csv_export
from tests import admin_pages, drills, factories, world
from tests.form_client import post_forms
from tests.injection import CASES, MARK, InjectionFinder, fill, injections_in, typed_fields
from tests.sample_rows import add_rows

pytestmark = [pytest.mark.django_db, pytest.mark.drill]
# Refusals, redirects, 404 and conflicts are valid responses; server errors are not.
ANSWERS = {200, 204, 302, 400, 401, 403, 404, 405, 409, 410, 422}
FORMULA = tuple("=+-@\t\r\uff1d")


def pages(practice, roles):
    """(label, response) of every page that shows free text."""
    for role, address, state, response in world.walk(practice, roles):
        yield (role, address.name, state), response
    desk, lead = world.client_of(practice, "desk"), world.client_of(practice, "lead")
    asked = {"code": "visit.cancelled"}
    yield "audit", lead.post(reverse("treatments:audit"), asked)
    yield "find", desk.post(reverse("patients:find"), {"q": practice.states["draft"]["patients"]["ref"]})
    administrator = world.client_of(practice, "admin")
    for model in admin.site._registry:
        name = f"admin:{model._meta.label_lower.replace('.', '_')}"
        yield f"{name}_changelist", administrator.get(reverse(f"{name}_changelist"))
        # an event leads to no page without a patient's reference
        about = {"patient_ref__gt": ""} if model is AuditEvent else {}
        for row in model._base_manager.filter(**about).order_by("pk")[:1]:
            yield f"{name}_change", administrator.get(f"{admin_pages.row_address(row)}change/")
    yield "who may what", administrator.get(reverse("who-may-what"))


@pytest.fixture(scope="module")
def world_with_rows(practice):
    add_rows(practice)
    return practice


@pytest.fixture
def practice_with_rows(world_with_rows):
    world.sign_in_anew(world_with_rows)
    return world_with_rows


def turns() -> list[int]:
    """With one turn per payload each column holds every payload once."""
    return list(range(len(CASES))) if drills.IS_FULL else [0]


def test_what_stands_in_every_column_runs_on_no_page(practice_with_rows):
    seen, shown = 0, 0
    for turn in turns():
        world.sign_in_anew(practice_with_rows)
        with transaction.atomic():
            fill(turn)
            for where, response in pages(
                practice_with_rows, world.READERS if drills.IS_FULL else ("author", "lead")
            ):
                assert response.status_code in (200, 302), where
                assert not list(injections_in(response)), where
                seen += 1
                shown += response.content.decode().count(MARK)
            transaction.set_rollback(True)
    assert seen > 100 * len(turns())
    assert shown > 1000 * len(turns())
    drills.record("cases of injection in every column", cases=len(CASES), pages=seen, ran=0)


def test_every_column_that_somebody_types_into_is_filled(practice_with_rows):
    """Every table must have a row, or the test would prove nothing."""
    with transaction.atomic():
        filled = fill(0)
        transaction.set_rollback(True)

    wanted = {(model.__name__, field.name) for model, fields in typed_fields().items() for field in fields}
    assert {model for model, _ in wanted - filled} == WITHOUT_A_PAGE
    assert len(filled) > 90


# Tables that no page shows yet; see docs/security.md.
WITHOUT_A_PAGE: set[str] = set()


def test_what_is_sent_to_every_form_is_kept_as_text_or_refused(practice_with_rows):
    sent, stored = 0, 0
    found = forms(practice_with_rows)
    for turn in turns():
        world.sign_in_anew(practice_with_rows)
        for number, (role, path, form) in enumerate(found):
            response = rolled_back(
                world.client_of(practice_with_rows, role), path, with_payloads(form, turn + number)
            )
            where = f"{path}: {sorted(form.fields)}"
            assert response.status_code in ANSWERS, where
            assert not list(injections_in(response)), where
            sent += 1
            stored += response.status_code == 302
    assert len(found) > 60
    assert stored > 5 * len(turns())
    drills.record("cases of injection sent to every form", cases=len(CASES), sent=sent, faults=0)


def forms(practice) -> list[tuple[str, str, Form]]:
    """Each distinct form once, by its action and fields."""
    found = {}
    for role, address, _, response in world.walk(practice, ("author", "lead")):
        if response.get("Content-Type", "").startswith("text/html"):
            for form in post_forms(response):
                path = form.action or response.request["PATH_INFO"]
                found.setdefault((address.name, *sorted(form.fields)), (role, path, form))
    return list(found.values())


def with_payloads(form: Form, turn: int) -> dict:
    """The form's values, with a payload in each text and hidden field."""
    cases = itertools.islice(itertools.cycle(CASES.values()), turn, None)
    typed = {name: next(cases) for name, part in form.fields.items() if part.is_typed or turn % 5 == 0}
    return {**form.filled(), **typed, "next": next(cases), "back": next(cases)}


def rolled_back(client: Client, path: str, data: dict):
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response = client.post(path, data)
        if response.status_code == 302 and response.url.startswith("/"):
            # what was stored is checked on the page after the redirect
            shown = client.get(response.url)
            assert shown.status_code in ANSWERS, path
            assert not list(injections_in(shown)), path
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def test_no_cell_of_a_file_is_a_formula(practice_with_rows):
    lead = world.client_of(practice_with_rows, "lead")

    response = lead.post(reverse("treatments:audit-export"), {"code": "visit.cancelled"})

    text = b"".join(response.streaming_content).decode().removeprefix(csv_export.BYTE_ORDER_MARK)
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > len(CASES)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    # neutralized, but still readable
    assert sum(cell.startswith("'") for row in rows for cell in row) >= 8
    assert not list(injections_in(response))


@pytest.mark.parametrize("case", CASES)
def test_no_header_and_no_way_out_is_made_of_what_was_typed(practice_with_rows, case):
    text, client = CASES[case], world.client_of(practice_with_rows, "author")
    stranger = Client(raise_request_exception=False)
    door = {"login": text, "password": text, "next": text}

    answers = [
        rolled_back(stranger, reverse("account_login"), door),
        rolled_back(
            stranger,
            reverse("account_login"),
            {"login": "lead", "password": factories.PASSWORD, "next": text},
        ),
        client.get(reverse("treatments:today"), {"day": text, "next": text}),
        client.get(reverse("account_login"), {"next": text}),
        client.get("/nowhere/", headers={"X-Request-ID": text.replace("\r", " ").replace("\n", " ")}),
        client.get(f"/patients/{text}/"),
    ]

    for answer in answers:
        assert answer.status_code in ANSWERS
        assert not list(injections_in(answer))


def test_the_reader_sees_each_case_that_breaks_out():
    """Detects unescaped payloads; those for URLs, files and logs are tested there."""
    for name in [name for name, case in CASES.items() if "<" in case[:12] or case.startswith(('"', "'"))]:
        raw = CASES[name]
        page = f"<p>{raw}</p><input value=\"{raw}\"><input value='{raw}'><textarea>{raw}</textarea>"
        assert InjectionFinder(page).came, name
    assert InjectionFinder(f'<a href="{CASES["an address that runs"]}">').came
    assert InjectionFinder(f"<script>var x = '{CASES['out of a string']}'</script>").came
    assert not InjectionFinder("<p>&lt;script&gt;zqx()&lt;/script&gt;</p>").came


def test_thirty_cases_have_names():
    assert len(set(CASES.values())) >= 30
    assert all(MARK in case for case in CASES.values())
