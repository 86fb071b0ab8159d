"""Who leaves, and who takes over."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.models import Role, User
from treatments.selectors import leaving


class ColleagueForm(StaffForm):
    """Whose page is shown."""

    needed = {"who": gettext_lazy("Choose who leaves.")}

    who = forms.ModelChoiceField(
        label=gettext_lazy("Who leaves?"), queryset=None, empty_label=gettext_lazy("Choose")
    )

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = leaving.colleagues(but=by)
        self.fields["who"].label_from_instance = _name


class SuccessorForm(StaffForm):
    """Only a therapist takes visits and calls over."""

    needed = {"to": gettext_lazy("Choose who takes over.")}

    to = forms.ModelChoiceField(
        label=gettext_lazy("Who takes visits and calls over?"),
        queryset=None,
        empty_label=gettext_lazy("Choose"),
        help_text=gettext_lazy(
            "Who takes visits over has the license, and whatever else the state asks for."
        ),
    )

    def __init__(self, *args, person: User, closes: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        therapists = User.objects.holding(Role.THERAPIST, on=timezone.localdate())
        self.fields["to"].queryset = therapists.exclude(pk=person.pk)
        self.fields["to"].label_from_instance = _name
        self.fields["to"].required = not closes


def _name(person: User) -> str:
    return person.display_name
