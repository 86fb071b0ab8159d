"""What the administration asks of the practice's own conditions, codes, names and questions.

Each is laid over `clinic.administration.own_rows.OwnRowForm`, whose `offer` and `refuse` it uses. Where a row
ships, its fields are only read, and are no fields of the form.
"""

from django.utils.translation import gettext as _

from patients.forms.conditions import REGIONS
from patients.models import Condition, ConditionName, Level, Screening, ScreeningItem
from patients.rules import own_rows
from patients.rules.own_rows import ICD10_COLUMNS
from patients.rules.screenings import OWN_QUESTIONS


class OfCondition:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("region", REGIONS.items())


class OfOneCondition:
    """Of a row that belongs to one condition."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "condition" in self.fields:
            self.fields["condition"].queryset = Condition.objects.current()


class OfName(OfOneCondition):
    def clean(self):
        cleaned = super().clean()
        condition = cleaned.get("condition") or getattr(self.instance, "condition", None)
        same = ConditionName.objects.filter(condition=condition, name=cleaned.get("name"), own=True)
        if "name" in self.fields and same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("This condition has that name already."))
        return cleaned


class OfCode(OfOneCondition):
    def clean(self):
        cleaned = super().clean()
        codes = {name: (cleaned.get(name) or "").upper() for name in ICD10_COLUMNS if name in self.fields}
        cleaned |= codes
        starts, ends = cleaned.get("valid_from"), cleaned.get("valid_to")
        self.refuse(own_rows.code_reasons(codes, starts=starts, ends=ends))
        return cleaned


class OfQuestion:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        shipped = ScreeningItem.objects.current().filter(own=False).order_by("position")
        groups = dict.fromkeys([*shipped.values_list("group", flat=True), OWN_QUESTIONS])
        answers = (Screening.Answer.YES, Screening.Answer.NO)
        self.offer("group", [(group, group) for group in groups])
        self.offer("concern_answer", [(answer, answer.label) for answer in answers])
        self.offer("level", [(level, level.label) for level in (Level.CAUTION, Level.STOP)])

    def clean(self):
        cleaned = super().clean()
        scope = cleaned.get("scope") or self.instance.scope
        asked, acts_like = cleaned.get("question") or "", cleaned.get("acts_like") or ""
        self.refuse(own_rows.question_reasons(asked, scope=scope, acts_like=acts_like))
        return cleaned
