"""Forms of an episode of care: access, planned visits, certification; and the discharge."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from clinic.web.text_fields import TextField
from patients.models import Episode, Referral

MOST_VISITS = 500


class CountField(forms.IntegerField):
    """A whole number of visits."""

    def __init__(self, *, least: int, **kwargs):
        widget = forms.TextInput(attrs={"data-width": "3", "inputmode": "numeric"})
        super().__init__(required=False, widget=widget, **kwargs)
        self.least = least
        self.error_messages["invalid"] = gettext_lazy("Write a whole number, such as 6.")

    def validate(self, value):
        super().validate(value)
        if value is not None and not self.least <= value <= MOST_VISITS:
            raise ValidationError(
                _("Write a number from %(least)s to %(most)s.") % {"least": self.least, "most": MOST_VISITS},
                code="out-of-range",
            )


class EpisodeForm(StaffForm):
    access = forms.ChoiceField(
        label=gettext_lazy("How the patient came"),
        choices=Episode.Access.choices,
        widget=forms.RadioSelect(attrs={"data-look": "seg"}),
    )
    referral = forms.ModelChoiceField(
        label=gettext_lazy("Referral"),
        queryset=Referral.objects.none(),
        required=False,
        empty_label=gettext_lazy("None chosen"),
    )
    target_visits = CountField(label=gettext_lazy("Visits planned"), least=1)
    visits_before = CountField(
        label=gettext_lazy("Visits made before Filiform"),
        least=0,
        help_text=gettext_lazy("They count when visits are numbered."),
    )
    certified_until = DayField(label=gettext_lazy("Plan of care certified until"), required=False)
    needed = {"access": gettext_lazy("Choose how the patient came.")}

    def __init__(self, *args, patient, **kwargs):
        super().__init__(*args, **kwargs)
        referrals = patient.referrals.all()
        field = self.fields["referral"]
        field.queryset = referrals
        field.label_from_instance = _referral_label

    def clean_visits_before(self):
        return self.cleaned_data["visits_before"] or 0


class DischargeForm(StaffForm):
    summary = TextField(
        label=gettext_lazy("Summary at discharge"),
        help_text=gettext_lazy("What was reached, what the patient goes on with, when to come back"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    needed = {"summary": gettext_lazy("Write a summary. It closes this episode of care.")}


def _referral_label(referral: Referral) -> str:
    if not referral.expires_on:
        return f"{referral.by_whom}, {formats.day(referral.given_on)}"
    return _("%(by_whom)s, %(given)s, to %(last)s") % {
        "by_whom": referral.by_whom,
        "given": formats.day(referral.given_on),
        "last": formats.day(referral.expires_on),
    }
