"""A file of another system that was brought in, or waits for its confirmation."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.models.base import LockedOnce, done_by, paired, stamp, stamped_by
from clinic.models.columns import HexField


class BroughtFile(LockedOnce):
    """What it holds is kept only while it waits. Its digest tells the same file when it comes again."""

    lock_fields = ("ended_at",)

    class Kind(models.TextChoices):
        PATIENTS = "patients", gettext_lazy("Patients")
        BOOKINGS = "bookings", gettext_lazy("Bookings")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    digest = HexField()
    # compressed; nothing once it ended
    content = models.BinaryField(default=b"")
    # what each column holds, by its place
    mapping = models.JSONField(default=list)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = done_by()
    # brought in, or taken away
    ended_at = stamp()
    ended_by = stamped_by()
    # how many rows were written; none where it was taken away
    written = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [paired("ended")]

    def __str__(self):
        return f"file {self.pk}"
