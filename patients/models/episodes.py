"""The episode of care."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from clinic.models.base import MAX_TEXT, LockedOnce, done_by, paired, stamp, stamped_by


class EpisodeQuerySet(models.QuerySet):
    def open(self):
        return self.filter(discharged_at=None)


class Episode(LockedOnce):
    """An episode of care. `visits_before` counts the visits made before Filiform."""

    lock_fields = ("discharged_at",)

    class Access(models.TextChoices):
        DIRECT = "direct", gettext_lazy("Direct access")
        REFERRAL = "referral", gettext_lazy("Referral")

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="episodes")
    access = models.CharField(max_length=10, choices=Access.choices, default=Access.DIRECT)
    referral = models.ForeignKey(
        "patients.Referral", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = done_by()
    opened_on = models.DateField()
    target_visits = models.PositiveIntegerField(null=True, blank=True)
    visits_before = models.PositiveIntegerField(default=0)
    certified_until = models.DateField(null=True, blank=True)
    discharged_at = stamp()
    discharged_by = stamped_by()
    summary = models.TextField(max_length=MAX_TEXT, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            paired("discharged"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(discharged_at=None), name="patient_has_one_open_episode"
            ),
        ]

    def __str__(self):
        return gettext("episode %(number)s") % {"number": self.pk}
