"""Adverse events of a session: recorded, reported, and closed with their outcome."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.models.base import MAX_TEXT, LockedOnce, done_by, paired, stamp, stamped_by
from clinic.values.addresses import reverse
from patients.models import PatientAccess
from treatments.models.followups.contacts import SorenessReport
from treatments.models.session.session import NeedlingSession

# Kinds about a member of staff. They go into the sharps injury log and never into a patient's record.
STAFF_CATEGORY = "staff"


class AdverseEventQuerySet(models.QuerySet):
    def of_patients(self):
        """Without injuries of staff, which were filed here before the sharps injury log existed."""
        return self.exclude(kind__category=STAFF_CATEGORY)

    def of_staff(self):
        """Injuries of staff that stand in a patient's record and were not moved to the log yet."""
        return self.filter(kind__category=STAFF_CATEGORY, withdrawn_at=None)

    def standing(self):
        """Events on file: not entered in error."""
        return self.of_patients().filter(withdrawn_at=None)

    def open(self):
        """Events that nobody has closed."""
        return self.standing().filter(closed_at=None)

    def visible_to(self, user):
        """As their sessions: in restricted records for people named on them, and for who writes the draft."""
        named = PatientAccess.objects.open_to(user).values("patient")
        ended = ("signed_at", "voided_at", "closed_unsigned_at")
        is_draft = Q(**{f"session__{name}": None for name in ended})
        written = is_draft & (Q(session__therapist=user) | Q(session__supervisor=user))
        return self.filter(Q(session__patient__restricted_at=None) | Q(session__patient__in=named) | written)


class AdverseEvent(LockedOnce):
    """Something that went wrong, with or without harm; soreness that is expected is none.

    It may be corrected until it is closed or marked as entered in error; then nothing of it changes.
    """

    lock_fields = ("closed_at", "withdrawn_at")

    class Phase(models.TextChoices):
        DURING = "during", _("During treatment")
        SAME_DAY = "same_day", _("The same day")
        LATER = "later", _("Later")

    class Result(models.TextChoices):
        RESOLVED = "resolved", _("Resolved")
        RECOVERING = "recovering", _("Recovering")
        ONGOING = "ongoing", _("Ongoing")
        SEQUELAE = "sequelae", _("Lasting effects")
        FATAL = "fatal", _("Patient died")
        UNKNOWN = "unknown", _("Not known")

    session = models.ForeignKey(NeedlingSession, on_delete=models.PROTECT, related_name="adverse_events")
    site = models.ForeignKey(
        "treatments.NeedleSite", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    report = models.ForeignKey(
        SorenessReport, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.ForeignKey("treatments.AdverseEventKind", on_delete=models.PROTECT)
    severity = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=10, choices=Phase.choices)
    onset_at = models.DateTimeField(null=True, blank=True)
    detected_by = models.CharField(max_length=120, blank=True)
    action = models.TextField(max_length=MAX_TEXT, blank=True)
    outcome = models.CharField(max_length=10, choices=Result.choices, default=Result.UNKNOWN)
    notified = models.CharField(max_length=300, blank=True)
    report_due_on = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = done_by()
    # to whom it was reported and on which day, as entered at `reported_at`
    reported_to = models.CharField(max_length=120, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    reported_at = stamp()
    reported_by = stamped_by()
    closing_note = models.TextField(max_length=MAX_TEXT, blank=True)
    closed_at = stamp()
    closed_by = stamped_by()
    withdrawn_reason = models.TextField(max_length=MAX_TEXT, blank=True)
    withdrawn_at = stamp()
    withdrawn_by = stamped_by()

    objects = AdverseEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["noted_at"], name="adverseevent_noted"),
            models.Index(
                fields=["severity"],
                name="adverseevent_open",
                condition=Q(closed_at=None, withdrawn_at=None),
            ),
        ]
        constraints = [
            paired("reported"),
            paired("closed"),
            paired("withdrawn", word=_("entered in error")),
            models.CheckConstraint(condition=Q(severity__lte=3), name="adverseevent_severity_is_0_to_3"),
            models.CheckConstraint(
                condition=Q(reported_at=None, reported_on=None, reported_to="")
                | (Q(reported_at__isnull=False, reported_on__isnull=False) & ~Q(reported_to="")),
                name="adverseevent_report_says_to_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing_note="")
                | (Q(closed_at__isnull=False) & ~Q(closing_note="")),
                name="adverseevent_closes_with_a_note",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="adverseevent_in_error_says_why",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(withdrawn_at=None), name="adverseevent_ends_in_one_way"
            ),
        ]

    def __str__(self):
        return gettext("adverse event %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("treatments:adverse-event-page", args=[self.session.ref, self.pk])
