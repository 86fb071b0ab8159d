"""The form that confirms copied values, each by its own box."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import StaffForm


class ConfirmForm(StaffForm):
    needed = {"values": _("Tick what is true of this patient.")}

    values = forms.MultipleChoiceField(label=_("Copied, not confirmed"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, copies, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(str(copy.version), f"{copy.label}: {copy.text}") for copy in copies]
        self.fields["values"].choices = choices

    @property
    def versions(self) -> list[int]:
        return [int(version) for version in self.cleaned_data["values"]]
