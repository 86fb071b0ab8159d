"""The form that opens a session."""

from django import forms

from clinic.forms.base import StaffForm
from treatments.models import NeedlingSession


class OpenForm(StaffForm):
    needed = {
        "conditions": "Choose at least one condition that is treated today.",
        "access": "Choose how the patient came.",
        "consent_confirmed": "Ask the patient again, and confirm that they agree to dry needling today.",
    }

    conditions = forms.MultipleChoiceField(label="Treated today", widget=forms.CheckboxSelectMultiple)
    access = forms.ChoiceField(
        label="The patient comes by",
        choices=NeedlingSession.Access.choices,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    referral = forms.ChoiceField(
        required=False, label="Referral", widget=forms.RadioSelect(attrs={"data-look": "chips"})
    )
    supervisor = forms.ChoiceField(
        required=False,
        label="Supervisor of this session",
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    consent_confirmed = forms.BooleanField(label="I asked again: the patient agrees to dry needling today.")

    def __init__(self, data=None, *, conditions, referrals, supervisors=(), why_supervised="", **kwargs):
        """`supervisors` are the people who may be named; without any the field is left out."""
        super().__init__(data, **kwargs)
        self.supervisors = {str(user.pk): user for user in supervisors}
        self.rows = {str(row.pk): row for row in conditions}
        self.referrals = {str(row.pk): row for row in referrals}
        self.fields["conditions"].choices = [(pk, row.label) for pk, row in self.rows.items()]
        self.fields["referral"].choices = [
            (pk, f"{row.by_whom}, {row.given_on:%-d %b %Y}") for pk, row in self.referrals.items()
        ]
        self.fields["supervisor"].choices = [(pk, user.display_name) for pk, user in self.supervisors.items()]
        self.fields["supervisor"].help_text = why_supervised
        for name, offered in (("referral", self.referrals), ("supervisor", self.supervisors)):
            if not offered:
                del self.fields[name]

    def clean(self):
        data = super().clean()
        if data.get("access") == NeedlingSession.Access.REFERRAL and not data.get("referral"):
            if self.referrals:
                self.add_error("referral", "Choose the referral.")
            else:
                self.add_error("access", "No referral is recorded. Record it first.")
        return data

    def chosen(self) -> dict:
        data = self.cleaned_data
        return {
            "conditions": [self.rows[pk] for pk in data["conditions"]],
            "access": data["access"],
            "referral": self.referrals.get(data.get("referral", "")),
            "supervisor": self.supervisors.get(data.get("supervisor", "")),
            "consent_confirmed": data["consent_confirmed"],
        }
