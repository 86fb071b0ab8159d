"""The small forms of the alerts page: one per kind of thing that stands beside a patient."""

from django import forms

from clinic.forms.base import StaffForm
from clinic.forms.fields import BirthDateField, DayField, PhoneField
from patients.models import Coverage, RelatedPerson


def _text(label: str, length: int, width: str = "12", *, required: bool = False) -> forms.CharField:
    attrs = {"data-width": width, "autocomplete": "off"}
    return forms.CharField(
        label=label, required=required, max_length=length, widget=forms.TextInput(attrs=attrs)
    )


class AllergyForm(StaffForm):
    needed = {"substance": "Write what the patient is allergic to."}

    substance = _text("Allergic to", 120, required=True)
    reaction = _text("What happens", 200)


class MedicationForm(StaffForm):
    needed = {"name": "Write the name of the medicine.", "thins_blood": "Choose whether it thins the blood."}

    name = _text("Medicine", 120, required=True)
    dose = _text("Dose", 120)
    thins_blood = forms.TypedChoiceField(
        label="Does it thin the blood?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce="yes".__eq__,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )


class RelatedPersonForm(StaffForm):
    needed = {"kind": "Choose guardian or emergency contact.", "name": "Write the person's name."}

    kind = forms.ChoiceField(
        label="Who is it?",
        choices=RelatedPerson.Kind.choices,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    name = _text("Name", 200, required=True)
    relationship = _text("Relationship", 60)
    phone = PhoneField(required=False)


class NoticeForm(StaffForm):
    notice = forms.ChoiceField(label="Notice of non-coverage", choices=Coverage.Notice.choices)
    notice_signed_on = BirthDateField(label="Signed on", required=False, help_text="Month, day, year")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["notice_signed_on"].widget.attrs.pop("data-echo")


class CoverageForm(NoticeForm):
    needed = {"kind": "Choose who pays."}

    kind = forms.ChoiceField(label="Who pays?", choices=[("", "Choose"), *Coverage.Kind.choices])
    payer = _text("Name of the payer", 120)
    member_id = _text("Member number", 60)

    field_order = ["kind", "payer", "member_id", "notice", "notice_signed_on"]


class ReferralForm(StaffForm):
    needed = {"by_whom": "Write who sent the patient.", "given_on": "Enter the date of the referral."}

    by_whom = _text("Sent by", 200, "20", required=True)
    profession = _text("Profession", 60)
    diagnosis = _text("Diagnosis on the referral", 300, "20")
    given_on = DayField(label="Dated")
    expires_on = DayField(label="Ends on", required=False)
    is_written = forms.BooleanField(label="It is in writing", required=False, initial=True)
    for_dry_needling = forms.BooleanField(label="It names dry needling", required=False)

    def clean(self):
        values = super().clean()
        given, ends = values.get("given_on"), values.get("expires_on")
        if given and ends and ends < given:
            self.add_error(
                "expires_on", forms.ValidationError("This day is before the referral.", code="ends")
            )
        return values
