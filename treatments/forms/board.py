"""Who is away, when, and who takes over."""

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from clinic.models import Role, User

NEAR = formats.of_country("NEAR_DAY_EXAMPLE")


class AbsenceForm(StaffForm):
    needed = {
        "away": gettext_lazy("Choose who is away."),
        "to": gettext_lazy("Choose who takes over."),
        "first": format_lazy(gettext_lazy("Enter the first day, such as {day} or today."), day=NEAR),
        "last": format_lazy(gettext_lazy("Enter the last day, such as {day} or today."), day=NEAR),
    }

    away = forms.ChoiceField(label=gettext_lazy("Who is away?"))
    first = DayField(label=gettext_lazy("From"))
    last = DayField(label=gettext_lazy("Until and including"))
    to = forms.ChoiceField(label=gettext_lazy("Who takes over?"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # one query for both lists
        people = User.objects.holding(Role.THERAPIST, on=timezone.localdate())
        self.people = {str(person.pk): person for person in people}
        choices = [("", _("Choose")), *((pk, person.display_name) for pk, person in self.people.items())]
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
                "last", forms.ValidationError(_("The last day is before the first one."), code="ends-before")
            )
        if values.get("away") and values.get("away") == values.get("to"):
            self.add_error(
                "to", forms.ValidationError(_("Choose somebody else to take over."), code="same-person")
            )
        return values
