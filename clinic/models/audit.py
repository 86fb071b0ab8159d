"""The audit event."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from clinic.models.base import MAX_TEXT, WrittenOnce, stamped_by
from clinic.models.columns import HexField


class AuditEvent(WrittenOnce):
    """One act or look. It has no foreign key to its object, so that it can outlive the row."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = stamped_by()
    actor_name = models.CharField(max_length=150, blank=True)
    code = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60, blank=True)
    object_ref = models.CharField(max_length=60, blank=True)
    patient_ref = models.CharField(max_length=20, blank=True)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(max_length=MAX_TEXT, blank=True)
    request_id = HexField(blank=True)
    address = models.CharField(max_length=45, blank=True)
    # not unique: the key is, and a fork would need two events of one number
    previous = HexField()
    mac = HexField()
    key_id = models.CharField(max_length=16)
    # the rows that it made, changed or removed, each with a MAC of its state: clinic.audit.rows
    rows = models.BinaryField(default=b"", blank=True)

    class Meta:
        ordering = ["seq"]
        # none has the key behind it: SQLite adds it anyway, PostgreSQL sorts the few events of one moment
        indexes = [
            models.Index(fields=["patient_ref"], name="audit_of_a_patient"),
            models.Index(fields=["object_ref"], name="audit_of_an_object"),
            # searches of the audit, newest first; the first also serves the records that a user opened last
            models.Index(fields=["actor", "code", "at"], name="audit_of_a_code_by_a_person"),
            models.Index(fields=["code", "at"], name="audit_of_a_code"),
            models.Index(fields=["actor", "at"], name="audit_by_a_person"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["request_id"], name="audit_of_a_request"),
        ]

    def __str__(self):
        return f"{self.seq} {self.code}"

    @property
    def who(self) -> str:
        """By the name of today, or as the account was called; blank where nobody did it."""
        return self.actor.display_name if self.actor else self.actor_name
