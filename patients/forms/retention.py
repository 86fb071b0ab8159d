"""Forms of a legal hold and a disclosure."""

from django import forms

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
    needed = {"reason": "Say why, in a few words."}

    reason = reason_field("Why", "For example: letter of a lawyer, May 23, 2026")


class DisclosureForm(StaffForm):
    needed = {
        "given_on": "Enter the day on which it was given.",
        "recipient": "Write who received it.",
        "what": "Write what was given.",
        "purpose": "Choose what it was given for.",
        "way": "Choose how it was given.",
    }

    given_on = DayField(label="Given on")
    recipient = _text_field("To whom", 200, help_text="For example: the patient; Dr. Example, Sampletown")
    recipient_address = _text_field("Their address, if known", 300, required=False)
    what = _text_field("What", 1000, help_text="For example: notes of May 2026; the whole chart")
    purpose = forms.ChoiceField(label="What for", choices=[("", "Choose"), *Disclosure.Purpose.choices])
    purpose_words = _text_field("In a few words", 1000, required=False)
    way = forms.ChoiceField(label="How", choices=[("", "Choose"), *Disclosure.Way.choices])
    corrects = forms.ModelChoiceField(
        queryset=Disclosure.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "This entry is not one of this record that can be corrected."},
    )

    def __init__(self, *args, correctable, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["corrects"].queryset = correctable

    def clean(self):
        values = super().clean()
        if values.get("purpose") == Disclosure.Purpose.OTHER and not values.get("purpose_words"):
            message = "Say in a few words what it was given for."
            self.add_error("purpose_words", forms.ValidationError(message, code="purpose"))
        return values
