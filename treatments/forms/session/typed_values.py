"""Fields of the session page that accept several ways of typing, with messages of their own."""

import datetime as dt
import re
from decimal import Decimal

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import formats
from clinic.models.base import MAX_TEXT
from clinic.rules import parsing
from clinic.web.text_fields import TextField
from treatments.rules.sites.needle_times import LONGEST_SESSION


class LimitedText(TextField):
    """Text with a limit and a message of its own; what was typed is never cut off."""

    def __init__(self, *, limit: int = MAX_TEXT, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.limit = limit
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]

    def validate(self, value):
        super().validate(value)
        if "\x00" in value:
            raise forms.ValidationError(
                _("There is a character that cannot be kept. Type the text again."), code="nul"
            )
        if len(value) > self.limit:
            found, most = formats.whole(len(value)), formats.whole(self.limit)
            message = _(
                "That is %(found)s characters; %(most)s is the most that can be kept. Shorten it."
            ) % {"found": found, "most": most}
            raise forms.ValidationError(message, code="too-long")


class WholeNumber(forms.Field):
    """A whole number in a text box, with its bounds in the message."""

    def __init__(self, *, low: int, high: int, unit: str = "", **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "data-width": "2"}))
        super().__init__(**kwargs)
        self.low, self.high, self.unit = low, high, unit

    def to_python(self, value):
        text = str(value or "").strip() if value != 0 else "0"
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII) or not self.low <= int(text) <= self.high:
            raise forms.ValidationError(self._wanted(), code="number")
        return int(text)

    def _wanted(self) -> str:
        bounds = {"low": formats.whole(self.low), "high": formats.whole(self.high), "unit": self.unit}
        if not self.unit:
            return _("Enter a whole number from %(low)s to %(high)s.") % bounds
        return _("Enter a whole number from %(low)s to %(high)s %(unit)s.") % bounds


class MeasuredNumber(forms.DecimalField):
    """A measured value with a fraction; a comma counts as a point."""

    def __init__(self, *, low, high, places: int = 2, **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "data-width": "4"}))
        super().__init__(max_digits=6, decimal_places=places, **kwargs)
        self.low, self.high = Decimal(str(low)), Decimal(str(high))

    def to_python(self, value):
        try:
            number = super().to_python(str(value).replace(",", ".") if value not in (None, "") else value)
            self.run_validators(number)
        except forms.ValidationError:
            raise self._refusal() from None
        if number is not None and not self.low <= number <= self.high:
            raise self._refusal()
        return number

    def _refusal(self):
        return forms.ValidationError(
            _("Enter a number from %(low)s to %(high)s.") % {"low": self.low, "high": self.high},
            code="number",
        )


class TimeOfDay(TextField):
    """“9:12”, “0912”, “9:12 pm” on a given day, as an instant.

    With `after`, a time shortly past the midnight behind it belongs to the next day, and “2:20” after 1:53 PM
    is in the afternoon.
    """

    def __init__(self, *, on: dt.date, after: dt.datetime | None = None, **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"data-width": "4", "inputmode": "numeric"}))
        super().__init__(**kwargs)
        self.on, self.after = on, after

    def clean(self, value):
        text = self.to_python(value)
        if not text:
            return None
        try:
            at = parsing.time_of_day(text)
        except parsing.Unreadable as refused:
            sentence = _("Enter a time such as %(examples)s.") % {"examples": parsing.clock_examples()}
            raise forms.ValidationError(sentence, code="time") from refused
        moment = timezone.make_aware(dt.datetime.combine(self.on, at))
        if self.after is None or moment >= self.after:
            return moment
        other_half = [at.replace(hour=(at.hour + 12) % 24)] if parsing.leaves_half_open(text) else []
        return self._soon_after([at, *other_half]) or moment

    def _soon_after(self, times: list[dt.time]) -> dt.datetime | None:
        """The first of them on this day or the next that ends a session which began at `after`."""
        days = (self.on, self.on + dt.timedelta(days=1))
        moments = sorted(timezone.make_aware(dt.datetime.combine(day, at)) for day in days for at in times)
        lasts = ((moment, moment - self.after) for moment in moments)
        return next((moment for moment, long in lasts if dt.timedelta(0) <= long <= LONGEST_SESSION), None)

    def prepare_value(self, value):
        return formats.clock(value) if isinstance(value, dt.datetime) else value
