"""Forms share their fields, and nothing leaks from one form to another, whatever one does to its own."""

from copy import deepcopy

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from clinic.django_internals import shared_fields
from clinic.forms.base import StaffForm
from clinic.models import Location
from tests import unknown_django

DRAWN = "{% load crispy_forms_filters %}{{ field|as_crispy_field }}"
SMALL, LARGE = [("s", "Small")], [("l", "Large")]


class Sized(StaffForm):
    needed = {"size": "Choose a size."}

    size = forms.ChoiceField()
    colour = forms.ChoiceField(
        choices=[("r", "Red"), ("g", "Green")], widget=forms.RadioSelect(attrs={"data-look": "chips"})
    )
    name = forms.CharField(max_length=5)
    place = forms.ModelChoiceField(Location.objects.all(), required=False)
    moment = forms.SplitDateTimeField(required=False)

    def __init__(self, data=None, *, sizes=SMALL, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["size"].choices = sizes


def drawn(field) -> str:
    return Template(DRAWN).render(Context({"field": field}))


def test_a_form_copies_what_it_reaches_for_and_nothing_else():
    one, other = Sized({}), Sized({})

    assert one["name"].field is other["name"].field
    assert one["size"].field is not other["size"].field


@pytest.mark.parametrize("name", ["place", "moment"])
def test_rows_and_widgets_of_widgets_are_never_shared(name):
    one, other = Sized({}), Sized({})

    assert one[name].field is not other[name].field


def test_what_one_offers_no_other_does():
    Sized({"size": "s", "name": "A"}).is_valid()

    form = Sized({"size": "s", "name": "A"}, sizes=LARGE)

    assert form.errors["size"] == ["That choice is not offered any more. Choose one from the list."]


@pytest.mark.parametrize(
    "data", [{}, {"size": "x", "name": "too long"}, {"size": "s", "name": "a\x00b", "colour": "b"}]
)
def test_the_plain_way_says_the_same_words(data):
    quick = Sized(data).errors.get_json_data()

    with unknown_django.unknown_release():
        plain = Sized(data)
        assert type(plain.fields) is dict
        assert plain.errors.get_json_data() == quick
    assert quick


REACHES = {
    "by its name": lambda fields: fields["name"],
    "by get": lambda fields: fields.get("name"),
    "by setdefault": lambda fields: fields.setdefault("name"),
    "by pop": lambda fields: fields.pop("name"),
    "by values": lambda fields: list(fields.values())[2],
    "by items": lambda fields: dict(fields.items())["name"],
    "by dict": lambda fields: dict(fields)["name"],
    "by a display": lambda fields: {**fields}["name"],
    "by an update": lambda fields: _updated(fields)["name"],
    "by copy": lambda fields: fields.copy()["name"],
    "by union": lambda fields: (fields | {})["name"],
    "by the other union": lambda fields: ({} | fields)["name"],
    "by deepcopy": lambda fields: deepcopy(fields)["name"],
    "by popitem": lambda fields: [fields.popitem() for _ in range(3)][-1][1],
}


def _updated(fields) -> dict:
    found: dict = {}
    found.update(fields)
    return found


@pytest.mark.parametrize("reach", REACHES.values(), ids=REACHES)
def test_whoever_reaches_for_a_field_changes_that_form_alone(reach):
    before = drawn(Sized()["name"])

    field = reach(Sized().fields)
    field.widget.attrs["title"], field.label, field.required = "changed", "changed", False

    assert drawn(Sized()["name"]) == before
    assert "name" in Sized({}).errors


def test_a_field_changed_after_it_was_bound_is_drawn_as_changed():
    form = Sized()
    bound = form["colour"]

    form.fields["colour"].choices = [("b", "Blue")]

    assert "Blue" in drawn(bound)
    assert "Blue" not in drawn(Sized()["colour"])


def test_a_field_that_is_gone_is_not_found():
    form = Sized()
    form["name"]
    del form.fields["name"]

    with pytest.raises(KeyError, match="name"):
        form["name"]
    with pytest.raises(KeyError):
        form.fields.pop("name")
    assert form.fields.get("name", "nothing") == form.fields.pop("name", "nothing") == "nothing"


@pytest.mark.parametrize("name", Sized.base_fields)
@pytest.mark.django_db
def test_a_field_is_drawn_the_second_time_as_the_plain_way_draws_it(name):
    ways = [{}, {"initial": {"colour": "g", "name": "Anna"}}, {"prefix": "other"}, {"auto_id": "own-%s"}]
    ways += [{"data": {}}, {"data": {"colour": "r", "name": "<b>"}}, {"data": {"colour": "x"}}]
    quick = [[drawn(Sized(**way)[name]) for way in ways] for _ in range(2)]

    with unknown_django.unknown_release():
        plain = [drawn(Sized(**way)[name]) for way in ways]

    assert quick == [plain, plain]


def test_a_field_is_kept_as_it_is_drawn_but_never_what_was_typed():
    field = Sized({"colour": "r", "name": "Anna"})["name"].field
    shared_fields.SHARED[field].clear()

    for name in ("Anna", "", "Berta"):
        drawn(Sized({"colour": "r", "name": name, "size": "s"})["name"])
        drawn(Sized(initial={"name": name})["name"])

    (kept,) = shared_fields.SHARED[field].values()
    assert 'name="name"' in kept
    assert "value=" not in kept


def test_words_that_are_made_as_they_are_read_are_drawn_anew(monkeypatch):
    first = drawn(Sized()["name"])
    monkeypatch.setattr(Sized()["name"].field, "label", "Another name")

    assert drawn(Sized()["name"]) == first.replace("Name", "Another name")


def test_each_language_has_fields_and_drawings_of_its_own():
    here = drawn(Sized()["colour"])

    with translation.override("de"):
        elsewhere = Sized()["colour"].field
    assert elsewhere is not Sized()["colour"].field
    assert drawn(Sized()["colour"]) == here


def test_a_field_drawn_in_ever_new_ways_is_not_kept_without_end():
    for number in range(3 * shared_fields.DRAWINGS_KEPT):
        drawn(Sized(prefix=f"row-{number}")["name"])

    assert len(shared_fields.SHARED[Sized()["name"].field]) <= shared_fields.DRAWINGS_KEPT
