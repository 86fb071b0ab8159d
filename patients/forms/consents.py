"""Forms of consent: starting, reading and signing it, on paper, refusal, withdrawal and copies."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from clinic.models import Role, User
from clinic.web.text_fields import TextField
from patients.models import Consent, ConsentCopy
from patients.rules import body_areas, consents
from patients.rules.body_areas import Area

Method = Consent.Method
CHECKS = forms.CheckboxSelectMultiple


def therapist_field(**kwargs) -> forms.ModelChoiceField:
    """The therapist who will needle, whom the text names."""
    return forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=gettext_lazy("Therapist"),
        empty_label=gettext_lazy("Choose"),
        error_messages={"invalid_choice": gettext_lazy("Choose a therapist from the list.")},
        **kwargs,
    )


def regions_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Which parts of the body may be needled?"),
        widget=CHECKS(attrs={"data-look": "chips"}),
        error_messages={"invalid_choice": gettext_lazy("Choose parts of the body from the list.")},
    )


def signer_field(label: str, message: str, **kwargs) -> forms.ChoiceField:
    options = {"widget": forms.RadioSelect(attrs={"data-look": "chips"}), **kwargs}
    return forms.ChoiceField(
        label=label, choices=Consent.Signer.choices, error_messages={"invalid_choice": message}, **options
    )


def signer_note_field() -> TextField:
    return TextField(
        label=gettext_lazy("Who signs, and why?"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Only if the name is not the one on record."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TherapistForm(StaffForm):
    needed = {"therapist": gettext_lazy("Choose the therapist who will needle.")}
    therapist = therapist_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["therapist"].queryset = User.objects.holding(Role.THERAPIST)
        self.fields["therapist"].label_from_instance = _display_name


class ConsentReadingForm(StaffForm):
    """The patient's first page: the statements and the parts of the body."""

    needed = {
        "statements": gettext_lazy(consents.TICK_ALL),
        "regions": gettext_lazy("Choose at least one part of the body."),
    }
    regions = regions_field()
    statements = forms.MultipleChoiceField(label=gettext_lazy("I agree with these statements"), widget=CHECKS)

    def __init__(self, *args, statements: list[str], areas: list[Area], asks_regions: bool = True, **kwargs):
        """`asks_regions`: not where only changed statements are agreed to."""
        super().__init__(*args, **kwargs)
        self.wanted = statements
        self.fields["statements"].choices = [
            (str(index), statement) for index, statement in enumerate(statements)
        ]
        self.fields["regions"].choices = body_areas.choices(areas)
        if not asks_regions:
            del self.fields["regions"]

    def agreed(self) -> dict:
        """The arguments of the action for what was read."""
        return {"regions": [], **self.cleaned_data}

    def clean_statements(self):
        ticked = self.cleaned_data["statements"]
        if len(ticked) < len(self.wanted):
            raise ValidationError(self.needed["statements"], code="statement-missing")
        return [self.wanted[int(index)] for index in ticked]


class ConsentSignatureForm(StaffForm):
    """The patient's second page: a drawn or typed signature. Who signs for the patient types a name."""

    needed = {"signer": gettext_lazy("Choose who signs.")}
    signer = signer_field(
        gettext_lazy("Who signs?"), gettext_lazy("Choose who signs."), widget=forms.RadioSelect
    )
    relationship = TextField(
        label=gettext_lazy("How are you related to the patient?"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Only if you sign for somebody else. For example: mother"),
    )
    signer_name = TextField(
        label=gettext_lazy("Type your full name"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Your typed name is your signature. If you sign for somebody, type your own name."
        ),
    )
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    signer_note = signer_note_field()

    def __init__(self, *args, minor: bool, patient_name: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.patient_name = patient_name
        self.fields["signer"].choices = consents.signers_for(minor=minor)

    def clean_drawn(self):
        strokes = self.cleaned_data["drawn"]
        path = consents.path_of(strokes)
        if strokes and not path:
            raise ValidationError(_("Draw your signature again, a little longer, or clear it."), code="drawn")
        return path

    def clean(self):
        data = self.cleaned_data
        if data.get("signer_name") or "signer_name" in self.errors:
            return data
        if data.get("drawn") and data.get("signer") == Consent.Signer.PATIENT:
            return {**data, "signer_name": self.patient_name}
        drawn = bool(data.get("drawn"))
        message = (
            _("Type the full name of the person who signs.")
            if drawn
            else _("Type your full name, or draw it below.")
        )
        self.add_error("signer_name", ValidationError(message, code="no-name"))
        return data

    def signed(self) -> dict:
        """The arguments of the action for the signature."""
        data = dict(self.cleaned_data)
        drawn = data.pop("drawn")
        if drawn:
            return {**data, "method": Method.DRAWN, "signature": drawn}
        return {**data, "method": Method.TYPED, "signature": data["signer_name"]}


class DeclineForm(StaffForm):
    reason = TextField(
        label=gettext_lazy("Would you like to tell us why?"),
        required=False,
        help_text=gettext_lazy("You do not have to."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PaperConsentForm(TherapistForm):
    needed = {
        **TherapistForm.needed,
        "paper_on": gettext_lazy("Enter the date on the paper."),
        "paper_place": gettext_lazy("Write where the paper is kept, such as “Folder 3”."),
        "signer": gettext_lazy("Choose who signed."),
        "signer_name": gettext_lazy("Type the name of the person who signed."),
        "regions": gettext_lazy("Choose at least one part of the body."),
    }
    field_order = ["paper_on", "paper_place", "signer", "signer_name", "relationship", "signer_note",
                   "regions", "therapist"]  # fmt: skip

    paper_on = DayField(label=gettext_lazy("Date on the paper"))
    paper_place = TextField(label=gettext_lazy("Where the paper is kept"), max_length=120)
    signer = signer_field(gettext_lazy("Who signed?"), gettext_lazy("Choose who signed."))
    signer_name = TextField(label=gettext_lazy("Name of the person who signed"), max_length=200)
    relationship = TextField(
        label=gettext_lazy("Related to the patient as"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For example: mother"),
    )
    signer_note = signer_note_field()
    regions = regions_field()

    def __init__(self, *args, areas: list[Area], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["regions"].choices = body_areas.choices(areas)

    def clean_paper_on(self):
        day = self.cleaned_data["paper_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This date is in the future. Enter the date on the paper."), code="ahead")
        return day


class ConsentRefusalForm(StaffForm):
    needed = {"signer": gettext_lazy("Choose who refused.")}
    signer = signer_field(gettext_lazy("Who refused?"), gettext_lazy("Choose who refused."))
    signer_name = TextField(
        label=gettext_lazy("Name, if it was not the patient"), required=False, max_length=200
    )
    reason = TextField(
        label=gettext_lazy("What was said"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class WithdrawForm(StaffForm):
    needed = {"reason": gettext_lazy("Write what the patient said.")}
    reason = TextField(label=gettext_lazy("What the patient said"), widget=forms.Textarea(attrs={"rows": 3}))


class CopyForm(StaffForm):
    needed = {"how": gettext_lazy("Choose how the copy was given.")}
    how = forms.ChoiceField(
        error_messages={"invalid_choice": gettext_lazy("Choose how the copy was given.")},
        label=gettext_lazy("Copy of this consent"),
        choices=ConsentCopy.How.choices,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )


def _display_name(user: User) -> str:
    return user.display_name
