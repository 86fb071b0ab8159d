"""The forms of follow-ups: a call, its answers, how it ends, and warning signs."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.forms.fields import MomentField
from clinic.rules import parsing
from clinic.web.text_fields import TextField
from patients.rules import wordings
from treatments.models import ContactAttempt, FollowUp, SorenessReport, Urgency
from treatments.rules.followups import soreness, told_signs

NUMBER_MISSING = gettext_lazy("Choose a number from 0 to 10.")
NUMBERS = [(str(number), str(number)) for number in range(11)]
NONE, WORST = gettext_lazy("none"), gettext_lazy("worst imaginable")
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
TRUTH_VALUES = {"yes": True, "no": False, "": None}
TRUTHS = ("still_sore", "drank_water", "kept_moving", "took_painkiller")
SIGN_PREFIX = "sign_"
SIGN_ANSWERS = (soreness.YES, soreness.NO)
LONGEST_HOURS = 24 * 14


def _scale(label: str, *, low: str, high: str = WORST, autofocus: bool = False) -> forms.ChoiceField:
    attrs = {"data-look": "scale", "data-low": low, "data-high": high}
    return forms.ChoiceField(
        label=label,
        choices=NUMBERS,
        required=False,
        widget=forms.RadioSelect(attrs=attrs | ({"autofocus": True} if autofocus else {})),
        error_messages={"invalid_choice": NUMBER_MISSING},
    )


def chips(label: str, choices, **kwargs) -> forms.ChoiceField:
    """One of a few answers, each a chip."""
    widget = forms.RadioSelect(attrs={"data-look": "chips"})
    sentence = {"invalid_choice": gettext_lazy("Choose one of the answers.")}
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
    """The patient's answers. Every warning sign is answered, or “None of these” is chosen.

    One yes is enough by itself: it is filed with whatever else can be read, and the rest counts as not asked.
    """

    now = _scale(gettext_lazy("Soreness now"), low=NONE)
    none_of_these = forms.BooleanField(label=gettext_lazy("None of these"), required=False)
    worst = _scale(gettext_lazy("Worst soreness since the treatment"), low=NONE)
    hours = forms.IntegerField(
        label=gettext_lazy("How many hours did it last?"),
        required=False,
        min_value=0,
        max_value=LONGEST_HOURS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "3"}),
        error_messages={
            "invalid": gettext_lazy("Write whole hours, such as 24."),
            "min_value": gettext_lazy("Write 0 or more hours."),
            "max_value": gettext_lazy(
                "Write at most %(limit_value)s hours, or choose that it is still sore."
            ),
        },
    )
    still_sore = chips(gettext_lazy("Still sore?"), YES_NO)
    original_pain = _scale(gettext_lazy("The pain that was treated, now"), low=gettext_lazy("no pain"))
    course = chips(gettext_lazy("Compared with before the treatment"), SorenessReport.Course.choices)
    bruise = chips(gettext_lazy("Bruise"), SorenessReport.Bruise.choices)
    drank_water = chips(gettext_lazy("Drank water as advised?"), YES_NO)
    kept_moving = chips(gettext_lazy("Kept moving gently?"), YES_NO)
    took_painkiller = chips(gettext_lazy("Took a painkiller?"), YES_NO)
    wants_call = forms.BooleanField(label=gettext_lazy("Wants a therapist to call"), required=False)
    note = TextField(
        label=gettext_lazy("Note (optional)"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, signs, **kwargs):
        super().__init__(*args, **kwargs)
        self.signs = list(signs)
        for sign in self.signs:
            self.fields[SIGN_PREFIX + sign.code] = chips(sign.question, YES_NO)

    @cached_property
    def sign_fields(self) -> list:
        """(sign, field), in the order in which they are asked."""
        return [(sign, self[SIGN_PREFIX + sign.code]) for sign in self.signs]

    @property
    def answers(self) -> dict:
        """The report's columns, and `signs`: all of a valid form, and what can be read of another."""
        data = self.cleaned_data
        numbers = {
            name: int(data[name]) if data.get(name) else None for name in ("now", "worst", "original_pain")
        }
        truths = {name: TRUTH_VALUES[data.get(name, "")] for name in TRUTHS}
        texts = {name: data.get(name, "") for name in ("course", "bruise", "note")}
        others = {"hours": data.get("hours"), "wants_call": data.get("wants_call", False)}
        return {**numbers, **truths, **texts, **others, "signs": self._sign_answers()}

    @property
    def reports_sign(self) -> bool:
        """A warning sign is answered with yes, whatever else the form lacks."""
        return self.is_bound and soreness.YES in self._signs_given(self.cleaned_data)

    @property
    def is_whole(self) -> bool:
        """Every warning sign and the soreness are answered."""
        return bool(self.cleaned_data.get("now")) and soreness.NOT_ASKED not in self._sign_answers().values()

    def clean(self):
        data = super().clean()
        if self.is_answered():
            self._check_numbers(data)
            self._check_signs(data)
        self._check_note(data)
        return data

    def is_answered(self) -> bool:
        return True

    def _check_numbers(self, data: dict) -> None:
        if not (data.get("now") or "now" in self.errors or self.reports_sign):
            self.add_error("now", forms.ValidationError(NUMBER_MISSING, code="required"))
        if data.get("now") and data.get("worst") and int(data["worst"]) < int(data["now"]):
            sentence = _("The worst soreness cannot be below the soreness now, %(now)s. Ask again.") % {
                "now": data["now"]
            }
            self.add_error("worst", forms.ValidationError(sentence, code="worst-below-now"))

    def _check_signs(self, data: dict) -> None:
        if not (self.reports_sign or data.get("none_of_these")) and "" in self._signs_given(data):
            sentence = _("Ask every warning sign, or choose “None of these” when the patient says so.")
            self.add_error("none_of_these", forms.ValidationError(sentence, code="warning-signs-open"))

    def _check_note(self, data: dict) -> None:
        """A sign that the note tells is asked by itself: “None of these” would close the call on it."""
        asked = {sign.code for sign in self.signs}
        for told in told_signs.told(data.get("note") or ""):
            name = SIGN_PREFIX + told.code
            if told.code in asked and not data.get(name) and name not in self.errors:
                sentence = _("The note says “%(words)s”. Ask this one, and choose Yes or No.") % {
                    "words": told.words
                }
                self.add_error(name, forms.ValidationError(sentence, code="told-in-note"))

    def _signs_given(self, data: dict) -> list[str]:
        return [data.get(SIGN_PREFIX + sign.code, "") for sign in self.signs]

    def _sign_answers(self) -> dict[str, str]:
        """“None of these” beside a yes says nothing of the others."""
        none = self.cleaned_data.get("none_of_these") and not self.reports_sign
        rest = soreness.NO if none else soreness.NOT_ASKED
        return {sign.code: self.cleaned_data.get(SIGN_PREFIX + sign.code) or rest for sign in self.signs}


def initial_answers(report: SorenessReport) -> dict:
    """What the form of a correction begins with."""
    names = ("now", "worst", "hours", "original_pain", "course", "bruise", "wants_call", "note")
    answer_of = {truth: answer for answer, truth in TRUTH_VALUES.items()}
    signs = wordings.unpacked(report.warning_signs)
    given = {SIGN_PREFIX + sign.code: sign.answer for sign in signs if sign.answer in SIGN_ANSWERS}
    truths = {name: answer_of[getattr(report, name)] for name in TRUTHS}
    return {**{name: getattr(report, name) for name in names}, **truths, **given}


Result = ContactAttempt.Result
# Nobody calls again after these.
ENDS_THE_CALL = (Result.SPOKE, Result.DECLINED)


class CallForm(AnswersForm):
    """One call: reached or not, and then the answers."""

    result = chips(
        gettext_lazy("How did the call go?"),
        Result.choices,
        required=True,
        widget=forms.RadioSelect(attrs={"data-look": "chips", "autofocus": True}),
    )
    again_at = MomentField(label=gettext_lazy("Call again at"), required=False)
    needed = {"result": gettext_lazy("Choose how the call went.")}
    field_order = ["result"]

    def is_answered(self) -> bool:
        return self.cleaned_data.get("result") == Result.SPOKE or self.reports_sign

    def clean(self):
        data = super().clean()
        if self.reports_sign:
            # whoever reports a sign was spoken with, and nobody waits until some time for it
            self.errors.pop("result", None)
            if data.get("result") in (None, Result.CALL_AGAIN):
                data["result"] = Result.SPOKE
        elif "again_at" not in self.errors:
            self._check_time(data)
        return data

    def _check_time(self, data: dict) -> None:
        result, at = data.get("result"), data.get("again_at")
        if result == Result.CALL_AGAIN and at is None:
            sentence = _("Write when to call again, such as %(examples)s.") % {
                "examples": parsing.moment_examples()
            }
            self.add_error("again_at", forms.ValidationError(sentence, code="required"))
        elif at is not None and result in ENDS_THE_CALL:
            sentence = _("“%(result)s” ends this call. Choose another answer, or clear the time.") % {
                "result": Result(result).label
            }
            self.add_error("again_at", forms.ValidationError(sentence, code="contradiction"))


class RestForm(AnswersForm):
    """What a report of a warning sign did not wait for. Each answer may go on waiting."""

    MEASURES = (
        "now", "worst", "hours", "still_sore", "original_pain", "course", "bruise", "drank_water",
        "kept_moving", "took_painkiller",
    )  # fmt: skip

    def __init__(self, *args, report: SorenessReport, signs, **kwargs):
        waiting = soreness.not_asked(report.warning_signs)
        super().__init__(*args, signs=[sign for sign in signs if sign.code in waiting], **kwargs)
        self.filed_now = report.now
        for name in self.MEASURES:
            if getattr(report, name) not in (None, ""):
                del self.fields[name]

    def _check_numbers(self, data: dict) -> None:
        if self.filed_now is not None:
            data = {**data, "now": str(self.filed_now)}
        elif not data.get("now"):
            return
        super()._check_numbers(data)

    def _check_signs(self, data: dict) -> None:
        """A sign that is not asked now either stays so."""


class CloseForm(StaffForm):
    """Ends a follow-up without answers, or after a talk."""

    outcome = chips(gettext_lazy("How does it end?"), FollowUp.Outcome.choices, required=True)
    reason = TextField(label=gettext_lazy("In a few words"), widget=forms.Textarea(attrs={"rows": 2}))
    needed = {
        "outcome": gettext_lazy("Choose how it ends."),
        "reason": gettext_lazy("Write how it ended, in a few words."),
    }


class ActionForm(StaffForm):
    """The action taken on a warning sign."""

    action = TextField(
        label=gettext_lazy("What was done?"),
        help_text=gettext_lazy(
            "For example: called at 10:20 AM, the ambulance is on its way, her husband is with her."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needed = {"action": gettext_lazy("Write what was done, such as who was called.")}


class LevelForm(StaffForm):
    """How urgent a sign is, as a lead approves it."""

    urgency = forms.TypedChoiceField(
        label=gettext_lazy("What it asks for"),
        choices=Urgency.choices,
        coerce=int,
        widget=forms.RadioSelect(attrs={"data-look": "chips"}),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )
    reason = TextField(
        label=gettext_lazy("Reason, where it differs from the published level"),
        required=False,
        widget=forms.TextInput(),
    )
    needed = {"urgency": gettext_lazy("Choose what the sign asks for.")}
