"""Form keys, with which a form that is sent twice counts once."""

from django.db import models

from clinic.models.base import done_by


class FormKey(models.Model):
    """A used form key and the address of its redirect. The same post again gets the same redirect."""

    user = done_by()
    key = models.UUIDField()
    action = models.CharField(max_length=60)
    # of the content that came with the key; empty for keys of earlier releases
    digest = models.CharField(max_length=64, blank=True, default="")
    answer_url = models.CharField(max_length=300, blank=True)
    used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="formkey_is_used_once")]

    def __str__(self):
        return self.action
