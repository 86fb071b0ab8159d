"""Forms of a legal hold and a disclosure."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from clinic.web.text_fields import TextField
from patients.forms.restrictions import reason_field
from patients.models import Disclosure


def _text_field(label: str, length: int, *, required: bool = True, help_text: str = "") -> TextField:
    attrs = {"data-width": "20", "autocomplete": "off"}
    return TextField(
        label=label,
        max_length=length,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
    )


class HoldForm(StaffForm):
    needed = {"reason": gettext_lazy("Say why, in a few words.")}

    reason = reason_field(gettext_lazy("Why"), gettext_lazy("For example: letter of a lawyer, May 23, 2026"))


class DisclosureForm(StaffForm):
    needed = {
        "given_on": gettext_lazy("Enter the day on which it was given."),
        "recipient": gettext_lazy("Write who received it."),
        "what": gettext_lazy("Write what was given."),
        "purpose": gettext_lazy("Choose what it was given for."),
        "way": gettext_lazy("Choose how it was given."),
    }

    given_on = DayField(label=gettext_lazy("Given on"))
    recipient = _text_field(
        gettext_lazy("To whom"),
        200,
        help_text=gettext_lazy("For example: the patient; Dr. Example, Sampletown"),
    )
    recipient_address = _text_field(gettext_lazy("Their address, if known"), 300, required=False)
    what = _text_field(
        gettext_lazy("What"), 1000, help_text=gettext_lazy("For example: notes of May 2026; the whole chart")
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for"), choices=[("", gettext_lazy("Choose")), *Disclosure.Purpose.choices]
    )
    purpose_words = _text_field(gettext_lazy("In a few words"), 1000, required=False)
    way = forms.ChoiceField(
        label=gettext_lazy("How"), choices=[("", gettext_lazy("Choose")), *Disclosure.Way.choices]
    )
    corrects = forms.ModelChoiceField(
        queryset=Disclosure.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": gettext_lazy("This entry is not one of this record that can be corrected.")
        },
    )

    def __init__(self, *args, correctable, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["corrects"].queryset = correctable

    def clean(self):
        values = super().clean()
        if values.get("purpose") == Disclosure.Purpose.OTHER and not values.get("purpose_words"):
            message = _("Say in a few words what it was given for.")
            self.add_error("purpose_words", forms.ValidationError(message, code="purpose"))
        return values
