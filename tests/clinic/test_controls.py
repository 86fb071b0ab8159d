"""A control is drawn as crispy's own tag draws it, and crispy is told the same of every staff form."""

import pytest
from crispy_forms.helper import FormHelper
from django import forms
from django.template import Context, Template

from clinic.forms.base import HELPER, StaffForm

CRISPY = "{% load crispy_forms_field %}{% crispy_field field 'class' 'form-control is-invalid' %}"
OURS = "{% load look %}{% control field 'form-control is-invalid' %}"


class Drawn(StaffForm):
    plain = forms.CharField()
    own = forms.CharField(widget=forms.TextInput(attrs={"class": "narrow form-control"}))
    named = forms.CharField(widget=forms.TextInput(attrs={"class": "textinput-large"}))
    choice = forms.ChoiceField(choices=[("a", "A")])
    several = forms.SplitDateTimeField(widget=forms.SplitDateTimeWidget(date_attrs={"class": "day"}))
    remark = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))


@pytest.mark.parametrize("name", Drawn.base_fields)
def test_a_control_is_drawn_as_crispy_draws_it(name):
    drawn = [Template(source).render(Context({"field": Drawn()[name]})) for source in (CRISPY, OURS)]

    assert drawn[0] == drawn[1]
    assert "is-invalid" in drawn[0]


def test_a_control_that_is_drawn_twice_has_its_classes_once():
    form = Drawn()
    once, twice = (Template(OURS).render(Context({"field": form["plain"]})) for _ in range(2))

    assert once == twice


def test_crispy_is_told_the_same_of_every_form():
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf, helper.include_media = False, True, False

    told = HELPER.get_attributes("bootstrap5")

    assert {name: told[name] for name in helper.get_attributes("bootstrap5")} == helper.get_attributes(
        "bootstrap5"
    )
    assert Drawn().helper is HELPER
