"""The journal of merged records."""

from django.db import models

from clinic.models.base import MAX_TEXT, WrittenOnce, done_by


class MergeJournal(WrittenOnce):
    """The merge of two records of one person: who decided it and what was chosen. Undoing is another row."""

    loser = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False)
    survivor = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    choices = models.JSONField(default=dict)
    reason = models.TextField(max_length=MAX_TEXT, blank=True)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone"
    )
    merged_at = models.DateTimeField(auto_now_add=True)
    merged_by = done_by()

    def __str__(self):
        return f"merge {self.pk}"
