"""Form fields of text, for every form of the product, the sign-in and the administration."""

from django import forms

from clinic.rules import texts


class NormalisedText:
    """Reads what can be seen of a text: one of invisible characters only is empty."""

    def to_python(self, value):
        return super().to_python(texts.normalised(value) if isinstance(value, str) else value)


class TextField(NormalisedText, forms.CharField):
    """Every text that is stored: a reason, a note, a name."""


class EmailField(NormalisedText, forms.EmailField):
    pass


class JsonField(forms.JSONField):
    """A list or a table of texts, as the administration shows it."""

    def to_python(self, value):
        return texts.normalised_parts(super().to_python(value))
