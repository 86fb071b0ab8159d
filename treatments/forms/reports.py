"""The forms of the reports: days, therapist, and the number of a lot."""

import datetime as dt

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import User
from treatments.forms.adverse_events import PeriodForm, TherapistChoice
from treatments.forms.session.typed_values import LimitedText
from treatments.rules.reports import report
from treatments.rules.reports.report import Terms


class ReportForm(PeriodForm):
    """Days and therapist, which stand in the address. Whoever reads their own work chooses no therapist."""

    therapist = TherapistChoice()

    def __init__(self, *args, own: User | None, any_day: bool, today: dt.date, **kwargs):
        """`any_day`: without days the report is about all of them."""
        super().__init__(*args, **kwargs)
        self.own, self.any_day, self.today = own, any_day, today
        if own is not None:
            del self.fields["therapist"]

    def clean(self):
        values = super().clean()
        first, last = values.get("first"), values.get("last") or self.today
        if first and not self.any_day and (last - first).days >= report.MAX_DAYS:
            sentence = _("Choose %(days)s days or fewer.") % {"days": report.MAX_DAYS}
            self.add_error("last", forms.ValidationError(sentence, code="too-many-days"))
        return values

    @property
    def terms(self) -> Terms:
        typed = self.cleaned_data
        first, last = typed["first"], typed["last"]
        if not self.any_day:
            first, last = report.period(first, last, today=self.today)
        return Terms(first, last, self.own or typed.get("therapist"), is_own=self.own is not None)


class LotForm(ReportForm):
    needed = {"lot": gettext_lazy("Type the lot number printed on the box.")}

    lot = LimitedText(required=True, limit=60, label=gettext_lazy("Lot number"))
    field_order = ["lot", "first", "last", "therapist"]
