"""The answer to a patient's request to amend the record."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import StaffForm
from clinic.web.text_fields import TextField


class AmendmentForm(StaffForm):
    """What becomes of a patient's request to amend."""

    ACCEPTED = "accepted"
    answer = forms.ChoiceField(
        label=_("What do you answer?"),
        choices=[(ACCEPTED, _("Accept it: amend the record")), ("denied", _("Deny it"))],
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    text = TextField(
        label=_("What is amended, or why is it denied?"),
        help_text=_(
            "For example: The pain began in March, not in May. A denial needs one of the reasons that "
            "45 CFR 164.526 lists."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    needed = {
        "answer": _("Choose whether the request is accepted or denied."),
        "text": _("Write what is amended, or why the request is denied."),
    }

    @property
    def decision(self) -> dict:
        """The arguments of the action, from a valid form."""
        accepted = self.cleaned_data["answer"] == self.ACCEPTED
        return {"accepted": accepted, "text": self.cleaned_data["text"]}
