"""The forms that merge two records, and that take a merge back."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from patients.forms.restrictions import reason_field
from patients.models import Patient
from treatments.forms.signing import ProofForm
from treatments.rules import merging
from treatments.rules.merging import LOSER, SURVIVOR, LaterRow


class MergeForm(ProofForm):
    """Of each column in which the two differ, whose value stands; why; and the proof."""

    reason = reason_field(
        gettext_lazy("Why are they one person?"),
        gettext_lazy("For example: married, registered again by phone; asked the patient"),
    )
    apart_reason = reason_field(
        gettext_lazy("Somebody said that they are different people. Why are they one all the same?"),
        gettext_lazy("For example: asked the patient, who has used both names"),
    )
    needed = {
        "reason": gettext_lazy("Say why they are one person."),
        "apart_reason": merging.SAY_WHY_ALL_THE_SAME,
    }

    def __init__(self, *args, survivor: Patient, loser: Patient, is_kept_apart: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_kept_apart:
            del self.fields["apart_reason"]
        names = merging.differing(survivor, loser)
        for name in names:
            self.fields[name] = forms.ChoiceField(
                label=merging.LABELS[name],
                choices=[
                    (SURVIVOR, _value(survivor, name)),
                    (LOSER, _value(loser, name)),
                ],
                initial=merging.likely_choice(name, survivor, loser),
                widget=forms.RadioSelect(attrs={"data-look": "chips"}),
                error_messages={"required": _("Choose one of the two.")},
            )
        self.chosen = names
        self.order_fields([*names, "reason", "apart_reason", "password"])

    @property
    def choices(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.chosen}


class TakeBackForm(ProofForm):
    """Whose each row is that was written since the merge; why; and the proof."""

    reason = reason_field(
        gettext_lazy("Why is it taken back?"), gettext_lazy("For example: two people after all, cousins")
    )
    needed = {"reason": gettext_lazy("Say why the merge is taken back.")}

    def __init__(self, *args, rows: list[LaterRow], survivor: Patient, loser: Patient, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = [row.value for row in rows]
        for row in rows:
            self.fields[row.value] = forms.ChoiceField(
                label=_row_label(row),
                choices=[
                    (SURVIVOR, _("Stays with %(ref)s") % {"ref": survivor.ref}),
                    (LOSER, _("Goes to %(ref)s") % {"ref": loser.ref}),
                ],
                widget=forms.RadioSelect(attrs={"data-look": "chips"}),
                error_messages={"required": _("Choose whose it is.")},
            )
        self.order_fields([*self.rows, "reason", "password"])

    @property
    def moved(self) -> list[str]:
        return [value for value in self.rows if self.cleaned_data[value] == LOSER]


def _value(patient: Patient, name: str) -> str:
    return f"{merging.shown_value(patient, name)} ({patient.ref})"


def _row_label(row: LaterRow) -> str:
    if row.value.startswith("visit-"):
        return _("Appointment of %(at)s") % {"at": formats.moment(row.at)}
    return _("%(label)s, written %(at)s") % {"label": row.label, "at": formats.moment(row.at)}
