"""The small forms around a draft: a region, a reason, the stamp of a client's request."""

import re
import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import StaffForm
from clinic.rules.body_chart import regions_by_code
from treatments.forms.session.typed_values import LimitedText
from treatments.models import DraftEvent


class RegionForm(StaffForm):
    """The list behind the body chart: where the next site will be."""

    region = forms.MultipleChoiceField(
        label=_("Region of the next site"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "body"}),
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, prefix="pick", **kwargs)

    @classmethod
    def prepare(cls, fields):
        super().prepare(fields)
        letters = (("l", "left"), ("r", "right"))
        fields["region"].choices = [
            (f"{code}-{letter}", f"{facts['name']}, {side}")
            for code, facts in regions_by_code().items()
            for letter, side in letters
        ]

    @property
    def picked(self) -> tuple[str, str]:
        """The first region that was ticked and its side, or blanks."""
        found = self.cleaned_data["region"] if self.is_valid() else []
        code, dash, letter = found[0].rpartition("-") if found else ("", "", "")
        return code, {"l": "left", "r": "right"}.get(letter, "")


class StampForm(StaffForm):
    """The stamp of a client's request: its client, its number, the version that it is based on.

    Scripts send it, and no page shows its fields.
    """

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    seq = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    base_version = forms.IntegerField(
        required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    origin = forms.ChoiceField(required=False, choices=DraftEvent.Origin.choices, widget=forms.HiddenInput)

    def values(self) -> dict:
        data = self.cleaned_data
        return {**data, "base_version": data["base_version"] or 0, "origin": data["origin"] or "typed"}


class PresenceForm(forms.Form):
    """An open page's report: its client, the newest change it has, and whether it is being closed."""

    client_id = forms.UUIDField()
    after = forms.IntegerField(min_value=0, max_value=2**63 - 1)
    # the newest reason for a rule that the page shows
    reasons = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    gone = forms.BooleanField(required=False)


class ReasonForm(StaffForm):
    """The reason that answers a prompt. Its ids on the page end in the rule and the site of the prompt."""

    needed = {
        "rule": _("This page is out of date. Open it again."),
        "reason": _("Say why, in a few words."),
    }

    rule = forms.SlugField(max_length=60, label=_("Rule"))
    reason = LimitedText(required=True, limit=1000, label=_("Reason"))
    key = forms.UUIDField(required=False, label=_("Key"))

    def __init__(self, data):
        about = "-".join(re.sub(r"[^0-9a-z-]", "", data.get(name, "")) for name in ("rule", "key"))
        self.about = about.strip("-")
        super().__init__(data, auto_id=f"id_%s-{self.about}")

    @property
    def again(self) -> dict:
        """What was typed and why it is refused, to be shown beside its prompt."""
        text, wrong = self.data.get("reason", ""), self.errors.get("reason", [])
        return {"field": f"reason-{self.about}", "text": text, "error": " ".join(wrong)}


class WhichForm(StaffForm):
    """Which of the muscles that its row stands for a site was in. `offered` are those that it asks among."""

    # its error stands over the button: there is one box for each muscle
    parts = forms.MultipleChoiceField(label=_("Muscles"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data, *, key: uuid.UUID, offered: tuple[str, ...]):
        self.key = str(key)
        super().__init__(data, auto_id=f"id_%s-{key}")
        self.fields["parts"].choices = [(part, part) for part in offered]

    def clean(self):
        data = super().clean()
        if self.errors.pop("parts", None) or not data.get("parts"):
            self.add_error(None, _("Choose one or more of these."))
        return data

    @property
    def again(self) -> dict:
        """Why it is refused and what was ticked, to be shown at its site."""
        return {
            "field": f"which-{self.key}",
            "error": " ".join(self.non_field_errors()),
            "ticked": self.data.getlist("parts"),
        }
