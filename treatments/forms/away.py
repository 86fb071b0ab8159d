"""Who is away, when, and who takes over."""

from django import forms
from django.utils import timezone

from clinic.fields import DayField
from clinic.forms import StaffForm
from clinic.models import Role, User


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.display_name


class AwayForm(StaffForm):
    needed = {
        "away": "Choose who is away.",
        "to": "Choose who takes over.",
        "first": "Enter the first day, such as 5/12 or today.",
        "last": "Enter the last day, such as 5/12 or today.",
    }

    away = PersonChoice(label="Who is away?", queryset=User.objects.none(), empty_label="Choose")
    first = DayField(label="From")
    last = DayField(label="Until and including")
    to = PersonChoice(label="Who takes over?", queryset=User.objects.none(), empty_label="Choose")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.holding(Role.THERAPIST, on=timezone.localdate())
        self.fields["away"].queryset = self.fields["to"].queryset = people

    def clean(self):
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", forms.ValidationError("The last day is before the first one.", code="ends-before"))
        if values.get("away") and values.get("away") == values.get("to"):
            self.add_error("to", forms.ValidationError("Choose somebody else to take over.", code="same-person"))
        return values
