"""Forms of scanned papers: filing one, and marking one as wrong."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from clinic.web.text_fields import TextField
from patients.forms.restrictions import reason_field
from patients.models import Consent, Coverage, Paper
from patients.rules.papers import files, filing

CONSENT, COVERAGE = "consent", "coverage"


class PaperForm(StaffForm):
    needed = {
        "kind": gettext_lazy("Choose what kind of document it is."),
        "title": gettext_lazy("Say in a few words what it is."),
        "paper_on": gettext_lazy("Enter the date on the document."),
        "file": gettext_lazy("Choose the file again: a browser does not keep it."),
    }

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=[("", gettext_lazy("Choose")), *Paper.Kind.choices]
    )
    title = TextField(
        label=gettext_lazy("Title"),
        max_length=120,
        help_text=gettext_lazy("For example: letter of Dr. Example"),
        widget=forms.TextInput(attrs={"data-width": "20", "autocomplete": "off"}),
    )
    paper_on = DayField(label=gettext_lazy("Date on the document"))
    about = forms.ChoiceField(label=gettext_lazy("Belongs to"), required=False)
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        help_text=gettext_lazy("PDF, PNG or JPEG, up to 10 MB."),
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg", "data-largest": str(files.MAX_BYTES)}
        ),
        error_messages={"invalid": gettext_lazy("No file was sent. Choose it again.")},
    )

    def __init__(self, *args, consents: list[Consent], coverages: list[Coverage], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {f"{CONSENT}-{row.pk}": {CONSENT: row} for row in consents}
        self.rows |= {f"{COVERAGE}-{row.pk}": {COVERAGE: row} for row in coverages}
        self.fields["about"].choices = [("", _("Nothing else on the record"))] + [
            (f"{CONSENT}-{row.pk}", _("Consent of %(day)s") % {"day": formats.day(row.paper_on)})
            for row in consents
        ]
        self.fields["about"].choices += [
            (f"{COVERAGE}-{row.pk}", filing.coverage_label(row)) for row in coverages
        ]
        if not self.rows:
            del self.fields["about"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if reasons := files.judged(file, file.size).reasons:
            raise ValidationError([ValidationError(each.message, code=each.code) for each in reasons])
        return file

    def filed(self) -> dict:
        """The arguments of the action."""
        values = dict(self.cleaned_data)
        content, about = values.pop("file"), self.rows.get(values.pop("about", ""), {})
        return {**values, **about, "content": content, "size": content.size}


class WrongPaperForm(StaffForm):
    needed = {"reason": gettext_lazy("Say why, in a few words.")}

    reason = reason_field(
        gettext_lazy("What is wrong with it?"), gettext_lazy("For example: another patient's")
    )
