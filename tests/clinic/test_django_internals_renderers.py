"""Widgets rendered in Python give the same HTML as Django's templates."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from clinic.django_internals.renderers import INPUTS, OPTIONS, WIDGETS, WRITERS, Renderer

CHOICES = [("", "None yet"), ("a<b", "A & B"), (3, 1234567), ("q", mark_safe("<b>Q</b>")), (None, "no value")]
WIDGETS_OF_OURS = [
    forms.TextInput(), forms.NumberInput(), forms.EmailInput(), forms.URLInput(), forms.PasswordInput(),
    forms.HiddenInput(), forms.DateInput(), forms.DateTimeInput(), forms.TimeInput(), forms.CheckboxInput(),
    forms.Textarea(), forms.RadioSelect(choices=CHOICES), forms.CheckboxSelectMultiple(choices=CHOICES),
    forms.Select(choices=CHOICES),
]  # fmt: skip
VALUES = [
    None, "", "plain", '"quoted" & <script>', mark_safe("<i>safe</i>"), gettext_lazy("Yes"), 0, 1234567, 1.5,
    Decimal("0.30"), True, False, dt.date(2026, 5, 12), dt.time(9, 30), "two\nlines ",
]  # fmt: skip
ATTRS = [
    {},
    {"id": "id_x", "required": True, "disabled": False, "data-n": 3, "placeholder": 'say "no" & <go>'},
    {"class": mark_safe("a&b"), "x": None, "maxlength": 10_000},
]


@pytest.mark.parametrize("widget", WIDGETS_OF_OURS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("attrs", ATTRS, ids=["bare", "plain", "odd"])
def test_a_widget_is_written_as_its_template_writes_it(widget, attrs):
    for value in VALUES:
        by_template = widget.render("field<name>", value, attrs, renderer=DjangoTemplates())
        assert widget.render("field<name>", value, attrs, renderer=Renderer()) == by_template


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_a_single_choice_is_written_as_its_template_writes_it(widget):
    for own in ATTRS:
        shown = [rendered(widget, renderer, own) for renderer in (DjangoTemplates(), Renderer())]
        assert shown[0] == shown[1]
        assert len(shown[0]) == len(CHOICES)


def rendered(widget, renderer, attrs) -> list[str]:
    class Asked(forms.Form):
        field = forms.MultipleChoiceField(choices=CHOICES, widget=widget(attrs=attrs), initial=["a<b"])

    return [choice.tag() for choice in Asked(renderer=renderer)["field"]]


def test_every_template_that_is_written_here_exists():
    """If Django renamed a template, its renderer would never be called."""
    known = DjangoTemplates()
    assert len(WRITERS) == len(INPUTS) + len(OPTIONS) + 2
    for name in WRITERS:
        assert name.startswith(WIDGETS)
        assert known.get_template(name)
