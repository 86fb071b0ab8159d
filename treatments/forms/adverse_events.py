"""The forms of adverse events: recorded, corrected, reported, closed, entered in error, and the register."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField, MomentField
from clinic.models import Role, RoleGrant, User
from clinic.web.text_fields import TextField
from treatments.forms.followups import chips
from treatments.models import AdverseEvent
from treatments.rules.adverse_events import faint
from treatments.rules.adverse_events.event import SEVERITIES

SEVERITY_CHOICES = [
    ("0", gettext_lazy("0 expected")),
    ("1", gettext_lazy("1 minor, passed by itself")),
    ("2", gettext_lazy("2 moderate, needed care or lasted")),
    ("3", gettext_lazy("3 serious, physician or hospital")),
]


def _severities() -> list[tuple[str, str]]:
    return [("", _("Any")), *((str(value), f"{value} {text}") for value, text in SEVERITIES.items())]


class EventFieldsForm(StaffForm):
    """What may be corrected of an event while it is open."""

    severity = chips(gettext_lazy("How serious?"), SEVERITY_CHOICES, required=True)
    phase = chips(gettext_lazy("When did it start?"), AdverseEvent.Phase.choices, required=True)
    onset_at = MomentField(asks_half=True, label=gettext_lazy("Day and time, when known"), required=False)
    detected_by = TextField(label=gettext_lazy("Who noticed it?"), required=False, max_length=120)
    action = TextField(
        label=gettext_lazy("What was done?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("How is it now?"), choices=AdverseEvent.Result.choices, initial="unknown"
    )
    notified = TextField(
        label=gettext_lazy("Who was told?"),
        help_text=gettext_lazy("For example: patient, referring physician, owner, insurer, board"),
        required=False,
        max_length=300,
    )
    needed = {
        "kind": gettext_lazy("Choose what happened."),
        "severity": gettext_lazy("Choose how serious it was."),
        "phase": gettext_lazy("Choose when it started."),
    }

    def clean_severity(self):
        return int(self.cleaned_data["severity"])


class AdverseEventForm(EventFieldsForm):
    """An adverse event. Expected soreness is none."""

    kind = forms.ModelChoiceField(
        label=gettext_lazy("What happened?"), queryset=None, empty_label=gettext_lazy("Choose")
    )
    site = forms.ModelChoiceField(
        label=gettext_lazy("Which site?"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Not one site"),
    )
    field_order = ["kind", "severity", "phase", "onset_at", "site"]

    def __init__(self, *args, kinds, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = kinds
        self.fields["site"].queryset = sites
        self.fields["kind"].label_from_instance = _kind_name
        self.fields["site"].label_from_instance = _site_name


class ReportedForm(StaffForm):
    """To whom it was reported, and when."""

    reported_to = TextField(
        label=gettext_lazy("Reported to"),
        help_text=gettext_lazy("For example: state board, by certified mail"),
        max_length=120,
    )
    reported_on = DayField(label=gettext_lazy("On which day?"))
    needed = {
        "reported_to": gettext_lazy("Write to whom it was reported."),
        "reported_on": gettext_lazy("Write the day on which it was reported."),
    }


class CloseEventForm(StaffForm):
    """How it ended."""

    outcome = chips(gettext_lazy("How did it end?"), AdverseEvent.Result.choices, required=True)
    closing_note = TextField(
        label=gettext_lazy("In a few words: how it ended, and what was learned"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needed = {
        "outcome": gettext_lazy("Choose how it ended."),
        "closing_note": gettext_lazy("Write how it ended and what was learned."),
    }


class EventErrorForm(StaffForm):
    """Why the entry is wrong."""

    reason = TextField(label=gettext_lazy("What is wrong with it?"), widget=forms.Textarea(attrs={"rows": 3}))
    needed = {"reason": gettext_lazy("Say what is wrong with the entry.")}


class PeriodForm(StaffForm):
    """From a day until a day, both included. Both may be left out."""

    first = DayField(label=gettext_lazy("From"), required=False)
    last = DayField(label=gettext_lazy("Until and including"), required=False)
    YEARS = range(1900, 2200)

    def clean_first(self):
        return self._possible_day("first")

    def clean_last(self):
        return self._possible_day("last")

    def _possible_day(self, name: str):
        """A day around which there are others: the calendar ends at its last year."""
        day = self.cleaned_data[name]
        if day is not None and day.year not in self.YEARS:
            raise forms.ValidationError(_("Check the year of this day."), code="year")
        return day

    def clean(self):
        values = super().clean()
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            sentence = _("The last day is before the first one.")
            self.add_error("last", forms.ValidationError(sentence, code="ends-before"))
        return values


class TherapistChoice(forms.ModelChoiceField):
    """Whose work. Whoever left has visits and notes as well."""

    def __init__(self, **kwargs):
        holders = RoleGrant.objects.filter(role=Role.THERAPIST).values("user")
        people = User.objects.filter(pk__in=holders).order_by("last_name", "first_name", "pk")
        fixed = {
            "label": gettext_lazy("Therapist"),
            "required": False,
            "empty_label": gettext_lazy("All therapists"),
        }
        super().__init__(queryset=people, **fixed, **kwargs)

    def label_from_instance(self, person: User) -> str:
        return person.display_name


class RegisterForm(PeriodForm):
    """The filters of the register. All may be left out."""

    OPEN, CLOSED, DUE, ERROR = "open", "closed", "due", "error"
    kind = forms.ModelChoiceField(
        label=gettext_lazy("What happened"),
        queryset=None,
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("Anything"),
    )
    severity = forms.TypedChoiceField(
        label=gettext_lazy("How serious"),
        choices=_severities,
        coerce=int,
        empty_value=None,
        required=False,
    )
    phase = forms.ChoiceField(
        label=gettext_lazy("When it started"),
        choices=[("", gettext_lazy("Any time")), *AdverseEvent.Phase.choices],
        required=False,
    )
    therapist = TherapistChoice()
    state = forms.ChoiceField(
        label=gettext_lazy("Which"),
        choices=[
            ("", gettext_lazy("Open and closed")),
            (OPEN, gettext_lazy("Open")),
            (DUE, gettext_lazy("Report due")),
            (CLOSED, gettext_lazy("Closed")),
            (ERROR, gettext_lazy("Entered in error")),
        ],
        required=False,
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    field_order = ["state", "kind", "severity", "phase", "first", "last"]

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = kinds
        self.fields["kind"].label_from_instance = _kind_name


def _kind_name(kind) -> str:
    return kind.name


def _site_name(site) -> str:
    return f"{site.number} {site.name}, {site.get_side_display().lower()}"


class FaintForm(StaffForm):
    """A faint as it happens: each step with the time at which it was done, and how the patient is."""

    started_at = MomentField(asks_half=True, label=gettext_lazy("Began at"), required=False)
    kind = chips(
        gettext_lazy("What happened?"),
        [("near-faint", gettext_lazy("Felt faint")), ("faint", gettext_lazy("Fainted"))],
        required=True,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("How is it now?"),
        choices=AdverseEvent.Result.choices,
        initial="unknown",
        required=False,
    )
    note = TextField(
        label=gettext_lazy("Anything else (optional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    needed = {"kind": gettext_lazy("Choose what happened.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for step in faint.STEPS:
            self.fields[f"did_{step.code}"] = forms.BooleanField(label=step.text, required=False)
            self.fields[f"at_{step.code}"] = TextField(
                label=format_lazy(gettext_lazy("Time: {step}"), step=step.text), required=False, max_length=20
            )

    def clean_outcome(self):
        return self.cleaned_data["outcome"] or AdverseEvent.Result.UNKNOWN

    @property
    def steps(self) -> list[tuple]:
        """(box, time) of each step."""
        return [(self[f"did_{step.code}"], self[f"at_{step.code}"]) for step in faint.STEPS]
