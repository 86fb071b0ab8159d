"""Forms of a condition: first the choice of the condition, then its details."""

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.forms.base import StaffForm
from clinic.forms.fields import ParsedField
from clinic.models.base import ConditionSide, Side
from clinic.web.text_fields import TextField
from patients.models import Condition, DiagnosisFamily, PatientCondition
from patients.rules.conditions import diagnoses, exclusions, search, vocabulary
from patients.rules.conditions import onset as onset_patients
from patients.rules.conditions.search import Hit
from patients.selectors import conditions

REGIONS = {
    "neck": gettext_lazy("Neck"),
    "low-back": gettext_lazy("Lower back"),
    "head": gettext_lazy("Head"),
    "shoulder": gettext_lazy("Shoulder"),
    "elbow": gettext_lazy("Elbow"),
    "wrist-hand": gettext_lazy("Wrist and hand"),
    "thorax": gettext_lazy("Upper back and chest"),
    "hip": gettext_lazy("Hip"),
    "thigh": gettext_lazy("Thigh"),
    "knee": gettext_lazy("Knee"),
    "lower-leg": gettext_lazy("Lower leg"),
    "ankle-foot": gettext_lazy("Ankle and foot"),
    "any": gettext_lazy("Any region"),
}
SIDE_LABELS = dict(ConditionSide.choices)


class OnsetField(ParsedField):
    """Gives an Onset: a day, a month or a year."""

    width = "12"

    def read(self, text):
        return onset_patients.parse_onset(text, today=timezone.localdate())

    def prepare_value(self, value):
        return (
            onset_patients.onset_input(value.on, value.precision)
            if isinstance(value, onset_patients.Onset)
            else value
        )


class ConditionChoiceForm(StaffForm):
    """The choice of a condition or impairment: words that say it, or one that was pressed in a list."""

    words = TextField(
        label=gettext_lazy("Condition"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("As you say it, such as: frozen shoulder, left sciatica, TMJ, M72.2"),
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "spellcheck": "false", "data-width": "20"}
        ),
    )
    # a button of a list sends it
    condition = forms.ModelChoiceField(
        queryset=Condition.objects.current(), to_field_name="code", required=False, widget=forms.HiddenInput()
    )
    # sent by the page's script, which has shown the list already: the first one is meant
    first = forms.BooleanField(required=False, widget=forms.HiddenInput())
    hits: tuple[Hit, ...] = ()

    @property
    def by_region(self) -> list:
        return _labels_by_region(self.fields["condition"].queryset)

    def clean(self):
        """`hit` is what the words propose for the condition, where they lead to it."""
        cleaned = super().clean()
        words = cleaned.get("words", "")
        if words:
            self.hits = tuple(conditions.search(words, on=timezone.localdate()))
        if "condition" in self.errors:
            del self.errors["condition"]
            self.add_error("words", _("That condition is not in the list. Choose another."))
        elif not words and not cleaned.get("condition") and "words" not in self.errors:
            self.add_error("words", _("Type what the condition is called, or choose it from the list."))
        condition = cleaned.get("condition") or self._first_hit()
        cleaned["condition"] = condition
        cleaned["hit"] = search.hit_of(self.hits, condition.code) if condition else None
        return cleaned

    def _first_hit(self) -> Condition | None:
        if not self.hits or not self.cleaned_data.get("first"):
            return None
        return self.fields["condition"].queryset.get(code=self.hits[0].condition.code)


class ConditionForm(StaffForm):
    """The details of a condition. Which fields there are depends on it."""

    variant = forms.ModelChoiceField(
        label=gettext_lazy("What was found"),
        queryset=DiagnosisFamily.objects.none(),
        required=False,
        empty_label=None,
    )
    side = forms.ChoiceField(label=gettext_lazy("Side"))
    encounter = forms.ChoiceField(
        label=gettext_lazy("Last character of the code"),
        choices=PatientCondition.Encounter.choices,
        required=False,
        help_text=gettext_lazy(
            "For codes of an injury only. Proposed for rehabilitation: healing or recovery (D)."
        ),
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    onset = OnsetField(
        label=gettext_lazy("Since when"),
        required=False,
        help_text=format_lazy(
            gettext_lazy("As exactly as it is known: {examples}"),
            examples=formats.of_country("ONSET_EXAMPLES"),
        ),
    )
    cause = forms.ChoiceField(
        label=gettext_lazy("How it began"),
        choices=PatientCondition.Cause.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
    )
    goal = TextField(
        label=gettext_lazy("Goal"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("In the patient's words, such as: sleep on the right side"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    # hidden until two codes exclude each other
    holds = forms.ChoiceField(
        label=gettext_lazy("Which one holds"),
        choices=list(exclusions.HOLDS.items()),
        required=False,
        widget=forms.HiddenInput(),
    )
    holds_reason = TextField(
        label=gettext_lazy("Why both hold"),
        required=False,
        max_length=500,
        widget=forms.HiddenInput(),
    )
    needed = {"side": gettext_lazy("Choose a side.")}

    def __init__(
        self,
        *args,
        condition: Condition,
        families: list[DiagnosisFamily],
        code_set: str = "",
        one_row: bool = False,
        **kwargs,
    ):
        """`code_set` is the label of the set that the codes are from."""
        super().__init__(*args, **kwargs)
        self.condition, self.families, self.code_set = condition, families, code_set
        sides = _offered_sides(condition, families, one_row=one_row)
        self.fields["side"].choices = [(side, SIDE_LABELS[side]) for side in sides]
        self.fields["side"].widget = forms.RadioSelect(attrs={"data-look": "chips", "data-letters": "yes"})
        self.fields["side"].widget.choices = self.fields["side"].choices
        self._offer_variants()
        if not any(family.encounter for family in families):
            del self.fields["encounter"]
        if self.data.get("holds") or self.data.get("holds_reason"):
            self.ask_which_holds()

    def ask_which_holds(self):
        """Show the question: the page has it in an error, or beside the fields."""
        holds = self.fields["holds"]
        holds.widget = forms.RadioSelect()
        holds.widget.choices = holds.choices
        self.fields["holds_reason"].widget = forms.Textarea(attrs={"rows": 2, "class": "form-control"})

    def _offer_variants(self):
        if len(self.families) < 2:
            del self.fields["variant"]
            return
        field = self.fields["variant"]
        field.queryset = DiagnosisFamily.objects.filter(pk__in=[family.pk for family in self.families])
        field.widget = forms.RadioSelect()
        field.choices = [(family.pk, family_label(family, self.code_set)) for family in self.families]
        if diagnoses.may_have_no_code(self.condition):
            field.choices = [("", _("No code")), *field.choices]
        default_family = diagnoses.chosen_family(None, self.families, ambiguous=self.condition.ambiguous)
        if default_family:
            field.help_text = _("Without a choice: %(variant)s") % {
                "variant": family_label(default_family, self.code_set)
            }

    def clean_cause(self):
        return self.cleaned_data["cause"] or PatientCondition.Cause.UNKNOWN

    def clean(self):
        """Split the onset into its two columns."""
        cleaned = super().clean()
        onset = cleaned.pop("onset", None)
        cleaned["onset_on"] = onset.on if onset else None
        cleaned["onset_precision"] = onset.precision if onset else ""
        return cleaned


class ResolveForm(StaffForm):
    reason = TextField(
        label=gettext_lazy("Why it is resolved"),
        help_text=gettext_lazy("Such as: no pain for four weeks, goal reached"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needed = {
        "reason": gettext_lazy(
            "Write why it is resolved. The condition stays in the record with this reason."
        )
    }


def _offered_sides(condition: Condition, families: list[DiagnosisFamily], *, one_row: bool) -> list[str]:
    """A row that stands may be for both sides only where one code says both."""
    in_one = not one_row or not families or any(map(diagnoses.has_one_code_for_both, families))
    return [side for side in diagnoses.sides_of(condition) if in_one or side != diagnoses.BOTH]


def family_label(family: DiagnosisFamily, code_set: str) -> str:
    """The variant with its codes, such as “Lateral epicondylitis · right M77.11, left M77.12”."""
    codes = (
        (Side.RIGHT.label.lower(), family.code_right),
        (Side.LEFT.label.lower(), family.code_left),
        (_("both"), family.code_both),
    )
    known = {side: code for side, code in codes if code}
    if len(set(known.values())) <= 1:
        codes_label = next(iter(known.values()), family.code_midline)
    else:
        codes_label = ", ".join(f"{side} {code}" for side, code in known.items())
    return f"{family.label} · {codes_label}{'–' if family.encounter else ''} ({code_set})"


def _labels_by_region(conditions) -> list:
    """(region, [(code, label), ...]) of the whole list."""
    conditions = list(conditions)
    labels = vocabulary.told_apart(
        (each.code, vocabulary.label_of(each.patient_term, each.name)) for each in conditions
    )
    groups: dict[str, list] = {}
    for condition in conditions:
        is_impairment = condition.kind == Condition.Kind.IMPAIRMENT
        group = _("What treatment is aimed at") if is_impairment else str(REGIONS[condition.region])
        groups.setdefault(group, []).append((condition.code, labels[condition.code]))
    return list(groups.items())
