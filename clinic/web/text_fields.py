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


class LinesField(NormalisedText, forms.CharField):
    """A list of texts, one on each line."""

    widget = forms.Textarea

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        """A column of JSON names both; texts need neither."""
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return value if isinstance(value, str) else "\n".join(value or [])

    def to_python(self, value):
        lines = value if isinstance(value, list) else super().to_python(value).splitlines()
        return [line.strip() for line in lines if line.strip()]

    def run_validators(self, value):
        """Of each text: a list has no length in characters."""
        for line in value:
            super().run_validators(line)
