"""Form fields of one text box for a date, a moment, a phone number or a list, parsed when it is sent."""

import datetime as dt
from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.rules import parsing, practice
from clinic.web.text_fields import TextField

# own choice: before this hour nobody is treated, unless somebody writes that it is in the morning
EARLIEST_HOUR = 7


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


class DayField(ParsedField):
    """Gives a date, which may be in the future, such as the end of a referral."""

    def __init__(self, **kwargs):
        example = formats.of_country("DAY_EXAMPLE")
        order = formats.of_country("ORDER_WORDS")
        help_text = format_lazy(gettext_lazy("{order} For example {example}"), order=order, example=example)
        super().__init__(**{"label": None, "help_text": help_text, **kwargs})

    def read(self, text):
        return parsing.date(text, today=timezone.localdate())

    def prepare_value(self, value):
        return formats.typed_day(value) if isinstance(value, dt.date) else value


class BirthDateField(DayField):
    """A date in the past. The page shows the parsed date beneath the box."""

    def __init__(self, **kwargs):
        digits, words = (formats.of_country(f"{name}_EXAMPLE") for name in ("BIRTH_DATE", "WORDED_DAY"))
        help_text = format_lazy(
            gettext_lazy("{order} For example {digits} or {words}"),
            order=formats.of_country("ORDER_WORDS"),
            digits=digits,
            words=words,
        )
        super().__init__(**{"label": gettext_lazy("Date of birth"), "help_text": help_text, **kwargs})

    def widget_attrs(self, widget):
        order, pattern = formats.of_country("TYPED_ORDER"), formats.of_country("SPOKEN_DATE_FORMAT")
        read_back = {"data-echo": "birth-date", "data-order": " ".join(order), "data-pattern": pattern}
        return {**super().widget_attrs(widget), **read_back}

    def read(self, text):
        return parsing.birth_date(text, today=timezone.localdate())


class MomentField(ParsedField):
    """Gives an instant, read in the current time zone.

    `asks_half` refuses “3:15”: rather the afternoon is meant than the night.
    """

    width = "12"

    def __init__(self, *, asks_half=False, **kwargs):
        self.asks_half = asks_half
        help_text = format_lazy(
            gettext_lazy("Day and time. For example {examples}, or {clock} for today"),
            examples=lazy(parsing.moment_examples, str)(),
            clock=formats.of_country("CLOCK_EXAMPLE"),
        )
        super().__init__(**{"label": gettext_lazy("When"), "help_text": help_text, **kwargs})

    def read(self, text):
        at = parsing.moment(text, now=timezone.localtime())
        clock = text.split()[-1]
        if self.asks_half and 0 < at.hour < EARLIEST_HOUR and parsing.leaves_half_open(clock):
            said = _("Is %(time)s in the morning or in the afternoon? Write %(time)s AM or %(time)s PM.")
            raise parsing.Unreadable(said % {"time": clock}, "half-open")
        return at

    def prepare_value(self, value):
        return formats.typed_moment(value) if isinstance(value, dt.datetime) else value


class HoursField(ParsedField):
    """Gives the hours of a day as they are stored, “08:00-20:00”; the page shows “8:00 AM to 8:00 PM”."""

    width = "12"

    def __init__(self, **kwargs):
        example = formats.of_country("HOURS_EXAMPLE")
        help_text = format_lazy(gettext_lazy("For example {example}"), example=example)
        # the column holds fewer letters than people type
        super().__init__(**{"help_text": help_text, **kwargs, "max_length": 40})

    def read(self, text):
        return "-".join(time.isoformat("minutes") for time in parsing.hours(text))

    def prepare_value(self, value):
        try:
            return " to ".join(formats.clock(time) for time in parsing.hours(value or ""))
        except parsing.Unreadable:
            return value


class ListField(ParsedField):
    """Gives a list as it is stored, with commas between; the page shows it with spaces too."""

    width = ""
    reads: Callable[[str], str]

    def read(self, text):
        return self.reads(text)

    def prepare_value(self, value):
        """What was refused stays as it was typed."""
        try:
            return ", ".join(self.reads(value).split(","))
        except (AttributeError, parsing.Unreadable):
            return value


class FollowupHoursField(ListField):
    """“24, 72”, also typed with semicolons."""

    reads = staticmethod(practice.followup_hours)


class NeedleSizesField(ListField):
    """“0.25x30, 0.30x40”, also typed with semicolons or a multiplication sign."""

    reads = staticmethod(practice.needle_sizes)


class ClosedDaysField(ParsedField):
    """Gives days as they are stored, “2026-12-24,2026-12-28”; the page shows one to a line."""

    width, widget = "12", forms.Textarea

    def __init__(self, **kwargs):
        example = formats.of_country("DAY_EXAMPLE")
        words = gettext_lazy("One to a line, such as {example}. Booking on one of them asks first.")
        super().__init__(**{"help_text": format_lazy(words, example=example), **kwargs, "max_length": 2000})

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "rows": "5"}

    def to_python(self, value):
        """No day is an empty list, which the column holds."""
        return super().to_python(value) or ""

    def read(self, text):
        return practice.closed_days(text, today=timezone.localdate())

    def prepare_value(self, value):
        """What was refused stays as it was typed."""
        try:
            return "\n".join(formats.typed_day(dt.date.fromisoformat(day)) for day in value.split(","))
        except (AttributeError, ValueError):
            return value


class EmergencyNumberField(ParsedField):
    width, keyboard = "8", "tel"

    def read(self, text):
        return practice.emergency_number(text)


class PhoneField(ParsedField):
    """Gives the number as typed; it is stored together with `parsing.phone(typed).key`."""

    width, keyboard = "12", "tel"

    def __init__(self, **kwargs):
        super().__init__(**{"label": gettext_lazy("Phone"), "max_length": 40, **kwargs})

    def to_python(self, value):
        return super().to_python(value) or ""

    def validate(self, value):
        if not value and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def read(self, text):
        return parsing.phone(text).typed
