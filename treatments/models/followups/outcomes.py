"""Outcome measures that were scored in an episode of care."""

from django.db import models

from clinic.models.base import WrittenOnce, done_by


class OutcomeScore(WrittenOnce):
    """The total of an outcome measure. Item texts are licensed works and are not stored."""

    episode = models.ForeignKey(
        "patients.Episode", on_delete=models.PROTECT, related_name="scores", db_index=False
    )
    condition = models.ForeignKey(
        "patients.PatientCondition",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="scores",
        db_index=False,
    )
    instrument = models.CharField(max_length=20)
    side = models.CharField(max_length=8, blank=True)
    scored_on = models.DateField()
    value = models.DecimalField(max_digits=6, decimal_places=2)
    noted_at = models.DateTimeField(auto_now_add=True)
    noted_by = done_by()

    def __str__(self):
        return f"score {self.pk}"
