"""The forms of the alerts page: one each for allergies, medicines, related persons, coverage, referrals."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField, PhoneField
from clinic.web.text_fields import TextField
from patients.models import Coverage, RelatedPerson, StateDuty


def _text_field(label: str, length: int, width: str = "12", *, required: bool = False) -> TextField:
    attrs = {"data-width": width, "autocomplete": "off"}
    return TextField(label=label, required=required, max_length=length, widget=forms.TextInput(attrs=attrs))


class AllergyForm(StaffForm):
    needed = {"substance": gettext_lazy("Write what the patient is allergic to.")}

    substance = _text_field(gettext_lazy("Allergic to"), 120, required=True)
    reaction = _text_field(gettext_lazy("What happens"), 200)


class MedicationForm(StaffForm):
    needed = {
        "name": gettext_lazy("Enter the name of the medication."),
        "thins_blood": gettext_lazy("Choose if it is a blood thinner."),
    }

    name = _text_field(gettext_lazy("Medication"), 120, required=True)
    dose = _text_field(gettext_lazy("Dose"), 120)
    thins_blood = forms.TypedChoiceField(
        label=gettext_lazy("Is it a blood thinner?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        coerce="yes".__eq__,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )


class RelatedPersonForm(StaffForm):
    needed = {
        "kind": gettext_lazy("Choose guardian or emergency contact."),
        "name": gettext_lazy("Write the person's name."),
    }

    kind = forms.ChoiceField(
        label=gettext_lazy("Who is it?"),
        choices=RelatedPerson.Kind.choices,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    name = _text_field(gettext_lazy("Name"), 200, required=True)
    relationship = _text_field(gettext_lazy("Relationship"), 60)
    phone = PhoneField(required=False)


class CoverageForm(StaffForm):
    needed = {"kind": gettext_lazy("Choose who pays.")}

    kind = forms.ChoiceField(
        label=gettext_lazy("Who pays?"), choices=[("", gettext_lazy("Choose")), *Coverage.Kind.choices]
    )
    payer = _text_field(gettext_lazy("Name of the payer"), 120)
    member_id = _text_field(gettext_lazy("Member ID"), 60)


class StateDutyForm(StaffForm):
    needed = {
        "kind": gettext_lazy("Choose what was done."),
        "done_on": gettext_lazy("Enter the day on which it was done."),
    }

    kind = forms.ChoiceField(
        label=gettext_lazy("What was done?"),
        choices=[("", gettext_lazy("Choose")), *StateDuty.Kind.choices],
    )
    done_on = DayField(label=gettext_lazy("On"))
    detail = _text_field(gettext_lazy("Whom and how; for an improvement, which"), 300, "20")

    def clean(self):
        values = super().clean()
        if (done := values.get("done_on")) and done > timezone.localdate():
            message = _("This day has not come yet. Enter the day on which it was done.")
            self.add_error("done_on", forms.ValidationError(message, code="ahead"))
        if values.get("kind") == StateDuty.Kind.IMPROVEMENT and not values.get("detail", "").strip():
            message = _("Say what improved, and how it was measured.")
            self.add_error("detail", forms.ValidationError(message, code="improvement"))
        return values


class ReferralForm(StaffForm):
    needed = {
        "by_whom": gettext_lazy("Write who sent the patient."),
        "given_on": gettext_lazy("Enter the date of the referral."),
    }

    by_whom = _text_field(gettext_lazy("Sent by"), 200, "20", required=True)
    profession = _text_field(gettext_lazy("Profession"), 60)
    diagnosis = _text_field(gettext_lazy("Diagnosis on the referral"), 300, "20")
    given_on = DayField(label=gettext_lazy("Dated"))
    expires_on = DayField(label=gettext_lazy("Ends on"), required=False)
    is_written = forms.BooleanField(label=gettext_lazy("It is in writing"), required=False, initial=True)
    for_dry_needling = forms.BooleanField(label=gettext_lazy("It names dry needling"), required=False)

    def clean(self):
        values = super().clean()
        given, ends = values.get("given_on"), values.get("expires_on")
        if given and ends and ends < given:
            self.add_error(
                "expires_on", forms.ValidationError(_("This day is before the referral."), code="ends")
            )
        return values
