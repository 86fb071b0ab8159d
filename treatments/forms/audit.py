"""The search form of the audit."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from clinic.models import User
from clinic.values import references
from clinic.web.text_fields import TextField
from treatments.rules import audit
from treatments.rules.audit import AuditSearch

HEX_DIGITS = 32


class AuditForm(StaffForm):
    person = forms.ModelChoiceField(
        User.objects.order_by("last_name", "first_name", "pk"),
        label=gettext_lazy("Who"),
        required=False,
        empty_label=gettext_lazy("Anybody"),
    )
    code = forms.ChoiceField(label=gettext_lazy("Did what"), required=False)
    patient = TextField(label=gettext_lazy("Patient's reference"), max_length=20, required=False)
    first = DayField(label=gettext_lazy("From"), required=False)
    last = DayField(label=gettext_lazy("Until and including"), required=False)
    request_id = TextField(label=gettext_lazy("Request"), max_length=40, required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", _("Anything")), *audit.code_choices()]
        self.fields["person"].label_from_instance = _person_label
        self.fields["patient"].help_text = _("The one on the record, such as 7K4M9. Never a name")
        self.fields["request_id"].help_text = _("The number that an error report or another event names")
        for name in ("patient", "request_id"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_patient(self):
        ref = references.normalise(self.cleaned_data["patient"])
        if ref and not references.is_valid(ref):
            raise forms.ValidationError(
                _("That is not a reference: one of its letters is wrong. Compare it letter by letter."),
                code="no-reference",
            )
        return ref

    def clean_request_id(self):
        typed = self.cleaned_data["request_id"].strip().lower()
        if typed and not (len(typed) == HEX_DIGITS and set(typed) <= set("0123456789abcdef")):
            raise forms.ValidationError(
                _("A request has %(number)s digits from 0 to f. Copy the whole of it.")
                % {"number": HEX_DIGITS},
                code="no-request",
            )
        return typed

    def clean(self):
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error(
                "last", forms.ValidationError(_("The last day is before the first one."), code="ends-before")
            )
        return values

    @property
    def search(self) -> AuditSearch:
        data = self.cleaned_data
        return AuditSearch(
            data["person"], data["patient"], data["code"], data["first"], data["last"], data["request_id"]
        )

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The terms as typed, for the hidden fields of the next page and of the export."""
        return [(name, self[name].value() or "") for name in self.fields if name != "before"]


def _person_label(person: User) -> str:
    return f"{person.display_name} ({person.username})"
