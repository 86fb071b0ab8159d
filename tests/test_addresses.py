"""Whatever stands in an address, the answer is a page: never a fault. Every role, the administration too."""

import ast
import inspect
import itertools
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from tests import admin_pages, world
from treatments.forms.session.parts import RegionForm

# the suite creates no test database without it
pytestmark = pytest.mark.django_db

# The first ones found faults before, or are where the databases and the calendar end.
SHARP = ("9999-12-31", "0001-01-01", str(2**63), "-1", "a\x00b", "")
EDGES = (
    *SHARP, "0", "9" * 40, "1.5", "\u0663", "2026-02-30", "10000-01-01", " ", "x" * 5000, "%", "'[<b>",
    "\u202e",
)  # fmt: skip
# Who tries all of them on each page; the others try the sharp ones.
ALL_EDGES = {"lead"}
# What stands in a path is never empty and has no slash.
KEYS = (str(2**63), "9" * 40, "0", "\x00", "x" * 300, "00000000-0000-0000-0000-000000000000")
# Rows of a clinical table of the administration: nobody's reference, a wrong one, a key beyond any row's.
KEYS_BEHIND_A_REFERENCE = ("2222222", "2222223", f"2222222-{'9' * 18}", f"2222222-{'9' * 19}", "2222222-")
# Read by Django's administration: lists, forms, and the search behind a field.
OF_LISTS = ("q", "o", "p", "e", "all", "_popup", "_to_field", "_changelist_filters")
OF_ADMIN = (
    *OF_LISTS, "is_active__exact", "profession__exact", "pk", "id__in", "id__gt", "last_login__gte",
    "term", "app_label", "model_name", "field_name",
)  # fmt: skip


def names_read(view) -> set[str]:
    """The names that the module of a view reads of a query string."""
    return names_in(Path(inspect.getfile(inspect.unwrap(view))))


@cache
def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {name for node in ast.walk(tree) for name in _names_in(node)}


def _names_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("request.GET.get", "query.get"):
        return [node.args[0].value]
    if isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) in ("request.GET", "query"):
        return [node.left.value] if isinstance(node.left, ast.Constant) else []
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("request.GET", "query"):
        return [node.slice.value]
    return []


def all_names() -> set[str]:
    """Of every view of the product, and of the form that reads the query string."""
    views = [*settings.BASE_DIR.glob("*/views/**/*.py"), settings.BASE_DIR / "clinic/web/responses.py"]
    return set().union(
        {RegionForm().add_prefix(name) for name in RegionForm.base_fields}, *map(names_in, views)
    )


NAMES = sorted(all_names())


@pytest.fixture(params=world.ROLES)
def role(request):
    return request.param


def read_alone(pages: dict[str, str]) -> set[tuple[str, str]]:
    """(path, name): for each name that a module reads one page of it, if possible one whose view names it."""
    found = {}
    for address in world.staff_addresses():
        source = inspect.getsource(inspect.unwrap(address.view)) if address.name in pages else ""
        for name in names_read(address.view) if source else ():
            place = (inspect.getmodule(inspect.unwrap(address.view)).__name__, name)
            if place not in found or f'"{name}"' in source:
                found[place] = (pages[address.name], name)
    return set(found.values())


READABLE: dict[str, dict[str, str]] = {}


def readable(practice, role: str) -> dict[str, str]:
    """{address: path} of all pages that this role can read, each in the first state in which it can."""
    if role not in READABLE:
        READABLE[role] = dict(_readable(practice, world.client_of(practice, role)))
    return READABLE[role]


def _readable(practice, client):
    for address in world.staff_addresses():
        paths = (address.path(practice.values(address, state)) for state in practice.states_of(address))
        path = next((path for path in paths if client.get(path).status_code == 200), None)
        if path:
            yield address.name, path


def faults(practice, role: str, requests) -> list[str]:
    """The requests that are answered with a fault, all asked by somebody who is signed in."""
    found = []
    for method, path in requests:
        client = world.client_of(practice, role)
        status = client.generic(method, path).status_code
        if status >= 500:
            found.append(f"{method} {path[:200]} -> {status}")
    return found


def test_the_names_in_query_strings_are_found_in_the_code():
    known = {"day", "show", "page", "only", "before", "kind", "condition", "correct", "adopt", "back", "all"}

    assert known <= set(NAMES)


def test_every_value_of_every_name_is_answered(practice, role):
    """All names at once on the pages of this role; then each alone on the pages whose module reads it."""
    pages = readable(practice, role)
    together = [
        f"{path}?{urlencode(dict.fromkeys(NAMES, edge))}" for path in pages.values() for edge in SHARP
    ]
    edges = EDGES if role in ALL_EDGES else SHARP
    alone = [f"{path}?{urlencode({name: edge})}" for path, name in read_alone(pages) for edge in edges]

    assert faults(practice, role, [("GET", path) for path in (*together, *alone)]) == []


def test_a_name_that_stands_twice_is_answered(practice, role):
    pages = readable(practice, role).values()
    twice = urlencode([(name, edge) for name in NAMES for edge in ("9999-12-31", "-1")])

    assert faults(practice, role, [("GET", f"{path}?{twice}") for path in pages]) == []


def test_every_key_in_a_path_is_answered(practice, role):
    """Each part of a path takes every edge, in turn, the others are those of a record that stands."""
    paths = {
        address.path({**practice.values(address, state), name: quote(edge)})
        for address in world.staff_addresses()
        for state in practice.states_of(address)[:1]
        for name in address.needs
        for edge in KEYS[: None if role in ALL_EDGES else 2]
    }

    assert len(paths) > 100
    assert faults(practice, role, itertools.product(("GET", "POST"), sorted(paths))) == []


@pytest.mark.parametrize("role", ["admin", "desk"])
def test_the_administration_answers_whatever_stands_in_its_addresses(practice, role):
    paths = admin_paths()
    searched = [reverse("admin:clinic_user_changelist"), reverse("admin:autocomplete")]
    asked = [
        *(f"{path}?{urlencode({name: edge})}" for path in searched for name in OF_ADMIN for edge in SHARP),
        *(f"{path}?{urlencode(dict.fromkeys(OF_LISTS, SHARP[2]))}" for path in paths),
        *(f"{path}?{urlencode([(name, '-1'), (name, '9')])}" for path in searched for name in OF_ADMIN),
    ]

    reverse_field = "?app_label=clinic&model_name=user&field_name=visits&term=x"
    asked.append(reverse("admin:autocomplete") + reverse_field)

    assert faults(practice, role, [("GET", path) for path in (*paths, *asked)]) == []


def admin_paths() -> list[str]:
    found = [reverse("admin:index"), reverse("admin:autocomplete"), reverse("admin:jsi18n")]
    for model in admin.site._registry:
        listed = admin_pages.list_address(model)
        found += [listed, f"{listed}add/"]
        for kind in ("change", "delete", "history"):
            found += [f"{listed}{quote(key)}/{kind}/" for key in (*KEYS[:4], *KEYS_BEHIND_A_REFERENCE)]
    return [*found, "/admin/r/1/1/", f"/admin/r/{'9' * 40}/1/", "/admin/nothing/", "/admin/clinic/"]


@pytest.mark.parametrize(
    "path", ["/accounts/login/?next=", "/accounts/factors/passkeys/", "/static/", "/health/?x=", "/"]
)
def test_a_page_for_everybody_answers_too(client, path):
    assert all(client.get(f"{path}{quote(edge)}").status_code < 500 for edge in EDGES)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "soon", ""])
def test_a_day_that_no_practice_has_is_today(signed_in, reception, day):
    answer = signed_in(reception).get("/", {"day": day})

    assert answer.context["is_today"]


def test_a_nul_in_an_address_is_refused_in_words(signed_in, reception):
    answer = signed_in(reception).get("/", {"show": "a\x00"})

    assert answer.status_code == 400
    assert "could not be read" in answer.text
