"""The journal of merged records, and the list of pairs that are likely one person."""

from django.db import models
from django.utils import timezone

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


class LikelyPair(models.Model):
    """Two records of what is likely one person, as `find_duplicates` found them. Its key is its rank."""

    one = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False)
    score = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="likely_pair_is_listed_once")]

    def __str__(self):
        return f"likely pair {self.pk}"
