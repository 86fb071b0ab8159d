"""How the session page asks its form for fields by what they are about."""

from django import template

from treatments.rules.session import sentences

register = template.Library()


@register.filter
def pains(form, when):
    """The scale of each condition with the field for why it was not asked."""
    asked = form.of(f"pain_{when}")
    reasons = form.of(f"not_asked_{when}")
    return [{"scale": scale, "why": why} for scale, why in zip(asked, reasons, strict=True)]


@register.filter
def of(form, field):
    return form.of(field)


@register.filter
def text_for(texts, name):
    """What was begun in the field of this name."""
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
    """The bare control with our class; its label and its errors stand where the page puts them."""
    css = "form-control is-invalid" if field.errors else "form-control"
    return field.as_widget(attrs={**field.field.widget.attrs, "class": css})


@register.filter
def sentence(site):
    """A site as it reads once it is kept."""
    return sentences.site_sentence(site)
