"""Forms of a hand-over: the choice of questions, and the sign-in that ends it; and unfinished input."""

from collections.abc import Iterable

from allauth.account.forms import LoginForm
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.models import MAX_TEXT
from patients.models import ScreeningItem

KINDS = [
    (ScreeningItem.Kind.INTAKE, gettext_lazy("All health questions")),
    (ScreeningItem.Kind.VISIT, gettext_lazy("Health update (each visit)")),
]


class QuestionKindForm(StaffForm):
    needed = {"kind": gettext_lazy("Choose which questions to ask.")}
    kind = forms.ChoiceField(
        label=gettext_lazy("Which questions?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose which questions to ask.")},
    )


class TabletReturnForm(LoginForm):
    """The staff sign-in without a link for forgotten passwords, which would leave the hand-over."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].error_messages["required"] = _("Enter your user name.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")


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
