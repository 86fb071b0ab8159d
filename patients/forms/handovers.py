"""Forms of the hand-over: choosing the health questions, unfinished answers, and taking the tablet back."""

from collections.abc import Iterable

from allauth.account.forms import LoginForm
from django import forms
from django.http import QueryDict

from clinic.forms.base import StaffForm
from clinic.models import MAX_TEXT
from patients.models import ScreeningItem

KINDS = [
    (ScreeningItem.Kind.INTAKE, "All health questions"),
    (ScreeningItem.Kind.VISIT, "Has anything changed? (each visit)"),
]


class QuestionKindForm(StaffForm):
    needed = {"kind": "Choose which questions to ask."}
    kind = forms.ChoiceField(
        label="Which questions?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose which questions to ask."},
    )


class TabletReturnForm(LoginForm):
    """The staff sign-in without its way to a forgotten password: that way leads out of the hand-over."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].error_messages["required"] = "Enter your user name."
        self.fields["password"].error_messages["required"] = "Enter your password."


def draft_values(data: QueryDict, fields: Iterable[str], *, lists: Iterable[str] = ()) -> dict:
    """What was typed, good or not, in values that every database keeps: no NUL, no novel."""
    many = set(lists)
    return {
        name: [_plain(value) for value in data.getlist(name)] if name in many else _plain(data.get(name, ""))
        for name in fields
    }


def _plain(text: str) -> str:
    return text.replace("\0", "")[: MAX_TEXT + 1]
