"""Hand-overs of the tablet, and answers that patients send by link."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.models.base import LockedOnce, done_by, paired, stamp, stamped_by


class Handover(LockedOnce):
    """The tablet in the patient's hands: one form for one patient, until a staff sign-in."""

    lock_fields = ("ended_at",)

    class Purpose(models.TextChoices):
        SCREENING = "screening", gettext_lazy("Health questions")
        CONSENT = "consent", gettext_lazy("Consent")

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="handovers", db_index=False
    )
    visit = models.ForeignKey(
        "patients.Visit", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    # the kind of questions, intake or visit, when the purpose is screening
    kind = models.CharField(max_length=10, blank=True)
    therapist = models.ForeignKey(
        "clinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    draft = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = done_by()
    finished_at = models.DateTimeField(null=True, blank=True)
    ended_at = stamp()
    ended_by = stamped_by()

    class Meta:
        constraints = [paired("ended")]

    def __str__(self):
        return f"handover {self.pk}"


class Intake(LockedOnce):
    """Answers that a patient sent by link, until a therapist takes them into the record."""

    lock_fields = ("accepted_at",)

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="intakes", db_index=False
    )
    link = models.ForeignKey(
        "clinic.PatientLink", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    visit = models.ForeignKey(
        "patients.Visit", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    answers = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_at = stamp()
    accepted_by = stamped_by()

    class Meta:
        constraints = [paired("accepted")]

    def __str__(self):
        return f"intake {self.pk}"
