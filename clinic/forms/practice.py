"""Hours with closed days, and needles in stock: each a form of its own on the way from nothing."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.forms import fields
from clinic.forms.base import StaffForm
from clinic.models.limits import PRACTICE

SHORTEST_VISIT, LONGEST_VISIT = PRACTICE["visit_minutes"]


class HoursForm(StaffForm):
    followup_open_hours = fields.HoursField(
        label=gettext_lazy("Patients may be called"),
        help_text=format_lazy(
            gettext_lazy("No call is due outside of them. For example {example}"),
            example=formats.of_country("HOURS_EXAMPLE"),
        ),
    )
    visit_minutes = forms.IntegerField(
        label=gettext_lazy("Length of a visit (minutes)"),
        min_value=SHORTEST_VISIT,
        max_value=LONGEST_VISIT,
        help_text=gettext_lazy("What a new booking offers; each can be changed."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4"}),
        error_messages={
            "invalid": gettext_lazy("Write the minutes in digits, such as 30."),
            "min_value": gettext_lazy("A visit lasts %(limit_value)s minutes at least."),
            "max_value": gettext_lazy("A visit lasts %(limit_value)s minutes at most."),
        },
    )
    closed_days = fields.ClosedDaysField(label=gettext_lazy("Days on which you are closed"), required=False)


class NeedlesForm(StaffForm):
    needed = {"needle_stock": gettext_lazy("Write the needles that you have, such as 0.25x30, 0.30x40.")}

    needle_stock = fields.NeedleSizesField(
        label=gettext_lazy("Needles in stock"),
        max_length=300,
        help_text=gettext_lazy(
            "Gauge x length in mm with commas between, such as 0.25x30, 0.30x40. A session offers them."
        ),
    )
    ask_lot_numbers = forms.BooleanField(
        label=gettext_lazy("Ask for brand, lot and last day of use at each site"), required=False
    )
