"""The form by which a lead puts on record that rows of the muscle catalogue were reviewed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import StaffForm
from clinic.forms.fields import DayField
from treatments.models import Muscle
from treatments.rules.sites import muscle_review


class MuscleReviewForm(StaffForm):
    """The value of each box names the row and the digest of what the page shows of it."""

    needed = {"muscles": _("Tick each muscle that you reviewed."), "on": _("Enter the day of the review.")}

    muscles = forms.MultipleChoiceField(label=_("Reviewed"), widget=forms.CheckboxSelectMultiple)
    on = DayField(label=_("Day of the review"))

    def __init__(self, *args, muscles: list[Muscle], **kwargs):
        super().__init__(*args, **kwargs)
        self.codes = {muscle.code for muscle in muscles}
        posted = self.data.getlist("muscles") if hasattr(self.data, "getlist") else []
        shown = [(box_value(muscle), muscle.name) for muscle in muscles]
        # a row that changed meanwhile is refused by its name, and not as something that was never offered
        older = [(value, value) for value in posted if value.partition(":")[0] in self.codes]
        self.fields["muscles"].choices = [*shown, *older]

    @property
    def contents(self) -> dict[str, str]:
        return dict(value.split(":", 1) for value in self.cleaned_data["muscles"])

    @property
    def ticked(self) -> set[str]:
        """The codes of the rows that were ticked."""
        return {str(value).partition(":")[0] for value in self["muscles"].value() or []}


def box_value(muscle: Muscle) -> str:
    return f"{muscle.code}:{muscle_review.content_of(muscle)}"
