"""Forms to register a patient and to change the details, with most fields behind “More”."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.forms.base import StaffForm
from clinic.forms.fields import BirthDateField, PhoneField
from clinic.rules import parsing
from clinic.values.states import IN_AN_ADDRESS
from clinic.web.text_fields import EmailField, TextField
from patients.models import Patient
from patients.rules.identity.keys import Identity

STATES = frozenset(code for code, _name in IN_AN_ADDRESS)

ALSO_COMPARED = ("preferred_name", "email", "address", "postal_code", "sex")


def _text_field(label: str, width: str = "12", **kwargs) -> TextField:
    attrs = {"data-width": width, "autocomplete": "off", "spellcheck": "false"}
    return TextField(label=label, required=False, widget=forms.TextInput(attrs=attrs), **kwargs)


class PatientForm(StaffForm):
    needed = {
        "born": format_lazy(
            gettext_lazy("Enter the birth date, such as {example}."),
            example=formats.of_country("BIRTH_DATE_EXAMPLE"),
        )
    }
    FIRST = ("family_name", "given_name", "born", "phone", "email")
    MORE = (
        "preferred_name",
        "sex",
        "gender",
        "pronouns",
        "language",
        "address",
        "city",
        "state",
        "postal_code",
        "external_id",
        "note",
        "may_call",
        "may_text",
        "may_email",
        "may_leave_voicemail",
    )

    family_name = _text_field(gettext_lazy("Last name"), max_length=100)
    given_name = _text_field(gettext_lazy("First name"), max_length=100)
    born = BirthDateField()
    phone = PhoneField(label=gettext_lazy("Cell phone"), required=False)
    email = EmailField(
        label=gettext_lazy("Email (optional)"),
        required=False,
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("This is not a whole email address. It looks like name@example.org.")
        },
        widget=forms.EmailInput(attrs={"data-width": "12", "autocomplete": "off"}),
    )
    preferred_name = _text_field(gettext_lazy("Preferred name"), max_length=100)
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        required=False,
        choices=[("", gettext_lazy("Not asked")), *Patient.Sex.choices],
    )
    gender = _text_field(gettext_lazy("Gender"), max_length=60)
    pronouns = _text_field(gettext_lazy("Pronouns"), max_length=40)
    language = _text_field(gettext_lazy("Language"), max_length=40)
    address = _text_field(gettext_lazy("Street"), "20", max_length=200)
    city = _text_field(gettext_lazy("City"), max_length=100)
    state = _text_field(gettext_lazy("State"), "2", max_length=2)
    postal_code = _text_field(gettext_lazy("ZIP code"), "8", max_length=12)
    external_id = _text_field(gettext_lazy("Number in another system"), max_length=60)
    note = _text_field(
        gettext_lazy("Note for the desk"),
        "20",
        max_length=500,
        help_text=gettext_lazy("Nothing clinical: everybody at the desk reads it."),
    )
    may_call = forms.BooleanField(label=gettext_lazy("May be called"), required=False, initial=True)
    may_text = forms.BooleanField(label=gettext_lazy("May be texted"), required=False)
    may_email = forms.BooleanField(label=gettext_lazy("May be emailed"), required=False)
    may_leave_voicemail = forms.BooleanField(label=gettext_lazy("A voicemail may be left"), required=False)

    # asked where somebody of this name and birth date is registered; no detail of the patient
    apart_reason = _text_field(
        gettext_lazy("How do you know that this is somebody else?"),
        "20",
        max_length=400,
        help_text=gettext_lazy("For example: twin, showed a driver's license."),
    )

    def clean_state(self):
        state = self.cleaned_data["state"].upper()
        if state and state not in STATES:
            raise forms.ValidationError(_("Write the state in two letters, such as IL."), code="state")
        return state

    def clean_sex(self):
        return self.cleaned_data["sex"] or Patient.Sex.UNKNOWN

    def clean(self):
        values = super().clean()
        tried = {"family_name", "given_name"} - set(self.errors)
        if len(tried) == 2 and not (values.get("family_name") or values.get("given_name")):
            self.add_error(
                "family_name", forms.ValidationError(_("Enter a last name or a first name."), code="name")
            )
        return values

    @property
    def details(self) -> dict:
        """The details of the patient that were typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "apart_reason"}

    @property
    def more_is_open(self) -> bool:
        return any(self[name].errors for name in self.MORE)

    @property
    def first_fields(self):
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self):
        return [self[name] for name in self.MORE]


def identity_of(values: dict) -> Identity:
    """The identity in the typed values, as far as they are valid."""
    phone = values.get("phone") or ""
    return Identity(
        values.get("family_name") or "",
        values.get("given_name") or "",
        values.get("born"),
        parsing.phone(phone).key if phone else "",
        **{name: values.get(name) or "" for name in ALSO_COMPARED},
    )


class EditPatientForm(PatientForm):
    """The details with the date of death."""

    deceased_on = BirthDateField(
        label=gettext_lazy("Date of death"), required=False, help_text=gettext_lazy("Month, day, year")
    )

    MORE = (*PatientForm.MORE, "deceased_on")

    def clean(self):
        values = super().clean()
        died, born = values.get("deceased_on"), values.get("born")
        if died and born and died < born:
            self.add_error(
                "deceased_on", forms.ValidationError(_("This day is before the birth date."), code="died")
            )
        return values
