"""Between what the numbers are meant that a practice enters: one table for its forms and for the database.

Beyond them a rule is switched off, or a number was mistyped.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# {name of a column: (lowest, highest)}
Limits = Mapping[str, tuple[int, int]]

PRACTICE: Limits = {
    # own choice: a month to two years of health questions, to five of a consent
    "screening_months": (1, 24),
    "consent_months": (1, 60),
    # own choice: who was not reached after ten attempts is no case for an eleventh
    "call_attempts": (1, 10),
    # technical: the ends of a scale from 0 to 10; 0 is nothing felt
    "soreness_high_first": (1, 10),
    "soreness_high_later": (1, 10),
    "meaningful_change": (1, 10),
    # own choice: 0 asks at every signature; a sign-in ends after twelve hours
    "sign_reauth_minutes": (0, 720),
    # own choice: a lock of no minutes would shut everybody out, one of hours nobody
    "idle_lock_minutes": (1, 60),
    # own choice: an hour to a week
    "one_time_password_hours": (1, 168),
    # own choice: a visit is within one working day
    "visit_minutes": (5, 480),
    # own choice: an hour to thirty days
    "unsigned_nag_hours": (1, 720),
    "unsigned_lead_hours": (1, 720),
    # own choice: a day to a quarter of a year, and to a year
    "cosign_days": (1, 90),
    "credential_reminder_days": (1, 365),
    # own choice: a year to a century; ask your counsel
    "retention_years": (1, 100),
    # source: 755 ILCS 5/11-1 for the age of 18; own choice for the highest
    "retention_minor_age": (18, 40),
}
CREDENTIAL: Limits = {
    # own choice: what a certificate can say; a whole education has fewer hours
    "hours": (1, 5000),
    "sessions": (1, 5000),
}
STATE_RULES: Limits = {
    # own choice: 0 is a needle that does not stay; two hours are longer than any visit with needles
    "max_dwell_seconds": (0, 7200),
    # own choice: as for the credentials that answer them
    "hours_prerequisite": (1, 5000),
    "hours_didactic": (1, 5000),
    "hours_practicum": (1, 5000),
    "hours_total": (1, 5000),
    "supervised_sessions": (1, 5000),
    # own choice: a month to fifty years
    "min_licence_months": (1, 600),
    # own choice: a day to a year, and as many visits
    "direct_access_notice_days": (1, 366),
    "no_improvement_visits": (1, 366),
    "no_improvement_days": (1, 366),
    "adverse_event_report_days": (1, 366),
}


class WithinLimits(models.Model):
    """A row that a practice enters: each number beyond its limits is refused at its own field."""

    limits: Limits = {}

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        try:
            super().clean_fields(exclude=exclude)
            found = {}
        except ValidationError as refused:
            found = refused.update_error_dict({})
        for name in self.limits.keys() - {*(exclude or ())}:
            try:
                check(self.limits, name, getattr(self, name))
            except ValidationError as refused:
                found[name] = [refused]
        if found:
            raise ValidationError(found)


def check(limits: Limits, name: str, value) -> None:
    low, high = limits[name]
    if isinstance(value, int) and not low <= value <= high:
        message = _("Enter a whole number from %(low)s to %(high)s.")
        raise ValidationError(message % {"low": low, "high": high}, code="setting-beyond-limits")


def within(name: str, limits: Limits) -> models.CheckConstraint:
    """The numbers of one table, for whatever writes past the forms. A number that is not given is none."""
    condition = Q()
    for column, (low, high) in limits.items():
        condition &= Q(**{f"{column}__gte": low, f"{column}__lte": high})
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_message=gettext_lazy("A number is beyond its limits.")
    )
