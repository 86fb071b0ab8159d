"""A visit from booking to checking out."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.models.base import NeverDeleted, WrittenOnce, done_by, paired, stamp, stamped_by
from clinic.models.references import Referenced, ReferencedQuerySet
from clinic.values import references
from patients.models.restrictions import PatientAccess


class VisitQuerySet(ReferencedQuerySet):
    def visible_to(self, user, *, at=None):
        """Visits whose patient's record is open to this user."""
        named = PatientAccess.objects.open_to(user, at=at).values("patient")
        return self.filter(Q(patient__restricted_at=None) | Q(patient__in=named))

    def standing(self):
        """Neither cancelled nor missed."""
        return self.filter(cancelled_at=None, missed_at=None)

    def between(self, start, end):
        return self.filter(booked_for__gte=start, booked_for__lt=end)

    def expected(self):
        return self.standing().filter(arrived_at=None)

    def present(self):
        return self.standing().filter(arrived_at__isnull=False, left_at=None)


class Visit(Referenced, NeverDeleted):
    """An appointment or a walk-in. Its stamps record the steps; each can be undone."""

    class Kind(models.TextChoices):
        FIRST = "first", gettext_lazy("First visit")
        FOLLOW_UP = "follow_up", gettext_lazy("Follow-up visit")
        REVIEW = "review", gettext_lazy("Review")

    ref = models.CharField(max_length=10, unique=True, default=references.record_ref, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="visits", db_index=False
    )
    location = models.ForeignKey("clinic.Location", on_delete=models.PROTECT, db_index=False)
    room = models.ForeignKey("clinic.Room", null=True, blank=True, on_delete=models.PROTECT, db_index=False)
    therapist = models.ForeignKey(
        "clinic.User", on_delete=models.PROTECT, related_name="visits", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FOLLOW_UP)
    booked_for = models.DateTimeField(db_index=True)
    minutes = models.PositiveIntegerField(default=30)
    desk_note = models.TextField(max_length=500, blank=True)
    booked_at = models.DateTimeField(default=timezone.now, editable=False)
    booked_by = done_by()
    arrived_at = stamp()
    arrived_by = stamped_by()
    roomed_at = stamp()
    roomed_by = stamped_by()
    left_at = stamp()
    left_by = stamped_by()
    cancelled_at = stamp()
    cancelled_by = stamped_by()
    missed_at = stamp()
    missed_by = stamped_by()
    end_reason = models.TextField(gettext_lazy("reason"), max_length=500, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["booked_for", "pk"]
        indexes = [
            models.Index(fields=["patient", "booked_for"]),
            models.Index(fields=["therapist", "booked_for"]),
            models.Index(fields=["location", "booked_for"]),
        ]
        constraints = [
            *(paired(name) for name in ("arrived", "roomed", "missed")),
            paired("left", word=gettext_lazy("completed")),
            paired("cancelled", word=gettext_lazy("canceled")),
            models.CheckConstraint(
                condition=Q(roomed_at=None) | Q(arrived_at__isnull=False),
                name="visit_is_roomed_after_arrival",
                violation_error_message=gettext_lazy("Check the patient in before taking them to a room."),
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(arrived_at__isnull=False),
                name="visit_is_left_after_arrival",
                violation_error_message=gettext_lazy("Check the patient in before they leave."),
            ),
            models.CheckConstraint(
                condition=(Q(cancelled_at=None) & Q(missed_at=None)) | Q(arrived_at=None),
                name="visit_that_took_place_is_not_cancelled",
                violation_error_message=gettext_lazy("This patient has arrived: undo the check-in first."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5) & Q(minutes__lte=480),
                name="visit_lasts_five_minutes_to_eight_hours",
            ),
        ]

    def __str__(self):
        return self.ref

    @property
    def state(self) -> str:
        """expected, arrived, in_room, left, cancelled or missed."""
        stamps = (
            ("cancelled", self.cancelled_at),
            ("missed", self.missed_at),
            ("left", self.left_at),
            ("in_room", self.roomed_at),
            ("arrived", self.arrived_at),
        )
        return next((name for name, at in stamps if at), "expected")


class StampWithdrawal(WrittenOnce):
    """A stamp that was undone, with its time and user, and the reason."""

    visit = models.ForeignKey(
        "patients.Visit", on_delete=models.PROTECT, related_name="withdrawals", db_index=False
    )
    stamp = models.CharField(max_length=12)
    stamped_at = models.DateTimeField()
    stamped_by = done_by()
    reason = models.TextField(max_length=500)
    withdrawn_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = done_by()

    def __str__(self):
        return f"withdrawal {self.pk}"
