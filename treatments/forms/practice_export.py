"""Taking the whole practice out: why, and the proof."""

from django import forms
from django.utils.translation import gettext_lazy

from clinic.web.text_fields import TextField
from treatments.forms.signing import ProofForm


class PracticeExportForm(ProofForm):
    """The password is asked for each time, however fresh the last proof is."""

    needed = {"reason": gettext_lazy("Say why everything is taken out, in a few words.")}
    NO_PASSWORD = gettext_lazy("Type your password to take the practice out.")
    WRONG_PASSWORD = gettext_lazy("That is not your password. Type it again; nothing was taken out.")
    WRONG_PASSKEY = gettext_lazy(
        "That passkey did not work; nothing was taken out. Try again, or type your password."
    )

    reason = TextField(
        label=gettext_lazy("Why is everything taken out?"),
        max_length=500,
        help_text=gettext_lazy("For example: we move to another system on March 1."),
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    field_order = ("reason", "password")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, needed_fields={"password"}, **kwargs)
