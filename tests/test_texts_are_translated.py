"""Choices, forms and the administration speak the language of who reads: a pseudo-locale shows it."""

import inspect
import re
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.text import camel_case_to_spaces
from django.utils.translation import trans_real

from clinic import formats
from clinic.access import OBJECTS, Permission
from clinic.administration import derived_words, labels
from clinic.administration.sections import PAGES, Section
from clinic.audit import wording
from clinic.forms.base import StaffForm
from clinic.models import Role, RoleGrant
from clinic.values.words import in_source_words
from tests import pseudo_locale

ROOT = Path(__file__).parents[1]
CODE = re.compile(r'"(\w+\.\w+)":')
# Whose texts are looked at.
APPS = ("clinic", "patients", "treatments")
FLOORS = ("clinic", "patients", "treatments")
# Samples for developers, and what speaks to who runs the server.
LEFT_OUT = (
    "clinic.forms.gallery",
    "clinic.views.gallery",
    "clinic.settings",
    "clinic.wsgi",
    "clinic.management",
    "clinic.mint",
)


@pytest.fixture
def _bracketed():
    with pseudo_locale.active():
        yield


def modules() -> Iterator:
    for app in APPS:
        for found in walk_packages(import_module(app).__path__, f"{app}."):
            if not found.name.startswith(LEFT_OUT) and ".migrations" not in found.name:
                yield import_module(found.name)


def classes(base: type) -> list[type]:
    """Every subclass of `base` that a module of APPS defines, those inside other classes too."""
    found = {}
    for module in modules():
        for name, held in _members(module):
            if issubclass(held, base) and held.__module__ == module.__name__:
                found[f"{module.__name__}.{name}"] = held
    return [pytest.param(held, id=name) for name, held in sorted(found.items())]


def _members(module) -> Iterator[tuple[str, type]]:
    for name, held in vars(module).items():
        if inspect.isclass(held) and held.__module__ == module.__name__:
            yield name, held
            yield from ((f"{name}.{at}", each) for at, each in vars(held).items() if inspect.isclass(each))


def untranslated(texts) -> list[str]:
    """The texts that have letters outside brackets."""
    plain = (str(text) for text in texts if text)
    return [text for text in plain if any(c.isalpha() for c in pseudo_locale.without_translated(text))]


@pytest.mark.usefixtures("_bracketed")
@pytest.mark.parametrize("choices", classes(models.Choices))
def test_every_label_of_a_choice_is_translated(choices):
    assert untranslated(choices.labels) == []


@pytest.mark.usefixtures("_bracketed")
@pytest.mark.parametrize("form", classes(StaffForm))
def test_every_text_of_a_form_is_translated(form):
    fields = deepcopy(form.base_fields)
    # what a form adds to them are the practice's words
    StaffForm.prepare.__func__(form, fields)

    assert {name: found for name, field in fields.items() if (found := untranslated(_texts_of(field)))} == {}


@pytest.mark.parametrize("form", classes(StaffForm))
def test_every_field_has_a_label_of_its_own(form):
    """Django would make one of the field's name, which no translator sees."""
    shown = {name: field for name, field in form.base_fields.items() if not field.widget.is_hidden}

    assert [name for name, field in shown.items() if not field.label] == []


def _texts_of(field: forms.Field) -> list:
    """Rows are labeled in the practice's words; a choice that shows its code is only posted by a button."""
    choices = [] if isinstance(field, forms.ModelChoiceField) else getattr(field, "choices", [])
    labels = [label for code, label in choices if code != label]
    hint = str(field.help_text).replace(formats.of_country("ORDER_WORDS"), "")
    return [field.label, hint, getattr(field, "empty_label", None), *field.error_messages.values(), *labels]


@pytest.mark.usefixtures("_bracketed")
def test_every_event_of_the_audit_is_worded_in_the_readers_language():
    sources = (ROOT / path for path in ("clinic/audit/wording.py", *(f"{app}/wiring.py" for app in APPS)))
    written = {code for source in sources for code in CODE.findall(source.read_text())}
    own = written & set(wording.SENTENCES)

    assert len(own) > 50
    assert untranslated(wording.sentence(code) for code in own) == []


@pytest.mark.usefixtures("_bracketed")
def test_permissions_are_worded_in_the_readers_language_and_recorded_in_one():
    assert untranslated(permission.label for permission in Permission) == []
    assert untranslated(text for row in OBJECTS for text in row) == []
    assert Permission.PATIENT_FIND == "find patients"


@pytest.mark.usefixtures("_bracketed")
def test_the_groups_of_the_administration_are_translated():
    assert untranslated(text for section in Section for text in (section.title, section.words)) == []
    assert untranslated(text for page in PAGES for text in (page[1], page[5])) == []


@pytest.mark.usefixtures("_bracketed")
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.opts.label)
        for page in admin.site._registry.values()
        if page.opts.app_label in APPS
    ],
)
def test_every_table_of_the_administration_is_translated(page):
    columns = labels.labels_of(page.model)

    assert untranslated([page.menu_name, page.menu_words, page.search_label, *columns.values()]) == []


def test_the_derived_words_are_those_that_the_administration_shows():
    tables = [page for page in admin.site._registry.values() if not page.name_in_menu]
    shown = {model for page in admin.site._registry.values() for model in _tables_on(page)}
    columns = {
        labels.derived_words(field)
        for model in shown
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.name not in labels.LABELS and str(field.verbose_name) == labels.plain_name(field)
    }
    names = {
        (str(model._meta.verbose_name), camel_case_to_spaces(model.__name__))
        for app in FLOORS
        for model in apps.get_app_config(app).get_models()
    }

    assert columns == derived_words.COLUMNS
    assert {name for name, derived in names if name == derived} == derived_words.ROWS | {"user"}
    assert {str(page.opts.verbose_name_plural) for page in tables} == derived_words.TABLES


def _tables_on(page) -> list[type[models.Model]]:
    return [page.model, *(inner.model for inner in page.inlines)]


def rows_with_a_name() -> list[type[models.Model]]:
    """Tables whose rows the administration lists by name, and those without a page that a column leads to."""
    pages = {page.model: page for page in admin.site._registry.values() if page.opts.app_label in APPS}
    listed = {model for model, page in pages.items() if page.list_display == ("__str__",)}
    fields = [field for page in pages.values() for model in _tables_on(page) for field in model._meta.fields]
    unlisted = {field.related_model for field in fields if field.related_model} - pages.keys()
    return sorted(listed | unlisted, key=lambda model: model._meta.label)


@pytest.mark.usefixtures("_bracketed")
@pytest.mark.parametrize("model", rows_with_a_name(), ids=lambda model: model._meta.label)
def test_the_name_of_a_row_in_the_administration_is_translated(model):
    assert untranslated([model(pk=7)]) == []


def test_the_displayed_label_of_a_choice_follows_the_reader_and_the_seal():
    grant = RoleGrant(role=Role.LEAD)
    with pseudo_locale.active():
        read = grant.get_role_display()
        with in_source_words():
            sealed = grant.get_role_display()

    assert (read, sealed, grant.get_role_display()) == ("⟦Clinical lead⟧", "Clinical lead", "Clinical lead")


def test_a_choice_that_nobody_offers_is_displayed_as_it_stands():
    assert (RoleGrant(role="owner").get_role_display(), RoleGrant(role=None).get_role_display()) == (
        "owner",
        None,
    )


@pytest.mark.django_db
def test_a_request_is_answered_in_the_language_of_the_practice(client, monkeypatch):
    """Whatever language the work before it left active in its thread."""
    monkeypatch.setitem(trans_real._translations, "de", pseudo_locale.Brackets())
    with translation.override("de"):
        page = client.get(reverse("account_login")).content.decode()

    assert pseudo_locale.OPENING not in page
