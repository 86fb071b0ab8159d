"""The lists and inner rows of the administration."""

from django import template
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def in_words(text, cl):
    """The head of a column, as the administration calls it; that of the boxes to tick is HTML already."""
    return text if hasattr(text, "__html__") else cl.model_admin.head_words(str(text))


@register.simple_tag
def cells_of(result, headers, cl):
    """The cells of a row, each with the head of its column for a page that is too narrow for a table."""
    heads = [cl.model_admin.head_words(strip_tags(str(header["text"])).strip()) for header in headers]
    return [_labelled(cell, head) for cell, head in zip(result, heads, strict=False)]


def _labelled(cell: str, head: str) -> str:
    start, name, rest = cell.partition(" class=") if head else (cell, "", "")
    # a cell is HTML that Django has escaped
    return mark_safe(f'{start} data-l="{conditional_escape(head)}"{name}{rest}' if name else cell)


@register.filter
def rows_to_fill(inline):
    """The rows of a formset without the empty one that only a script could add."""
    return [row for row in inline if "__prefix__" not in row.form.prefix]


@register.filter
def row_words(row):
    """What a row inside a form is about."""
    return row.model_admin.words_of(row.original)
