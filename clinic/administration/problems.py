"""What to correct on a page of the administration, each with the id of the field that it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.forms import BaseForm


@dataclass(frozen=True)
class Problem:
    """`id` is that of the control, or of the place on the page where the words stand."""

    id: str
    text: str


def of_page(form: BaseForm, inlines: Iterable) -> list[Problem]:
    """Of the form and of the rows inside it, in reading order."""
    found = [*_of_form(form, place="content")]
    for inline in inlines:
        place = f"{inline.formset.prefix}-group"
        found += [Problem(place, text) for text in inline.formset.non_form_errors()]
        for row in inline.formset.forms:
            found += _of_form(row, place=place)
    return found


def _of_form(form: BaseForm, *, place: str) -> Iterator[Problem]:
    if not form.is_bound:
        return
    for text in form.non_field_errors():
        yield Problem(place, text)
    for field in form:
        for text in field.errors:
            yield Problem(_focus_id(field), f"{field.label}: {text}")


def _focus_id(field) -> str:
    """Of several boxes the first takes the focus."""
    return field.id_for_label or f"{field.auto_id}_0"
