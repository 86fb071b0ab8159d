"""The link by which the first administrator of a practice chooses a password."""

from django.db import models

from clinic.models.base import LockedOnce, done_by
from clinic.models.columns import HexField


class FirstLink(LockedOnce):
    """Made at the machine for one person. Only the token's digest is stored; used or replaced it ends."""

    lock_fields = ("ended_at",)

    user = done_by()
    digest = HexField(unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"first link {self.pk}"
