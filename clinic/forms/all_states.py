"""Forms of what counsel says of a state."""

from django import forms
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from clinic.models import MAX_TEXT
from clinic.web.text_fields import TextField


def _line(label, length: int, example="") -> TextField:
    attrs = {"data-width": "20", "autocomplete": "off"}
    return TextField(label=label, max_length=length, help_text=example, widget=forms.TextInput(attrs=attrs))


class CounselForm(StaffForm):
    needed = {
        "counsel": gettext_lazy("Write who said it."),
        "given_on": gettext_lazy("Enter the day on which it was said."),
        "opinion": gettext_lazy("Write what counsel says, in a sentence or two."),
        "reason": gettext_lazy("Say why the practice needles here, in a few words."),
        "document": gettext_lazy("Name the document, so that it can be found."),
    }

    counsel = _line(
        gettext_lazy("Who said it"), 200, gettext_lazy("Name and firm, for example: Sam Sample, Sample Law")
    )
    given_on = DayField(label=gettext_lazy("On"))
    opinion = TextField(
        label=gettext_lazy("What counsel says"),
        max_length=MAX_TEXT,
        help_text=gettext_lazy("It stands in the note of each session that is opened here."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = _line(gettext_lazy("Why the practice needles here"), 500)
    document = _line(
        gettext_lazy("Document"), 200, gettext_lazy("For example: letter of May 23, 2026, file 12-2026")
    )


class WithdrawForm(StaffForm):
    needed = {"reason": gettext_lazy("Say why, in a few words.")}

    reason = _line(gettext_lazy("Why"), 500, gettext_lazy("For example: counsel has taken it back"))
