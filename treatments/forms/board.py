"""Who is away, when, and who takes over."""

from django import forms
from django.utils import timezone

from clinic import formats
from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from clinic.models import Role, User

NEAR = formats.of_country("NEAR_DAY_EXAMPLE")


class AbsenceForm(StaffForm):
    needed = {
        "away": "Choose who is away.",
        "to": "Choose who takes over.",
        "first": f"Enter the first day, such as {NEAR} or today.",
        "last": f"Enter the last day, such as {NEAR} or today.",
    }

    away = forms.ChoiceField(label="Who is away?")
    first = DayField(label="From")
    last = DayField(label="Until and including")
    to = forms.ChoiceField(label="Who takes over?")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # one query for both lists
        people = User.objects.holding(Role.THERAPIST, on=timezone.localdate())
        self.people = {str(person.pk): person for person in people}
        choices = [("", "Choose"), *((pk, person.display_name) for pk, person in self.people.items())]
        self.fields["away"].choices = self.fields["to"].choices = choices

    def clean_away(self):
        return self.people[self.cleaned_data["away"]]

    def clean_to(self):
        return self.people[self.cleaned_data["to"]]

    def clean(self):
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error(
                "last", forms.ValidationError("The last day is before the first one.", code="ends-before")
            )
        if values.get("away") and values.get("away") == values.get("to"):
            self.add_error(
                "to", forms.ValidationError("Choose somebody else to take over.", code="same-person")
            )
        return values
