"""What is measured, each part from its list, and the values of a measured line."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.forms.base import StaffForm
from clinic.models.base import Side
from clinic.values import errors
from clinic.web.text_fields import TextField
from treatments.forms.session.typed_values import LimitedText, MeasuredNumber
from treatments.models.session.measured import Device, Joint, Motion, Position, Scale, Unit
from treatments.rules.session import measuring

CHIPS = {"data-look": "chips"}
VALUES = ("before", "after")


class Grade(TextField):
    """A grade of a scale as it is said, such as “1+”."""

    def __init__(self, grades: Mapping[str, Decimal], **kwargs):
        widget = forms.TextInput(attrs={"data-width": "4"})
        super().__init__(required=False, widget=widget, **kwargs)
        self.grades = grades

    def clean(self, value):
        text = self.to_python(value).strip()
        if not text:
            return None
        for grade, number in self.grades.items():
            # another page of this draft may hold the number
            if text in (grade, str(number)):
                return number
        names = list(self.grades)
        message = _("Enter one of the grades %(grades)s or %(last)s.")
        raise forms.ValidationError(
            message % {"grades": ", ".join(names[:-1]), "last": names[-1]}, code="grade"
        )

    def prepare_value(self, value):
        grades = (grade for grade, number in self.grades.items() if number == value)
        return next(grades, value) if isinstance(value, Decimal) else value


def value_field(*, unit: str, scale: str, position: str, label) -> forms.Field:
    """The field of a value before or after, within the limits of what the line measures."""
    if grades := measuring.grades(scale):
        return Grade(grades, label=label)
    limits = measuring.limits(unit, position=position)
    return MeasuredNumber(low=limits.low, high=limits.high, label=label)


def _list(label, choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", gettext_lazy("Choose")), *choices.choices])


class MeasurementForm(StaffForm):
    """One line of one quantity: it has the fields of that quantity alone."""

    needed = {
        "joint": gettext_lazy("Choose the joint."),
        "motion": gettext_lazy("Choose the motion."),
        "muscle": gettext_lazy("Choose the muscle."),
        "side": gettext_lazy("Choose left, right or midline."),
        "active": gettext_lazy("Choose active or passive."),
        "unit": gettext_lazy("Choose the unit of the device."),
        "device": gettext_lazy("Choose what it is measured with."),
        "scale": gettext_lazy("Choose the scale."),
        "position": gettext_lazy("Choose how the patient lies, sits or stands."),
    }

    joint = _list(gettext_lazy("Joint"), Joint)
    motion = _list(gettext_lazy("Motion"), Motion)
    muscle = forms.ChoiceField(label=gettext_lazy("Muscle"))
    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        choices=Side.choices,
        widget=forms.RadioSelect(attrs={**CHIPS, "data-letters": "yes"}),
    )
    active = forms.ChoiceField(
        label=gettext_lazy("Active or passive"),
        choices=[("yes", gettext_lazy("Active")), ("no", gettext_lazy("Passive"))],
        widget=forms.RadioSelect(attrs=dict(CHIPS)),
    )
    unit = _list(gettext_lazy("Unit"), Unit)
    scale = _list(gettext_lazy("Scale"), Scale)
    device = _list(gettext_lazy("Measured with"), Device)
    position = _list(gettext_lazy("Position of the patient"), Position)
    before = forms.Field(label=gettext_lazy("Before"), required=False)
    after = forms.Field(label=gettext_lazy("After"), required=False)
    remark = LimitedText(
        limit=200,
        label=gettext_lazy("Anything else, in your words"),
        help_text=gettext_lazy("Such as “knee straight” or “stopped by pain”."),
    )

    def __init__(self, data=None, *, kind: str, muscles=(), **kwargs):
        """`muscles` are the current ones; `kind` is a kind of measurement."""
        self.quantity = measuring.QUANTITIES[kind]
        self.muscles = {muscle.code: muscle for muscle in muscles}
        self.kind = kind
        super().__init__(data, prefix="measurement", **kwargs)
        self.fields = {name: self.fields[name] for name in self.quantity.fields}
        self._offer()

    def _offer(self) -> None:
        """The words that belong to the quantity."""
        for name, words in (("unit", self.quantity.units), ("scale", self.quantity.scales),
                            ("device", self.quantity.devices)):  # fmt: skip
            if name in self.fields:
                choices = [(word.value, word.label) for word in words]
                self.fields[name].choices = [("", _("Choose")), *choices]
        if "muscle" in self.fields:
            names = [(code, muscle.name) for code, muscle in self.muscles.items()]
            self.fields["muscle"].choices = [("", _("Choose")), *names]
        for name in VALUES:
            self.fields[name] = self._value_field(self.fields[name].label)

    def _value_field(self, label) -> forms.Field:
        """Within the limits of the unit or scale; any text while that is not chosen, which is refused."""
        unit, scale = self._chosen("unit"), self._chosen("scale")
        if unit in measuring.LIMITS or scale in measuring.GRADES:
            return value_field(unit=unit, scale=scale, position="asked", label=label)
        return LimitedText(limit=20, label=label, widget=forms.TextInput(attrs={"data-width": "4"}))

    def _chosen(self, name: str) -> str:
        posted = self.data.get(self.add_prefix(name), "") if self.is_bound else ""
        return self.quantity.implied.get(name, posted)

    def clean(self):
        data = super().clean()
        for reason in measuring.motion_reasons(data.get("joint", ""), data.get("motion", "")):
            errors.add_to_form(self, errors.RuleViolation([reason]))
        return data

    def values(self) -> dict:
        """The columns of the line; `muscle` is the muscle itself."""
        data = {"kind": self.kind, **self.quantity.implied, **self.cleaned_data}
        if "active" in data:
            data["active"] = data["active"] == "yes"
        if "muscle" in data:
            data["muscle"] = self.muscles[data["muscle"]]
        return data
