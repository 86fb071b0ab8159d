"""The session page's fields outside the sites: one form for the page, the single field and the plain post."""

from functools import cache

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clinic import formats
from clinic.django_internals import shared_fields
from clinic.forms.base import StaffForm
from treatments.forms.session.measuring import value_field
from treatments.forms.session.typed_values import LimitedText, TimeOfDay, WholeNumber
from treatments.models import NeedlingSession
from treatments.rules import billing
from treatments.rules.session import draft_parts, fields
from treatments.rules.session.draft import Draft
from treatments.rules.session.fields import NOT_ASKED_REASON
from treatments.rules.session.parts import DraftCondition

FORM_ID = "session-form"
SCALE = [
    *((str(number), str(number)) for number in range(11)),
    (fields.NOT_ASKED_CHOICE, gettext_lazy("Not asked")),
]
PAIN_LABELS = {
    "before": (gettext_lazy("Pain before"), gettext_lazy("Why the pain before was not asked")),
    "after": (gettext_lazy("Pain after"), gettext_lazy("Why the pain after was not asked")),
}
PAIN_LABELS_OF = {
    "before": (
        gettext_lazy("Pain before, %(condition)s"),
        gettext_lazy("Why the pain before was not asked, %(condition)s"),
    ),
    "after": (
        gettext_lazy("Pain after, %(condition)s"),
        gettext_lazy("Why the pain after was not asked, %(condition)s"),
    ),
}
CODES = [("", gettext_lazy("As proposed")), (billing.FEW, billing.FEW), (billing.MANY, billing.MANY)]


class PainField(forms.ChoiceField):
    """0 to 10, or “not asked”; an empty answer is no answer."""

    def __init__(self, **kwargs):
        widget = forms.RadioSelect(attrs={"data-look": "scale"})
        super().__init__(choices=SCALE, required=False, widget=widget, **kwargs)
        self.error_messages["invalid_choice"] = gettext_lazy("Choose a number from 0 to 10, or “Not asked”.")

    def clean(self, value):
        value = super().clean(value)
        return int(value) if value.isdigit() else value or None


class SessionForm(StaffForm):
    """Built from a draft. Field names are `field` or `field-part`."""

    def __init__(self, data=None, *, draft: Draft, **kwargs):
        super().__init__(data, initial={**_initial(draft), **kwargs.pop("initial", {})}, **kwargs)
        self.fields |= _place(_times(draft)) | _plain_fields()
        own: dict[str, forms.Field] = {}
        if draft.practice.two_people_count:
            own["needles_second"] = _second_count(draft)
        for row in draft.conditions:
            own |= _pain_fields(row, several=len(draft.conditions) > 1)
        for row in draft.measurements:
            words = {"unit": row.unit, "scale": row.scale, "position": row.position}
            own[f"measure_before-{row.pk}"] = value_field(label=_("Before"), **words)
            own[f"measure_after-{row.pk}"] = value_field(label=_("After"), **words)
        own |= {
            f"advice-{item.code}": forms.BooleanField(required=False, label=item.text)
            for item in draft.advice_here
        }
        self.fields |= _place(own)

    def clean_one(self, name: str, value: str):
        """The value of one field as it was posted; raises the field's own sentences."""
        return self.fields[name].clean(value)

    def changes(self) -> dict[str, tuple]:
        """{name: (value, its number in the form)} of what differs from the draft."""
        found = {}
        for number, name in enumerate(self.fields, start=1):
            field = self[name].field
            current = field.clean(field.prepare_value(self.initial.get(name)))
            if self.cleaned_data[name] != current:
                found[name] = (self.cleaned_data[name], number)
        return found

    def of(self, field: str) -> list:
        """The bound fields of one kind, such as every “pain_before”."""
        return [self[name] for name in self.fields if fields.split(name)[0] == field]


def _place(fields: dict[str, forms.Field]) -> dict[str, forms.Field]:
    """The fields stand outside their form, by whose id they belong to it."""
    for name, field in fields.items():
        field.widget.attrs |= {"form": FORM_ID, "data-field": name}
    return fields


def _times(draft: Draft) -> dict[str, forms.Field]:
    day = draft_parts.day_of(draft.session)
    return {
        "started_at": TimeOfDay(on=day, label=_("Start")),
        "ended_at": TimeOfDay(on=day, after=draft.session.started_at, label=_("End")),
    }


def _plain_fields() -> dict[str, forms.Field]:
    """What every draft asks alike."""
    return _made() if shared_fields.SHORTCUT.is_off else _kept(get_language())


@cache
def _kept(language: str | None) -> dict[str, forms.Field]:
    return shared_fields.KeptFields(_made())


def _made() -> dict[str, forms.Field]:
    chips = {"data-look": "chips"}
    return _place(
        {
            "position": _choice(_("Position"), NeedlingSession.Position, chips),
            "not_needled": forms.ChoiceField(
                required=False,
                label=_("Was the patient needled?"),
                choices=[("", _("Needled")), *NeedlingSession.NotNeedled.choices],
                widget=forms.RadioSelect(attrs=dict(chips)),
            ),
            "not_needled_detail": _text(_("Why not, in a few words"), rows=2),
            "skin_prep": _choice(_("Skin preparation"), NeedlingSession.SkinPrep, chips),
            "needles_out": WholeNumber(low=0, high=999, label=_("Out")),
            "needles_opened": WholeNumber(low=0, high=999, label=_("Needles opened")),
            "needles_unused": WholeNumber(low=0, high=999, label=_("Opened and not used")),
            "tolerance": _choice(_("Tolerated"), NeedlingSession.Tolerance, chips),
            "tolerance_detail": _text(_("What happened, and what was done"), rows=2),
            "other_care": _text(_("Other treatment given"), rows=2),
            "note": _text(_("Note"), rows=4),
            "plan": _text(_("Plan"), rows=2),
            "next_visit_on": forms.DateField(
                required=False,
                label=_("Next visit"),
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "data-width": "8"}),
                error_messages={
                    "invalid": _("Enter a date such as %(example)s.")
                    % {"example": formats.of_country("DAY_EXAMPLE")}
                },
            ),
            "billing_code": forms.ChoiceField(
                required=False,
                label=_("Billing code"),
                choices=CODES,
                widget=forms.RadioSelect(attrs={"data-look": "seg"}),
            ),
            "billing_override_reason": LimitedText(limit=1000, label=_("Why another code than proposed")),
        }
    )


def _second_count(draft: Draft) -> forms.ChoiceField:
    """Somebody else's account: a name that is typed could be anybody's, and could not be asked later."""
    first = draft.session.needles_counted_by_id
    others = [(one.username, one.display_name) for one in draft.counters if one.pk != first]
    field = forms.ChoiceField(
        label=_("Counted with"), required=False, choices=[("", _("Nobody yet")), *others]
    )
    field.error_messages["invalid_choice"] = _("Choose somebody of the list.")
    return field


def _pain_fields(row: DraftCondition, *, several: bool) -> dict[str, forms.Field]:
    labels, named = (PAIN_LABELS_OF, {"condition": row.named}) if several else (PAIN_LABELS, {})
    found: dict[str, forms.Field] = {}
    for when, (pain, why) in labels.items():
        found[f"pain_{when}-{row.pk}"] = PainField(label=pain % named)
        found[f"not_asked_{when}-{row.pk}"] = LimitedText(limit=200, label=why % named)
    return found


def _choice(label: str, choices, attrs: dict) -> forms.ChoiceField:
    field = forms.ChoiceField(
        label=label, required=False, choices=choices.choices, widget=forms.RadioSelect(attrs=dict(attrs))
    )
    field.error_messages["invalid_choice"] = _("Choose one of the answers.")
    return field


def _text(label: str, rows: int) -> LimitedText:
    return LimitedText(label=label, widget=forms.Textarea(attrs={"rows": rows}))


def _initial(draft: Draft) -> dict:
    """The values of the draft now, as the form shows it."""
    # the identity is confirmed with the signature: it is no field of this form
    names = [name for name, place in fields.PLACES.items() if place == fields.SESSION]
    values = {name: getattr(draft.session, name) for name in names if name != "identity_checked"}
    for condition in draft.conditions:
        values |= _pain_values(condition)
    for row in draft.measurements:
        values[f"measure_before-{row.pk}"] = row.before
        values[f"measure_after-{row.pk}"] = row.after
    values |= {f"advice-{item.code}": item.code in draft.advice_given for item in draft.advice_here}
    return values


def _pain_values(row: DraftCondition) -> dict[str, str]:
    values = {}
    for when in ("before", "after"):
        pain, why = getattr(row, f"pain_{when}"), getattr(row, f"not_asked_{when}")
        without_number = fields.NOT_ASKED_CHOICE if why else ""
        values[f"pain_{when}-{row.pk}"] = without_number if pain is None else str(pain)
        values[f"not_asked_{when}-{row.pk}"] = "" if why == NOT_ASKED_REASON else why
    return values
