"""The form that opens a session."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.forms.base import StaffForm
from treatments.forms.session.typed_values import LimitedText
from treatments.models import NeedlingSession


class OpenForm(StaffForm):
    needed = {
        "conditions": gettext_lazy("Choose at least one condition that is treated today."),
        "access": gettext_lazy("Choose how the patient came."),
        "late_entry_reason": gettext_lazy("Say why the note is written late."),
        "not_needled": gettext_lazy("Choose why nobody is needled."),
        "consent_confirmed": gettext_lazy(
            "Ask the patient again, and confirm that they agree to dry needling today."
        ),
    }

    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Treated today"), widget=forms.CheckboxSelectMultiple
    )
    access = forms.ChoiceField(
        label=gettext_lazy("Access to treatment"),
        choices=NeedlingSession.Access.choices,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    referral = forms.ChoiceField(
        required=False, label=gettext_lazy("Referral"), widget=forms.RadioSelect(attrs={"data-look": "chips"})
    )
    supervisor = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Supervisor of this session"),
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    consent_confirmed = forms.BooleanField(
        label=gettext_lazy("I asked again: the patient agrees to dry needling today.")
    )

    late_entry_reason = LimitedText(
        required=True,
        label=gettext_lazy("Why is it written late?"),
        help_text=gettext_lazy("For example: power cut, called away, sick leave."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    not_needled = forms.ChoiceField(
        label=gettext_lazy("Why is nobody needled?"),
        choices=NeedlingSession.NotNeedled.choices,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    not_needled_detail = LimitedText(
        label=gettext_lazy("In a few words"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, data=None, *, conditions, referrals, supervisors=(), why_supervised="", late=False,
        needles=True, **kwargs,
    ):  # fmt: skip
        """`supervisors` are the people who may be named; without any the field is left out."""
        super().__init__(data, **kwargs)
        self._choose_fields(late=late, needles=needles)
        self.supervisors = {str(user.pk): user for user in supervisors}
        self.rows = {str(row.pk): row for row in conditions}
        self.referrals = {str(row.pk): row for row in referrals}
        self.fields["conditions"].choices = [(pk, row.label) for pk, row in self.rows.items()]
        self.fields["referral"].choices = [
            (pk, f"{row.by_whom}, {formats.day(row.given_on)}") for pk, row in self.referrals.items()
        ]
        self.fields["supervisor"].choices = [(pk, user.display_name) for pk, user in self.supervisors.items()]
        self.fields["supervisor"].help_text = why_supervised
        offered = {"referral": self.referrals, "supervisor": self.supervisors if needles else ()}
        for name in [name for name, rows in offered.items() if not rows]:
            del self.fields[name]

    def _choose_fields(self, *, late: bool, needles: bool) -> None:
        """A late entry says why, a visit without needles too; neither asks the patient again."""
        if late:
            self.fields["conditions"].label = _("Treated at that visit")
            self.fields["consent_confirmed"].label = _("The patient agreed to dry needling on that day.")
            self.fields["consent_confirmed"].required = False
        else:
            del self.fields["late_entry_reason"]
        if needles:
            del self.fields["not_needled"], self.fields["not_needled_detail"]
        else:
            del self.fields["consent_confirmed"]

    def clean(self):
        data = super().clean()
        if data.get("access") == NeedlingSession.Access.REFERRAL and not data.get("referral"):
            if self.referrals:
                self.add_error("referral", _("Choose the referral."))
            else:
                self.add_error("access", _("No referral is recorded. Record it first."))
        return data

    def chosen(self) -> dict:
        data = self.cleaned_data
        return {
            "conditions": [self.rows[pk] for pk in data["conditions"]],
            "access": data["access"],
            "referral": self.referrals.get(data.get("referral", "")),
            "supervisor": self.supervisors.get(data.get("supervisor", "")),
            "consent_confirmed": data.get("consent_confirmed", False),
            "not_needled": data.get("not_needled", ""),
            "not_needled_detail": data.get("not_needled_detail", ""),
            "late_entry_reason": data.get("late_entry_reason", ""),
        }
