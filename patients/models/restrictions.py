"""Access to restricted records: the people named, and emergency accesses."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clinic.models.base import MAX_TEXT, LockedOnce, done_by, paired, stamp, stamped_by


class PatientAccessQuerySet(models.QuerySet):
    def open_to(self, user, *, at=None):
        """Accesses that are open to this user now; every check of a restricted record uses this."""
        return self.current(at=at).filter(user=user)

    def current(self, *, at=None):
        return self.filter(Q(until_at=None) | Q(until_at__gt=at or timezone.now()))

    def named(self):
        """Accesses without an end: people whom a lead has named."""
        return self.filter(until_at=None)

    def unreviewed(self):
        """Emergency accesses that no lead has reviewed yet."""
        return self.filter(is_glass=True, seen_at=None)


class PatientAccess(LockedOnce):
    """Somebody named on a restricted record, or an emergency access for an hour."""

    lock_fields = ("seen_at",)
    never_locked = ("until_at",)

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="opened_to")
    user = done_by()
    reason = models.TextField(max_length=MAX_TEXT, blank=True)
    until_at = models.DateTimeField(null=True, blank=True)
    given_at = stamp()
    given_by = stamped_by()
    is_glass = models.BooleanField(default=False)
    seen_at = stamp()
    seen_by = stamped_by()

    objects = PatientAccessQuerySet.as_manager()

    class Meta:
        indexes = [
            # which restricted records somebody may see, asked by every list of patients
            models.Index(fields=["user"], name="access_of_somebody"),
            models.Index(fields=["given_at"], name="glass_unseen", condition=Q(is_glass=True, seen_at=None)),
        ]
        constraints = [paired("given"), paired("seen")]

    def __str__(self):
        return f"access {self.pk}"
