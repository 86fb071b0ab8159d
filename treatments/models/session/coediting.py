"""Which pages have a draft open right now. Nothing of the record: rows go when a page does."""

from django.db import models

from clinic.models.base import done_by
from treatments.models.session.session import NeedlingSession


class DraftPresence(models.Model):
    """One open page of one draft, and when it was last heard of."""

    session = models.ForeignKey(
        NeedlingSession, on_delete=models.PROTECT, related_name="presences", db_index=False
    )
    client_id = models.UUIDField()
    user = done_by()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "client_id"], name="presence_stands_once_per_page")
        ]

    def __str__(self):
        return f"draft presence {self.pk}"
