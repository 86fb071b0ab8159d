"""A field of a form as a part of a page: one that looks alike on every page is drawn once."""

from collections.abc import Callable

from django.forms import BoundField
from django.template.loader import get_template
from django.utils.safestring import SafeString

from clinic.django_internals import shared_fields


def drawn(field: BoundField, part: str, draw: Callable[[], str] | None = None) -> SafeString:
    """The field by a part that needs nothing else, or as `draw` writes it by that part."""
    template = get_template(part)
    # by the template itself: it is another one where templates are drawn the plain way
    return shared_fields.drawing(
        field, draw or (lambda: template.render({"field": field})), template.template
    )
