"""The patient search form."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.web.text_fields import TextField
from patients.rules.identity import search_terms


class FindForm(StaffForm):
    """`terms` are the parsed search terms; an invalid reference is refused here."""

    needed = {"q": gettext_lazy("Type a name, a birth date, a phone number or a reference.")}

    q = TextField(
        label=gettext_lazy("Find by name, birth date, phone or reference"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_q(self):
        typed = self.cleaned_data["q"]
        self.terms = search_terms.parse_search(typed, today=timezone.localdate())
        if self.terms.problem:
            raise forms.ValidationError(self.terms.problem, code="reference")
        return typed
