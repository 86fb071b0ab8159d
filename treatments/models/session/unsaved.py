"""What somebody has begun on the session page and not kept yet. No record yet: it goes when it is kept."""

from django.db import models

from clinic.models.base import done_by
from treatments.models.session.session import NeedlingSession


class UnkeptEntry(models.Model):
    """The row, the line and the reasons that one writer of a draft has begun, as they were typed.

    `said` is {name of the page's field: text}. Names and sizes are those of `forms.session.unsaved`.
    """

    session = models.ForeignKey(
        NeedlingSession, on_delete=models.PROTECT, related_name="unkept_entries", db_index=False
    )
    user = done_by()
    said = models.JSONField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="unkept_stands_once_per_writer")
        ]

    def __str__(self):
        return f"unkept entry {self.pk}"
