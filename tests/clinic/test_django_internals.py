"""Each shortcut through Django's internals turns itself off where Django has changed."""

import logging
import sys
from pathlib import Path

import django
import pytest
from django.db.models.sql.compiler import SQLCompiler
from django.forms.renderers import DjangoTemplates

from clinic.django_internals import instances, prepared, renderers, shortcuts, startup
from clinic.django_internals.shortcuts import Shortcut
from clinic.models import User
from tests import unknown_django


@pytest.fixture
def unknown_version():
    with unknown_django.unknown_release():
        yield


def test_this_release_of_django_has_been_tested():
    assert django.VERSION[:2] in shortcuts.TESTED_VERSIONS
    assert {shortcut.name: shortcut.reasons for shortcut in startup.ALL} == {
        "prepared queries": [], "widgets": [], "templates": [], "displays of choices": [],
        "unsaved instances": [], "shared fields": [],
    }  # fmt: skip


def test_every_shortcut_of_the_package_is_reported():
    package = Path(startup.__file__).parent
    modules = [f"{startup.__package__}.{path.stem}" for path in package.glob("*.py")]
    found = [getattr(sys.modules[name], "SHORTCUT", None) for name in modules if name in sys.modules]

    assert {one for one in found if one is not None} == set(startup.ALL)


def test_nothing_is_said_while_all_fit(caplog):
    startup.report()

    assert caplog.records == []


def test_an_unknown_release_is_said_in_one_line(unknown_version, caplog):
    startup.report()

    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    for shortcut in startup.ALL:
        assert shortcut.is_off
        assert shortcut.name in record.getMessage()
    assert "\n" not in record.getMessage()


class Changed:
    attribute = "no method"

    def method(self, one, two=None):
        """The signature as it was tested."""


@pytest.mark.parametrize(
    ("signature", "name", "said"),
    [
        ("method(self, one, two=None)", "method", []),
        ("method(self, one)", "method", ["Changed.method is not method(self, one)"]),
        ("gone(self)", "gone", ["Changed.gone is missing"]),
        ("attribute(self)", "attribute", ["Changed.attribute is not attribute(self)"]),
    ],
)
def test_a_part_that_looks_different_is_named(signature, name, said):
    shortcut = Shortcut("x", lambda: shortcuts.changed_signatures({signature: (Changed, name)}))

    assert shortcut.reasons == said
    assert shortcut.is_off == bool(said)


def test_a_changed_compiler_turns_prepared_queries_off(monkeypatch, db, therapist):
    monkeypatch.setattr(SQLCompiler, "get_converters", lambda self, expressions, more: {})
    differing = list(shortcuts.changed_signatures(prepared.SIGNATURES))

    assert differing == ["SQLCompiler.get_converters is not get_converters(self, expressions)"]


def test_a_changed_template_turns_our_widgets_off(monkeypatch):
    assert list(renderers.changed_templates()) == []
    monkeypatch.setattr(renderers, "DIGEST", "another")

    assert list(renderers.changed_templates()) == ["the templates of widgets have changed"]


def test_a_missing_template_turns_our_widgets_off(monkeypatch):
    monkeypatch.setattr(renderers, "SOURCES", ["django/forms/widgets/none.html"])

    assert list(renderers.changed_templates()) == ["the template django/forms/widgets/none.html is missing"]


def test_a_changed_state_turns_unsaved_instances_off(monkeypatch):
    monkeypatch.setattr(instances, "ModelState", type("ModelState", (), {"db": None, "adding": True}))

    assert list(instances.changed_state()) == ["ModelState has changed"]


def test_an_unknown_release_draws_widgets_by_their_templates(unknown_version, monkeypatch):
    drawn = []
    plain = DjangoTemplates.render

    def render(self, name, *args, **kwargs):
        drawn.append(name)
        return plain(self, name, *args, **kwargs)

    monkeypatch.setattr(DjangoTemplates, "render", render)
    for name in renderers.WRITERS:
        renderers.Renderer().render(
            name, {"widget": {"name": "x", "type": "text", "value": None, "attrs": {}}}
        )

    assert drawn == list(renderers.WRITERS)


def test_an_unknown_release_prepares_no_query(unknown_version, db, therapist):
    query = prepared.PreparedQuery(lambda pk: User.objects.filter(pk=pk))

    assert query.one(pk=therapist.pk) == therapist
    assert not query.statements
