"""The forms of the sharps injury log."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import StaffForm
from clinic.forms.fields import MomentField
from clinic.web.text_fields import TextField
from treatments.forms.followups import chips
from treatments.models import SharpsInjury
from treatments.rules.sharps import NEEDED


class SharpsForm(StaffForm):
    """One injury. Who does not keep the log files their own."""

    injured = forms.ModelChoiceField(
        label=_("Who was injured?"),
        queryset=None,
        required=False,
        empty_label=_("Somebody without an account"),
    )
    injured_name = TextField(label=_("Their name, without an account"), required=False, max_length=120)
    occurred_at = MomentField(asks_half=True, label=_("When did it happen?"))
    location = forms.ModelChoiceField(label=_("Where?"), queryset=None, empty_label=None)
    area = TextField(
        label=_("Department or work area"),
        help_text=_("For example: treatment room 2, front desk"),
        max_length=120,
    )
    device_type = TextField(
        label=_("Type of device"),
        help_text=_("For example: dry needle 0.30 x 40 mm with guide tube, lancet"),
        max_length=120,
    )
    device_brand = TextField(
        label=_("Brand of the device"),
        help_text=_("As on the box. Write “not known” if it is"),
        max_length=120,
    )
    contaminated = chips(
        _("Had the device been used on a person?"), SharpsInjury.Contaminated.choices, required=True
    )
    how = TextField(
        label=_("How did it happen?"),
        help_text=_("Without names, of the patient too"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needed = {
        **NEEDED,
        "occurred_at": _("Write when it happened."),
        "contaminated": _("Choose whether it had been used on a person."),
    }

    def __init__(self, *args, user, keeps_log: bool, people, locations, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["location"].queryset = locations
        self.fields["injured"].queryset = people
        self.fields["injured"].label_from_instance = _person
        if not keeps_log:
            del self.fields["injured"], self.fields["injured_name"]

    @property
    def entry(self) -> dict:
        """The columns of the entry, from a valid form."""
        own = {"injured": self.user, "injured_name": ""}
        return {**own, **{name: value for name, value in self.cleaned_data.items() if name != "reason"}}


class SharpsCorrectionForm(SharpsForm):
    """The same with why it is corrected."""

    reason = TextField(label=_("Why is it corrected?"), widget=forms.Textarea(attrs={"rows": 2}))
    needed = {**SharpsForm.needed, "reason": _("Say why the entry is corrected.")}


def _person(user) -> str:
    return user.display_name
