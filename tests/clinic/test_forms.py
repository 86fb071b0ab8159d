"""Forms that are only displayed share their fields, and nothing leaks from one form to another."""

from django import forms

from clinic.forms.base import StaffForm


class Sized(StaffForm):
    own = frozenset({"size"})
    needed = {"size": "Choose a size."}

    size = forms.ChoiceField()
    name = forms.CharField(max_length=5)

    def __init__(self, data=None, *, sizes, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["size"].choices = sizes


SMALL, LARGE = [("s", "Small")], [("l", "Large")]


def test_one_that_is_only_read_copies_what_it_changes_and_nothing_else():
    one, other = (Sized({}, sizes=SMALL, only_read=True) for _ in range(2))

    assert one.fields["name"] is other.fields["name"]
    assert one.fields["size"] is not other.fields["size"]


def test_what_one_offers_no_other_does():
    Sized({"size": "s", "name": "A"}, sizes=SMALL, only_read=True).is_valid()

    form = Sized({"size": "s", "name": "A"}, sizes=LARGE, only_read=True)

    assert form.errors["size"] == ["That choice is not offered any more. Choose one from the list."]


def test_both_kinds_say_the_same_words():
    for data in ({}, {"size": "x", "name": "too long"}, {"size": "s", "name": "a\x00b"}):
        read, shown = (Sized(data, sizes=SMALL, only_read=only).errors for only in (True, False))
        assert read
        assert read == shown


def test_one_that_is_shown_changes_its_own_fields_alone():
    shown = Sized({}, sizes=SMALL)
    shown.fields["name"].widget.attrs["class"] = "is-invalid"

    assert "class" not in Sized({}, sizes=SMALL, only_read=True).fields["name"].widget.attrs
    assert "class" not in Sized({}, sizes=SMALL).fields["name"].widget.attrs
