"""The form of a Medicare notice of non-coverage that was given."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField, MomentField
from clinic.web.text_fields import TextField
from patients.models import NonCoverageNotice
from patients.rules.notices import FORM

CHIPS = {"data-look": "chips"}


class NoticeForm(StaffForm):
    needed = {
        "kind": gettext_lazy("Choose if the notice was voluntary or mandatory."),
        "given_at": gettext_lazy("Enter when the patient had the notice in hand."),
        "for_on": gettext_lazy("Enter the day of the treatment."),
    }

    kind = forms.ChoiceField(
        label=gettext_lazy("Which notice?"),
        choices=NonCoverageNotice.Kind.choices,
        widget=forms.RadioSelect(attrs=CHIPS),
        help_text=gettext_lazy(
            "Medicare never pays a physical therapist for dry needling: a voluntary notice is enough, and "
            "needs no option and no signature. Original Medicare only; a Medicare Advantage plan has its own."
        ),
    )
    form_expires_on = DayField(
        label=format_lazy(gettext_lazy("Expiration date printed on form {form}"), form=FORM), required=False
    )
    items = TextField(
        label=gettext_lazy("What Medicare may not pay"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = TextField(
        label=gettext_lazy("Why Medicare may not pay"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    estimated_cost = forms.DecimalField(
        label=gettext_lazy("Estimated cost, in dollars"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"data-width": "8", "inputmode": "decimal", "autocomplete": "off"}),
    )
    given_at = MomentField(asks_half=True, label=gettext_lazy("Given, and signed, at"))
    is_signed = forms.BooleanField(
        label=gettext_lazy("The patient or a representative signed it"), required=False
    )
    option = forms.ChoiceField(
        label=gettext_lazy("What did the patient choose?"),
        required=False,
        choices=[("", gettext_lazy("Nothing chosen")), *NonCoverageNotice.Option.choices],
    )
    for_on = DayField(label=gettext_lazy("For the treatment on"))
    until_on = DayField(
        label=gettext_lazy("And until"),
        required=False,
        help_text=gettext_lazy(
            "Only for an episode of care, whose notice names its duration. Leave it empty for one treatment."
        ),
    )
