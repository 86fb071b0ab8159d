"""Form fields of one text box for a date, a moment or a phone number, parsed when it is sent."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.rules import parsing
from clinic.web.text_fields import TextField


class ParsedField(TextField):
    """A text box that a subclass parses in `read(text)`; a refused text stays in the box."""

    width, keyboard = "8", ""

    def widget_attrs(self, widget):
        attrs = {**super().widget_attrs(widget), "autocomplete": "off", "data-width": self.width}
        return {**attrs, "inputmode": self.keyboard} if self.keyboard else attrs

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        # refuses NUL characters with their own message
        self.run_validators(text)
        try:
            return self.read(text)
        except parsing.Unreadable as refused:
            raise ValidationError(refused.message, code=refused.code) from refused

    def validate(self, value):
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def clean(self, value):
        value = self.to_python(value)
        self.validate(value)
        return value


class BirthDateField(ParsedField):
    """Gives a date. The page shows the parsed date beneath the box."""

    def __init__(self, **kwargs):
        defaults = {
            "label": "Date of birth",
            "help_text": "Month, day, year. For example 5/3/1984 or 3 May 84",
        }
        super().__init__(**{**defaults, **kwargs})

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "data-echo": "birth-date"}

    def read(self, text):
        return parsing.birth_date(text, today=timezone.localdate())

    def prepare_value(self, value):
        return f"{value.month}/{value.day}/{value.year}" if hasattr(value, "year") else value


class DayField(BirthDateField):
    """A date that may be in the future, such as the end of a referral."""

    def __init__(self, **kwargs):
        super().__init__(**{"label": None, "help_text": "Month, day, year. For example 5/3/2026", **kwargs})

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        return {name: value for name, value in attrs.items() if name != "data-echo"}

    def read(self, text):
        return parsing.date(text, today=timezone.localdate())


class MomentField(ParsedField):
    """Gives an instant, read in the current time zone."""

    width = "12"

    def __init__(self, **kwargs):
        help_text = "Day and time. For example 5/12 9:30, tomorrow 2 pm, or 9:30 for today"
        super().__init__(**{"label": "When", "help_text": help_text, **kwargs})

    def read(self, text):
        return parsing.moment(text, now=timezone.localtime())

    def prepare_value(self, value):
        if not hasattr(value, "hour"):
            return value
        local = timezone.localtime(value)
        return f"{local.month}/{local.day}/{local.year} {local.hour}:{local.minute:02}"


class PhoneField(ParsedField):
    """Gives the number as typed; it is stored together with `parsing.phone(typed).key`."""

    width, keyboard = "12", "tel"

    def __init__(self, **kwargs):
        super().__init__(**{"label": "Phone", "max_length": 40, **kwargs})

    def to_python(self, value):
        return super().to_python(value) or ""

    def validate(self, value):
        if not value and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def read(self, text):
        return parsing.phone(text).typed
