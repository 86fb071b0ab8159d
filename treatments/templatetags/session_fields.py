"""Filters by which the session page finds the fields of its form."""

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from treatments.models.session.measured import Unit
from treatments.rules.session import sentences

register = template.Library()
# Of a muscle, by the needle that the therapist used last.
NEEDLES_KEPT = 8  # technical:


@register.filter
def pains(form, when):
    """The scale of each condition with the field for why it was not asked."""
    scales = form.of(f"pain_{when}")
    reasons = form.of(f"not_asked_{when}")
    return [{"scale": scale, "why": why} for scale, why in zip(scales, reasons, strict=True)]


@register.filter
def of(form, field):
    return form.of(field)


@register.filter
def advised(form, items):
    """The boxes of these pieces of advice."""
    return [form[f"advice-{item.code}"] for item in items]


@register.filter
def text_for(texts, name):
    """The unsaved text of the field of this name."""
    return (texts or {}).get(name, "")


@register.filter
def named(form, names):
    return [form[name] for name in names.split()]


@register.filter
def measures(form, pk):
    """The two values of one measured line."""
    return [form[f"measure_{when}-{pk}"] for when in ("before", "after")]


@register.filter
def control(field):
    """The control alone, with the CSS class of its state; the page places its label and errors."""
    css = "form-control is-invalid" if field.errors else "form-control"
    return field.as_widget(attrs={**field.field.widget.attrs, "class": css})


@register.filter
def sentence(site):
    """The sentence of a site."""
    return sentences.site_sentence(site)


@register.filter
def measured(row):
    """What a measured line measures, with how."""
    return sentences.measured(row)


@register.simple_tag
def muscle_options(rows) -> SafeString:
    """The muscles of the list; one without earlier sites is drawn once while its catalogue reads alike."""
    part = get_template("treatments/_muscle_option.html")
    # the template itself is another one where templates are drawn the plain way
    alike = part.template, get_language()
    return mark_safe("".join([_option(part, row, alike) for row in rows]))


def _option(part, row: dict, alike: tuple) -> str:
    if row["used"] or row["known"]:
        return part.render({"m": row}).strip()
    drawings, key = row["drawings"], (*alike, row["needle"], row["needle_from"])
    if key not in drawings:
        if len(drawings) >= NEEDLES_KEPT:
            del drawings[next(iter(drawings))]
        drawings[key] = part.render({"m": row}).strip()
    return drawings[key]


@register.filter
def unit(row):
    return sentences.label(Unit, row.unit)
