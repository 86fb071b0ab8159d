"""What the patient is asked on the tablet."""

from django import forms

from clinic.forms.base import StaffForm
from patients.models import ScreeningItem

KINDS = [
    (ScreeningItem.Kind.INTAKE, "All health questions"),
    (ScreeningItem.Kind.VISIT, "Has anything changed? (each visit)"),
]


class KindForm(StaffForm):
    needed = {"kind": "Choose which questions to ask."}
    kind = forms.ChoiceField(
        label="Which questions?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose which questions to ask."},
    )
