"""crispy's filters; a field that looks alike on every page is drawn once."""

from functools import partial

from crispy_forms.templatetags import crispy_forms_filters
from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from clinic.web import drawn_fields

register = template.Library()
for name, write in crispy_forms_filters.register.filters.items():
    register.filter(name, write)


@register.filter
def as_crispy_field(field, *look) -> SafeString:
    draw = partial(crispy_forms_filters.as_crispy_field, field, *look)
    # anything else has no template of its own, and crispy says so
    if look or not isinstance(field, BoundField):
        return draw()
    return drawn_fields.drawn(field, "bootstrap5/field.html", draw)


@register.filter
def chips(field: BoundField) -> SafeString:
    """The chips of a field without a frame of their own."""
    return drawn_fields.drawn(field, "components/_chips.html")


@register.filter
def drawn_by(field: BoundField, part: str) -> SafeString:
    """A field by a part that needs nothing else."""
    return drawn_fields.drawn(field, part)
