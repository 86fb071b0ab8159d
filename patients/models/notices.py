"""Medicare notices of non-coverage (form CMS-R-131) that a patient was given."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from clinic.models.base import LockedOnce, done_by, paired, stamp, stamped_by


class NonCoverageNotice(LockedOnce):
    """What the form says is never changed: the row ends, and a new notice is a row of its own."""

    lock_fields = ("ended_at",)

    class Kind(models.TextChoices):
        VOLUNTARY = "voluntary", gettext_lazy("Voluntary notice")
        MANDATORY = "mandatory", gettext_lazy("Mandatory notice")

    class Option(models.TextChoices):
        BILL = "1", gettext_lazy("Option 1: wants it, bill Medicare")
        NO_BILL = "2", gettext_lazy("Option 2: wants it, do not bill Medicare")
        DECLINE = "3", gettext_lazy("Option 3: does not want it")

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="noncoverage_notices"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # printed on the form; none where an earlier version of Filiform did not ask
    form_expires_on = models.DateField(null=True, blank=True)
    items = models.TextField(max_length=500, blank=True)
    reason = models.TextField(max_length=500, blank=True)
    # US dollars
    estimated_cost = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    option = models.CharField(max_length=1, choices=Option.choices, blank=True)
    given_on = models.DateField()
    # none where only the day is known
    given_at = models.DateTimeField(null=True, blank=True)
    is_signed = models.BooleanField(default=False)
    # the treatment of this day, or those from it to the last day
    for_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()
    ended_at = stamp()
    ended_by = stamped_by()

    class Meta:
        constraints = [
            paired("ended"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("for_on")),
                name="notice_ends_after_it_begins",
                violation_error_message=gettext_lazy("The last day is before the first one."),
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | ~Q(items="") & ~Q(reason=""),
                name="notice_of_a_course_says_items_and_reason",
                violation_error_message=gettext_lazy("Say what Medicare may not pay, and why."),
            ),
        ]

    def __str__(self):
        return gettext("notice %(number)s") % {"number": self.pk}
