"""The forms around a signature: the attestation, the proof, and what is added to a note afterwards."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.signin import passkeys
from clinic.signin.own_password import is_own_password
from clinic.web.text_fields import TextField
from treatments.forms.session.typed_values import TimeOfDay
from treatments.models import Addendum


class ProofForm(StaffForm):
    """Asks for the password where the last proof is too old. `needed_fields` are the optional fields."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "data-width": "12"}),
    )
    # The answer of a passkey, put here by the page's script; it proves as a password does.
    passkey = forms.CharField(required=False, widget=forms.HiddenInput)
    WRONG = "wrong-password"
    NO_PASSWORD = gettext_lazy("Type your password.")
    WRONG_PASSWORD = gettext_lazy("That is not your password. Type it again; nothing was signed.")
    WRONG_PASSKEY = gettext_lazy(
        "That passkey did not work; nothing was signed. Try again, or type your password."
    )

    def __init__(self, *args, signer, needed_fields: set[str], may_try: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.signer, self.may_try = signer, may_try
        if "password" not in needed_fields:
            del self.fields["password"], self.fields["passkey"]

    def clean_password(self):
        password, passkey = self.cleaned_data["password"], self.data.get("passkey")
        if passkey:
            return self._proven_by(passkey)
        if not password:
            raise forms.ValidationError(self.NO_PASSWORD, code="required")
        if not self.may_try:
            raise forms.ValidationError(
                _("Too many tries. Wait a minute, then type your password again."), code="too-many"
            )
        if not is_own_password(self.signer, password):
            raise forms.ValidationError(self.WRONG_PASSWORD, code=self.WRONG)
        return password

    def _proven_by(self, passkey: str) -> str:
        if not passkeys.is_own_passkey(self.signer, passkey):
            raise forms.ValidationError(self.WRONG_PASSKEY, code="wrong-passkey")
        return ""

    @property
    def was_wrong(self) -> bool:
        return self.has_error("password", self.WRONG)

    @property
    def attestation(self) -> dict:
        """What the action needs of a valid form, without the proof."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("password", "passkey")
        }


class SignForm(ProofForm):
    """The attestation. Fields that this signature does not need are left out."""

    # which text the page has shown
    read = forms.CharField(max_length=40, widget=forms.HiddenInput)
    identity_checked = forms.BooleanField(
        label=gettext_lazy("I checked name and birth date with the patient"), required=False
    )
    supervisor = forms.ChoiceField(
        label=gettext_lazy("Supervisor of this session"),
        required=False,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    late_entry_reason = TextField(
        label=gettext_lazy("Why is it signed late?"),
        help_text=gettext_lazy("For example: called to another patient, power cut, sick leave."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    incident_reason = TextField(
        label=gettext_lazy("Incident record: what happened to the needles?"),
        help_text=gettext_lazy(
            "For example: one found in the sharps container of room 2 after counting twice."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    needed = {"read": gettext_lazy("This page is out of date. Review the note again.")}
    field_order = ("identity_checked", "supervisor", "late_entry_reason", "incident_reason", "password")

    def __init__(self, *args, needed_fields: set[str], supervisors=(), start=None, **kwargs):
        """`supervisors` are those who may be named; `start` is the session's."""
        super().__init__(*args, needed_fields=needed_fields, **kwargs)
        self.supervisors = {str(user.pk): user for user in supervisors}
        self.fields["supervisor"].choices = [(pk, user.display_name) for pk, user in self.supervisors.items()]
        for name in self.fields.keys() - needed_fields - {"passkey", "read"}:
            del self.fields[name]
        if "ended_at" in needed_fields:
            day = timezone.localdate(start)
            self.fields["ended_at"] = TimeOfDay(on=day, after=start, label=_("The session ended at"))
            self.order_fields(["ended_at", *self.fields])

    def clean_ended_at(self):
        if self.cleaned_data["ended_at"] is None:
            raise forms.ValidationError(_("Enter when the session ended."), code="required")
        return self.cleaned_data["ended_at"]

    @property
    def attestation(self) -> dict:
        data = super().attestation
        if "supervisor" in data:
            data["supervisor"] = self.supervisors.get(data["supervisor"])
        return data


class CosignForm(ProofForm):
    """The supervisor's attestation."""

    addenda_seen = forms.IntegerField(min_value=0, max_value=10_000, widget=forms.HiddenInput)
    statement = TextField(
        label=gettext_lazy("Anything to add?"),
        help_text=gettext_lazy(
            "For example: present throughout, technique discussed. A late one says why here."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("addenda_seen", "statement", "password")
    needed = {"addenda_seen": gettext_lazy("This page is out of date. Open it again.")}


class OfSessionForm(StaffForm):
    """A form about a session that is locked, or ends with it."""

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, **kwargs)
        self.session = session


class AddendumForm(OfSessionForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=Addendum.Kind.choices,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    reason = TextField(
        label=gettext_lazy("Why is it added?"),
        help_text=gettext_lazy("For example: typed wrongly"),
        max_length=300,
    )
    text = TextField(label=gettext_lazy("What is added?"), widget=forms.Textarea(attrs={"rows": 4}))
    needed = {
        "kind": gettext_lazy("Choose what kind of addition it is."),
        "reason": gettext_lazy("Say why it is added."),
        "text": gettext_lazy("Write what is to be added."),
    }


class ReasonForm(OfSessionForm):
    """Why a note is marked in error, or a draft voided."""

    reason = TextField(label=gettext_lazy("Why?"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class CloseForm(ReasonForm):
    """Why a draft is closed unsigned. The box is shown while needles are recorded as still in."""

    needles_checked = forms.BooleanField(
        label=gettext_lazy("I made sure that no needle is left in the patient"), required=False
    )

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, session=session, **kwargs)
        if not session.sites.with_needles_in():
            del self.fields["needles_checked"]


class SupervisorForm(OfSessionForm):
    """Who supervises instead, and why. `people` may be chosen."""

    to = forms.ChoiceField(
        label=gettext_lazy("Who supervises instead?"),
        help_text=gettext_lazy(
            "Whoever was qualified on the day of the session under the rules of the state."
        ),
        widget=forms.RadioSelect,
    )
    reason = TextField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("For example: leaves the practice on Friday."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    # whom the page showed as supervisor
    instead_of = forms.IntegerField(widget=forms.HiddenInput)
    needed = {
        "to": gettext_lazy("Choose who supervises instead."),
        "reason": gettext_lazy("Say why somebody else supervises."),
        "instead_of": gettext_lazy("This page is out of date. Open it again."),
    }

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["to"].choices = [(pk, person.display_name) for pk, person in self.people.items()]

    def clean_to(self):
        return self.people[self.cleaned_data["to"]]


class WrongPatientForm(OfSessionForm):
    """Whom the note was about. `targets` may be chosen; `conditions` are those of the one that was."""

    reason = TextField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("For example: opened from the wrong line of the board."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    q = TextField(
        label=gettext_lazy("Find another patient by name, birth date, phone or reference"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    to = forms.ChoiceField(label=gettext_lazy("Whose note is it?"), widget=forms.RadioSelect)
    conditions = forms.MultipleChoiceField(
        label=gettext_lazy("Treated in this session"), widget=forms.CheckboxSelectMultiple
    )
    needed = {
        "reason": gettext_lazy("Say what happened."),
        "to": gettext_lazy("Choose the right patient."),
        "conditions": gettext_lazy("Choose at least one condition that was treated."),
    }

    def __init__(self, *args, targets=(), conditions=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.targets = {target.value: target for target in targets}
        self.fields["to"].choices = [(value, target.label) for value, target in self.targets.items()]
        self.rows = {str(row.pk): row for row in conditions or ()}
        self.fields["conditions"].choices = [(pk, row.label) for pk, row in self.rows.items()]
        if conditions is None:
            del self.fields["conditions"]
        if not targets:
            del self.fields["to"]

    def clean(self):
        data = super().clean()
        if "to" not in self.fields:
            self.add_error("q", forms.ValidationError(_("Find the right patient first."), code="required"))
        return data

    @property
    def chosen(self) -> dict:
        data = self.cleaned_data
        return {
            "reason": data["reason"],
            "target": self.targets[data["to"]],
            "conditions": [self.rows[pk] for pk in data["conditions"]],
        }
