"""The form baseline as a signed hidden input: what a form showed when it was opened."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.rules import form_baseline
from clinic.values.errors import OverwrittenFields


def pack(values: dict) -> str:
    """The value of a hidden input of the form, signed so that it cannot be forged."""
    return signing.dumps(
        {name: form_baseline.comparable_text(value) for name, value in values.items()},
        salt="clinic.seen",
        compress=True,
    )


def unpack(packed: str) -> dict[str, str]:
    """The baseline, or nothing when the input is missing or forged: then the stored values count."""
    try:
        return signing.loads(packed, salt="clinic.seen")
    except signing.BadSignature:
        return {}


MEANWHILE = gettext_lazy("Somebody changed this while you had it open.")


@dataclass(frozen=True)
class Difference:
    """A field that two people set, with both values as the form words them."""

    name: str
    label: str
    theirs: str
    mine: str


def differences(form, conflict: OverwrittenFields) -> list[Difference]:
    """The fields that the form would overwrite."""
    return [
        Difference(
            name, str(form[name].label), shown(form.fields[name], conflict.stored[name]), _typed(form, name)
        )
        for name in conflict.lost
        if name in form.fields
    ]


def typed(form) -> list[tuple[str, str]]:
    """(label, text) of each field that somebody filled in; a password is never shown again."""
    found = [(field.label, _typed(form, field.name)) for field in form.visible_fields() if _may_show(field)]
    return [(str(label), text) for label, text in found if text not in (_("empty"), _("No"))]


def rebased(packed: str, conflict: OverwrittenFields | None) -> str:
    """The baseline of a form that is shown again: what it would overwrite has been seen now."""
    if conflict is None:
        return packed
    return pack({**unpack(packed), **{name: conflict.stored[name] for name in conflict.lost}})


def take_theirs(form, data, stored: dict) -> None:
    """Give the fields that the button named the values that stand."""
    names = data.get("theirs", "").split()
    form.cleaned_data |= {name: stored[name] for name in names if name in stored}


def values(form) -> dict:
    """What each field of a form holds, bound or not; `pack` takes it as the baseline."""
    return {name: _value(form[name]) for name in form.fields}


def _value(bound: forms.BoundField):
    """As the field shows what it read, so that “930” and “9:30” are one value; unreadable text as typed."""
    value, field = bound.value(), bound.field
    if isinstance(field, forms.ChoiceField | forms.BooleanField):
        return value
    try:
        return field.prepare_value(field.to_python(value))
    except ValidationError:
        return value


def unread_differences(form, stored: dict) -> OverwrittenFields:
    """The conflict of a form that came without its baseline: every field that differs from what stands."""
    sent, text = values(form), form_baseline.comparable_text
    lost = [name for name in stored if text(sent[name]) != text(stored[name])]
    return OverwrittenFields(str(MEANWHILE), stored=stored, lost=lost)


def conflict_with(form, *, stored: dict, baseline: dict[str, str]) -> OverwrittenFields | None:
    """What a bound form would overwrite, if anything."""
    lost = form_baseline.overwritten_fields(stored, baseline, values(form))
    return OverwrittenFields(str(MEANWHILE), stored=stored, lost=lost) if lost else None


def on_top_of(form, *, stored: dict, baseline: dict[str, str]):
    """The posted data, with what stands now in fields that the form left alone, or that stay as they are."""
    data, sent, kept = form.data.copy(), values(form), form.data.get("theirs", "").split()
    for name, value in stored.items():
        if name in kept or form_baseline.comparable_text(sent[name]) == baseline.get(name):
            _put(data, name, value)
    return data


def _put(data, name: str, value) -> None:
    """A value as a browser sends it: a box that is not ticked is not sent."""
    if value is False:
        data.pop(name, None)
    else:
        data[name] = "on" if value is True else form_baseline.comparable_text(value)


def shown(field: forms.Field, value) -> str:
    """A value as the form's field words it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        return _labels(field, value) or _("empty")
    return str(field.prepare_value(value) or "") or _("empty")


def _labels(field: forms.ChoiceField, value) -> str:
    """The label of each choice; a row that is not offered any more by its own text."""
    labels = {str(key): str(label) for key, label in field.choices}
    values = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    found = [labels.get(form_baseline.comparable_text(each), str(each or "")) for each in values]
    return "; ".join(found)


def _may_show(field: forms.BoundField) -> bool:
    return not isinstance(field.field.widget, forms.PasswordInput)


def _typed(form, name: str) -> str:
    value = form.cleaned_data[name] if name in form.cleaned_data else form[name].value()
    return shown(form.fields[name], value)
