"""The forms of follow-ups: a call, its answers, how it ends, warning signs and adverse events."""

from django import forms
from django.utils.functional import cached_property

from clinic.forms.base import StaffForm
from clinic.forms.fields import MomentField
from clinic.web.text_fields import TextField
from treatments.models import AdverseEvent, ContactAttempt, FollowUp, SorenessReport

NUMBER_MISSING = "Choose a number from 0 to 10."
NUMBERS = [(str(number), str(number)) for number in range(11)]
YES_NO = [("yes", "Yes"), ("no", "No")]
TRUTH_VALUES = {"yes": True, "no": False, "": None}
SIGN_PREFIX = "sign_"
LONGEST_HOURS = 24 * 14


def _scale(
    label: str, *, low: str, high: str = "worst imaginable", autofocus: bool = False
) -> forms.ChoiceField:
    attrs = {"data-look": "scale", "data-low": low, "data-high": high}
    return forms.ChoiceField(
        label=label,
        choices=NUMBERS,
        required=False,
        widget=forms.RadioSelect(attrs=attrs | ({"autofocus": True} if autofocus else {})),
        error_messages={"invalid_choice": NUMBER_MISSING},
    )


def _chips(label: str, choices, **kwargs) -> forms.ChoiceField:
    widget = forms.RadioSelect(attrs={"data-look": "chips"})
    sentence = {"invalid_choice": "Choose one of the answers."}
    return forms.ChoiceField(
        **{
            "label": label,
            "choices": choices,
            "required": False,
            "widget": widget,
            "error_messages": sentence,
            **kwargs,
        }
    )


class AnswersForm(StaffForm):
    """The patient's answers. Every warning sign is answered, or “None of these” is chosen."""

    now = _scale("Soreness now", low="none")
    none_of_these = forms.BooleanField(label="None of these", required=False)
    worst = _scale("Worst soreness since the treatment", low="none")
    hours = forms.IntegerField(
        label="How many hours did it last?",
        required=False,
        min_value=0,
        max_value=LONGEST_HOURS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "3"}),
        error_messages={
            "invalid": "Write whole hours, such as 24.",
            "min_value": "Write 0 or more hours.",
            "max_value": f"Write at most {LONGEST_HOURS} hours, or choose that it is still sore.",
        },
    )
    still_sore = _chips("Still sore?", YES_NO)
    original_pain = _scale("The pain that was treated, now", low="no pain")
    course = _chips("Compared with before the treatment", SorenessReport.Course.choices)
    bruise = _chips("Bruise", SorenessReport.Bruise.choices)
    drank_water = _chips("Drank water as advised?", YES_NO)
    kept_moving = _chips("Kept moving gently?", YES_NO)
    took_painkiller = _chips("Took a painkiller?", YES_NO)
    wants_call = forms.BooleanField(label="Wants a therapist to call", required=False)
    note = TextField(label="Note (optional)", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, signs, **kwargs):
        super().__init__(*args, **kwargs)
        self.signs = list(signs)
        for sign in self.signs:
            self.fields[SIGN_PREFIX + sign.code] = _chips(sign.question, YES_NO)

    @cached_property
    def sign_fields(self) -> list:
        return [self[SIGN_PREFIX + sign.code] for sign in self.signs]

    @property
    def answers(self) -> dict:
        """The report's columns, and `signs`, from a valid form."""
        data = self.cleaned_data
        numbers = {
            name: int(data[name]) if data[name] else None for name in ("now", "worst", "original_pain")
        }
        truths = {
            name: TRUTH_VALUES[data[name]]
            for name in ("still_sore", "drank_water", "kept_moving", "took_painkiller")
        }
        others = {name: data[name] for name in ("hours", "course", "bruise", "wants_call", "note")}
        return {**numbers, **truths, **others, "signs": self._sign_answers()}

    def clean(self):
        data = super().clean()
        if self.is_answered():
            self._check_numbers(data)
            self._check_signs(data)
        return data

    def is_answered(self) -> bool:
        return True

    def _check_numbers(self, data: dict) -> None:
        if not data.get("now") and "now" not in self.errors:
            self.add_error("now", forms.ValidationError(NUMBER_MISSING, code="required"))
        if data.get("now") and data.get("worst") and int(data["worst"]) < int(data["now"]):
            sentence = f"The worst soreness cannot be below the soreness now, {data['now']}. Ask again."
            self.add_error("worst", forms.ValidationError(sentence, code="worst-below-now"))

    def _check_signs(self, data: dict) -> None:
        answers = {code: data.get(SIGN_PREFIX + code, "") for code in (sign.code for sign in self.signs)}
        if data.get("none_of_these") and "yes" in answers.values():
            sentence = (
                "A warning sign is answered with yes. Take back “None of these”, or correct the answer."
            )
            self.add_error("none_of_these", forms.ValidationError(sentence, code="contradiction"))
        elif not data.get("none_of_these") and "" in answers.values():
            sentence = "Ask every warning sign, or choose “None of these” when the patient says so."
            self.add_error("none_of_these", forms.ValidationError(sentence, code="warning-signs-open"))

    def _sign_answers(self) -> dict[str, str]:
        none = self.cleaned_data["none_of_these"]
        return {
            sign.code: "no" if none else self.cleaned_data[SIGN_PREFIX + sign.code] for sign in self.signs
        }


class CallForm(AnswersForm):
    """One call: reached or not, and then the answers."""

    result = _chips(
        "How did the call go?",
        ContactAttempt.Result.choices,
        required=True,
        widget=forms.RadioSelect(attrs={"data-look": "chips", "autofocus": True}),
    )
    needed = {"result": "Choose how the call went."}
    field_order = ["result"]

    def is_answered(self) -> bool:
        return self.cleaned_data.get("result") == ContactAttempt.Result.SPOKE


class CloseForm(StaffForm):
    """Ends a follow-up without answers, or after a talk."""

    outcome = _chips("How does it end?", FollowUp.Outcome.choices, required=True)
    reason = TextField(label="In a few words", widget=forms.Textarea(attrs={"rows": 2}))
    needed = {"outcome": "Choose how it ends.", "reason": "Write how it ended, in a few words."}


class ActionForm(StaffForm):
    """The action taken on a warning sign."""

    action = TextField(
        label="What was done?",
        help_text="For example: called at 10:20, sent to the emergency department by taxi.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needed = {"action": "Write what was done, such as who was called."}


class AdverseEventForm(StaffForm):
    """An adverse event. Expected soreness is none."""

    kind = forms.ModelChoiceField(label="What happened?", queryset=None, empty_label="Choose")
    severity = _chips(
        "How grave?",
        [
            ("0", "0 expected"),
            ("1", "1 minor, passed by itself"),
            ("2", "2 moderate, needed care or lasted"),
            ("3", "3 serious, physician or hospital"),
        ],
        required=True,
    )
    phase = _chips("When did it start?", AdverseEvent.Phase.choices, required=True)
    onset_at = MomentField(label="Day and time, when known", required=False)
    site = forms.ModelChoiceField(
        label="Which site?", queryset=None, required=False, empty_label="Not one site"
    )
    detected_by = TextField(label="Who noticed it?", required=False, max_length=120)
    action = TextField(label="What was done?", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    outcome = forms.ChoiceField(
        label="How is it now?", choices=AdverseEvent.Result.choices, initial="unknown"
    )
    notified = TextField(
        label="Who was told?",
        help_text="For example: patient, referring physician, owner, insurer, board",
        required=False,
        max_length=300,
    )
    needed = {
        "kind": "Choose what happened.",
        "severity": "Choose how grave it was.",
        "phase": "Choose when it started.",
    }

    def __init__(self, *args, kinds, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = kinds
        self.fields["site"].queryset = sites
        self.fields["kind"].label_from_instance = _kind_name
        self.fields["site"].label_from_instance = _site_name

    def clean_severity(self):
        return int(self.cleaned_data["severity"])


def _kind_name(kind) -> str:
    return kind.name


def _site_name(site) -> str:
    return f"{site.number} {site.name}, {site.get_side_display().lower()}"
