"""Every page is the same with and without the shortcuts, and no other module uses Django's internals."""

import ast
import functools
import re
import sys
from pathlib import Path

import pytest
import time_machine
from django.contrib.admin import ModelAdmin
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.options import Options
from django.db.models.query import ModelIterable, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.query import Query
from django.forms import BaseForm, BaseFormSet, ModelForm, Widget
from django.forms.boundfield import BoundField
from django.forms.models import BaseModelFormSet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from tests import unknown_django, world
from tests.prepared_queries import is_prepared

# The suite creates no test database without it.
pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
OURS = ("clinic", "patients", "treatments")
PACKAGE = ROOT / "clinic" / "django_internals"
# What differs in each response: tokens, form keys and request ids.
NEW = re.compile(
    r'(csrfmiddlewaretoken" value|data-csrf|data-token|name="form_key" value)="[^"]+"'
    r"|\b[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\b"
)
STATES = ("-", "draft", "signed")


def pages_of(practice) -> dict[tuple, str]:
    """{(address, state): page} as the author sees them; database changes are rolled back."""
    world.sign_in_anew(practice)
    client, pages = world.client_of(practice, "author"), {}
    with transaction.atomic():
        for _, address, state in world.requests_of(practice, ["author"]):
            if state in STATES:
                answer = client.get(address.path(practice.values(address, state)))
                # a file is no page, and its bytes no text
                said = "" if answer.streaming else answer.content.decode()
                pages[address.name, state] = answer.status_code, NEW.sub("", said)
        transaction.set_rollback(True)
    world.sign_in_anew(practice)
    return pages


@pytest.fixture(scope="module")
def both(practice) -> tuple[dict, dict]:
    """All pages with the shortcuts, then as under an untested Django release."""
    with time_machine.travel(timezone.now(), tick=False):
        quick = pages_of(practice)
        with unknown_django.unknown_release():
            return quick, pages_of(practice)


def test_every_page_is_the_same_the_plain_way(both):
    quick, plain = both

    assert len([page for page in quick.values() if page[0] == 200]) > 40
    assert quick.keys() == plain.keys()
    assert {key: quick[key] for key in quick if quick[key] != plain[key]} == {}


def test_no_query_of_the_product_has_to_be_asked_the_plain_way(both):
    """An unprepared query would be correct but slow, and nobody would notice."""
    prepared = {name: query for name, query in products_queries().items() if query.statements}

    assert len(prepared) > 10
    assert [name for name, query in prepared.items() if not is_prepared(query)] == []


def products_queries() -> dict[str, PreparedQuery]:
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] in OURS]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, PreparedQuery)
    }


DJANGOS = (
    BaseDatabaseWrapper, BaseForm, BaseFormSet, BaseModelFormSet, BoundField, HttpRequest, HttpResponse,
    ModelAdmin, ModelForm, ModelIterable, Options, Query, QuerySet, SQLCompiler, Widget, models.Field,
    models.Manager, models.Model,
)  # fmt: skip
# Attributes of instances, or without an underscore.
INSTANCE_ATTRIBUTES = {
    "_bound_fields_cache",
    "_errors",
    "_iterable_class",
    "_known_related_objects",
    "_prefetch_related_lookups",
    "_prefetched_objects_cache",
    "_result_cache",
    "execute_sql",
    "fields_cache",
    "get_compiler",
}
# Documented, or so widely used that Django keeps them: `Model._meta`, and of `_state` only `adding`.
ALLOWED = {"_meta", "_state"}


@functools.cache
def private_names() -> set[str]:
    """Private attribute names of Django's classes, except those that are allowed."""
    names = {name for one in DJANGOS for name in dir(one) if re.fullmatch("_[a-zA-Z].*", name)}
    return (names | INSTANCE_ATTRIBUTES) - ALLOWED


def private_uses(text: str) -> list[str]:
    """Attributes with a private name of Django that a module reads, sets or overrides."""
    nodes = list(ast.walk(ast.parse(text)))
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    own = {name for one in classes if not one.bases for name in methods_of(one)}
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    used = {node.attr for node in attributes} | {
        name for one in classes if one.bases for name in methods_of(one)
    }
    states = {ast.unparse(node) for node in attributes if is_undocumented_state(node)}
    return sorted((used & private_names() - own) | states)


def methods_of(one: ast.ClassDef) -> list[str]:
    return [item.name for item in one.body if isinstance(item, ast.FunctionDef)]


def is_undocumented_state(node: ast.Attribute) -> bool:
    """Whether it is a part of `_state` other than `adding`, the only documented one."""
    return isinstance(node.value, ast.Attribute) and node.value.attr == "_state" and node.attr != "adding"


def test_nothing_beside_the_package_reaches_into_djangos_insides():
    sources = [path for app in OURS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    outside = [path for path in sources if PACKAGE not in path.parents]

    found = {str(path.relative_to(ROOT)): private_uses(path.read_text(encoding="utf-8")) for path in outside}

    assert {name: reaches for name, reaches in found.items() if reaches} == {}


@pytest.mark.parametrize(
    "text",
    [
        "rows._result_cache",
        "row._prefetched_objects_cache['x'] = []",
        "row._state.fields_cache.clear()",
        "row._state.db",
        "query.get_compiler(using='default')",
        "rows._prefetch_related_lookups",
        "rows._iterable_class = list",
        "class A(Model):\n    def _get_FIELD_display(self, field): pass",
        "form._errors",
        "form._clean_fields()",
        "form._bound_fields_cache",
        "request._load_post_and_files()",
        "class A(ModelForm):\n    def _post_clean(self): pass",
        "rows._clone()",
        "row._do_insert()",
    ],
)
def test_a_reach_into_djangos_insides_is_seen(text):
    assert private_uses(text)
