"""Filters by which the session page finds the fields of its form."""

from django import template

from treatments.rules.session import sentences

register = template.Library()


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
