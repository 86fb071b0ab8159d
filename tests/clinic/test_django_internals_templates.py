"""Templates are drawn as Django draws them, whatever they hold."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, RequestContext, TemplateDoesNotExist, base
from django.template.loader_tags import IncludeNode
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from clinic.django_internals import template_nodes, templates
from tests import unknown_django

PARTS = {
    "part.html": "[{{ x }}|{{ only_outside }}|{{ forloop.counter }}]",
    "self.html": "{{ n }}{% if n %}{% include 'self.html' with n=rest.n rest=rest.rest only %}{% endif %}",
    "parent.html": "<{% block a %}parent {{ x }}{% endblock %}|{% block b %}{{ x }}{% endblock %}>",
    "middle.html": "{% extends 'parent.html' %}{% block a %}middle {{ block.super }}{% endblock %}",
    "sub/near.html": "{% include './part.html' %}",
    "sub/part.html": "near {{ x }}",
}
# One a line.
SOURCES = (Path(__file__).parent / "drawn_templates.txt").read_text().splitlines()


class Silent(ObjectDoesNotExist):
    """As Django's own it says that a template may go on."""


class Thing:
    name = "<Thing>"

    def call(self):
        return "called & done"

    def wants(self, one):
        return one

    def deletes(self):
        raise AssertionError("a template may not delete")

    deletes.alters_data = True  # type: ignore[attr-defined]

    class kept:
        name = "kept"
        do_not_call_in_templates = True

    @property
    def silent(self):
        raise Silent

    @property
    def loud(self):
        raise AttributeError("by itself")

    def broken(self):
        raise TypeError("inside of a call")

    def generated(self):
        return (number for number in range(3))


VALUES = {
    "x": "<b> & 'c'", "safe": mark_safe("<i>"), "n": 3, "big": 1234567, "half": 0.5,
    "zero": 0.0, "minus": -0.0, "tiny": 1e-7,
    "huge": 1e22, "broad": 1234567.25, "nan": float("nan"), "none": None,
    "yes": True, "day": dt.date(2026, 5, 12), "lazy": gettext_lazy("Yes"), "thing": Thing(),
    "call": lambda: "<called>", "map": {"a": "<1>", "b": 2}, "list": [1, 2, 2, 3],
    "pair": [("a", "b"), ("c", "d")], "people": [{"kind": "a"}, {"kind": "a"}, {"kind": "b"}],
    "name": "part.html", "parent": "parent.html", "page": "account_login", "ref": "KSM34ZZ",
    "only_outside": "outside", "rest": {"n": 2, "rest": {"n": 1, "rest": {"n": 0}}},
}  # fmt: skip


def engine_of(loader: str, source: str, **options) -> Engine:
    loaders = [(loader, [("django.template.loaders.locmem.Loader", {**PARTS, "main.html": source}),
                         "clinic.web.template_loader.Loader"])]  # fmt: skip
    ours = Engine.get_default()
    return Engine(
        dirs=ours.dirs, loaders=loaders, builtins=ours.builtins, libraries=ours.libraries, **options
    )


REQUEST = RequestFactory().get("/")
QUICK, PLAIN = "clinic.django_internals.templates.Loader", "django.template.loaders.cached.Loader"


def drawn(loader: str, source: str, *, request: bool, **options) -> list:
    """Twice, because the second time uses what the first one kept: the text, or the fault."""
    engine, results = engine_of(loader, source, **options), []
    for _ in range(2):
        context = RequestContext(REQUEST, dict(VALUES)) if request else Context(dict(VALUES))
        try:
            results.append(str(engine.get_template("main.html").render(context)))
        except Exception as fault:  # noqa: BLE001 (whatever it is, it is to be the same)
            results.append((type(fault), str(fault)))
    return results


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("request_given", [False, True], ids=["without a request", "with a request"])
@pytest.mark.parametrize("invalid", ["", "?", "no %s"])
def test_a_template_is_drawn_as_django_draws_it(source, request_given, invalid):
    plain, quick = (
        drawn(loader, source, request=request_given, string_if_invalid=invalid) for loader in (PLAIN, QUICK)
    )

    assert without_tokens(quick) == without_tokens(plain)


def without_tokens(results: list) -> list:
    """A token that is masked anew each time is not compared, only that it is there."""
    return [one.split('value="')[0] if isinstance(one, str) else one for one in results]


def test_a_changed_thousands_separator_is_followed(settings):
    drawn(QUICK, "{{ broad }}", request=False)
    settings.USE_THOUSAND_SEPARATOR = True

    numbers = "{{ big }} {{ broad }}"
    quick, plain = (drawn(loader, numbers, request=False) for loader in (QUICK, PLAIN))
    assert quick == plain == ["1,234,567 1,234,567.25"] * 2


def test_the_address_of_a_file_is_kept_no_longer_than_its_storage(settings):
    template = engine_of(QUICK, "{% load static %}{% static 'a.css' %}").get_template("main.html")
    before = template.render(Context())

    settings.STATIC_URL = "/elsewhere/"

    assert [before, template.render(Context())] == ["/static/a.css", "/elsewhere/a.css"]


def test_the_product_draws_quickly_and_the_plain_way_under_an_unknown_release():
    engine = Engine.get_default()
    assert isinstance(engine.get_template("base.html").nodelist, template_nodes.QuickNodes)

    with unknown_django.unknown_release():
        assert type(engine.get_template("base.html").nodelist) is base.NodeList
    assert isinstance(engine.get_template("base.html").nodelist, template_nodes.QuickNodes)


def test_a_template_that_is_not_there_is_said_each_time():
    engine = engine_of(QUICK, "")
    for _ in range(2):
        with pytest.raises(TemplateDoesNotExist, match=r"absent\.html"):
            engine.get_template("absent.html")


def test_a_changed_tag_turns_quick_templates_off(monkeypatch):
    def render(self, context):
        """Not what was tested."""

    assert templates.digest(templates.REPEATED) == templates.DIGEST

    repeated = tuple(render if part is IncludeNode.render else part for part in templates.REPEATED)
    monkeypatch.setattr(templates, "REPEATED", repeated)

    assert list(templates.changed_sources()) == ["what draws templates has changed"]


def test_sources_that_cannot_be_read_turn_quick_templates_off(monkeypatch):
    monkeypatch.setattr(templates, "REPEATED", (eval("lambda: None"),))

    assert list(templates.changed_sources()) == ["what draws templates has changed"]
