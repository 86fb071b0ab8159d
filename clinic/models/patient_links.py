"""Links sent to patients, of which only the digest is stored."""

from django.db import models
from django.utils.translation import gettext, gettext_lazy

from clinic.models.base import LockedOnce, paired, stamp, stamped_by
from clinic.models.columns import HexField


class PatientLink(LockedOnce):
    """A link that was sent to a patient. Only the digest of its token is stored."""

    lock_fields = ("revoked_at", "used_at")

    class Purpose(models.TextChoices):
        INTAKE = "intake", gettext_lazy("Intake")
        SORENESS = "soreness", gettext_lazy("Soreness")

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    digest = HexField(unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    revoked_at = stamp()
    revoked_by = stamped_by()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [paired("revoked")]

    def __str__(self):
        return gettext("%(purpose)s link %(number)s") % {
            "purpose": self.get_purpose_display(),
            "number": self.pk,
        }
