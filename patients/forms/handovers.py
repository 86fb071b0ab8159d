"""Forms of a hand-over: the choice of questions, and the sign-in that ends it; and unfinished input."""

from collections.abc import Iterable

from allauth.account.forms import LoginForm
from django import forms
from django.http import QueryDict

from clinic.forms.base import StaffForm
from clinic.models import MAX_TEXT
from patients.models import ScreeningItem

KINDS = [
    (ScreeningItem.Kind.INTAKE, "All health questions"),
    (ScreeningItem.Kind.VISIT, "Health update (each visit)"),
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
    """The staff sign-in without a link for forgotten passwords, which would leave the hand-over."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].error_messages["required"] = "Enter your user name."
        self.fields["password"].error_messages["required"] = "Enter your password."


def draft_values(data: QueryDict, fields: Iterable[str], *, lists: Iterable[str] = ()) -> dict:
    """What was typed, valid or not, without NUL characters and cut to a storable length."""
    list_names = set(lists)
    return {
        name: [_storable(value) for value in data.getlist(name)]
        if name in list_names
        else _storable(data.get(name, ""))
        for name in fields
    }


def _storable(text: str) -> str:
    return text.replace("\0", "")[: MAX_TEXT + 1]
