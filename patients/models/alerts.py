"""Allergies, medications, coverage, referrals and related persons of a patient."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from clinic.models.base import LockedOnce, WrittenOnce, done_by, paired, stamp, stamped_by


class RelatedPerson(LockedOnce):
    """A guardian or an emergency contact."""

    lock_fields = ("ended_at",)

    class Kind(models.TextChoices):
        GUARDIAN = "guardian", gettext_lazy("Guardian")
        EMERGENCY = "emergency", gettext_lazy("Emergency contact")

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="related_people")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()
    ended_at = stamp()
    ended_by = stamped_by()

    class Meta:
        constraints = [paired("ended")]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class Coverage(LockedOnce):
    """Who pays. Medicare does not cover dry needling by a physical therapist (APTA, February 2022)."""

    lock_fields = ("ended_at",)

    class Kind(models.TextChoices):
        SELF_PAY = "self_pay", gettext_lazy("Self-pay")
        COMMERCIAL = "commercial", gettext_lazy("Commercial plan")
        MEDICARE = "medicare", gettext_lazy("Medicare")
        MEDICAID = "medicaid", gettext_lazy("Medicaid")
        WORKERS_COMP = "workers_comp", gettext_lazy("Workers' compensation")
        OTHER = "other", gettext_lazy("Other")

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="coverages")
    payer = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    member_id = models.CharField(max_length=60, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()
    ended_at = stamp()
    ended_by = stamped_by()

    class Meta:
        constraints = [paired("ended")]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class Allergy(LockedOnce):
    lock_fields = ("ended_at",)

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="allergies")
    substance = models.CharField(max_length=120)
    reaction = models.CharField(max_length=200, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()
    ended_at = stamp()
    ended_by = stamped_by()

    class Meta:
        ordering = ["pk"]
        constraints = [paired("ended")]

    def __str__(self):
        return f"allergy {self.pk}"


class Medication(LockedOnce):
    lock_fields = ("ended_at",)

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="medications")
    name = models.CharField(max_length=120)
    dose = models.CharField(max_length=120, blank=True)
    thins_blood = models.BooleanField(default=False)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()
    ended_at = stamp()
    ended_by = stamped_by()

    class Meta:
        ordering = ["pk"]
        constraints = [paired("ended")]

    def __str__(self):
        return f"medication {self.pk}"


class Referral(WrittenOnce):
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="referrals")
    by_whom = models.CharField(max_length=200)
    profession = models.CharField(max_length=60, blank=True)
    diagnosis = models.CharField(max_length=300, blank=True)
    is_written = models.BooleanField(default=True)
    for_dry_needling = models.BooleanField(default=False)
    given_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()

    class Meta:
        ordering = ["-given_on", "-pk"]

    def __str__(self):
        return gettext("referral %(number)s") % {"number": self.pk}
