"""Disclosures: written once, corrected by a later row."""

from django.db import models
from django.utils.translation import gettext_lazy

from clinic.models.base import WrittenOnce, done_by


class Disclosure(WrittenOnce):
    """A disclosure: what was given to whom, when and why."""

    class Purpose(models.TextChoices):
        PATIENT = "patient", gettext_lazy("The patient asked for it")
        AUTHORISED = "authorised", gettext_lazy("The patient allowed it in writing")
        TREATMENT = "treatment", gettext_lazy("For treatment elsewhere")
        PAYMENT = "payment", gettext_lazy("For payment")
        OPERATIONS = "operations", gettext_lazy("For the practice's own work")
        LAW = "law", gettext_lazy("A law requires it")
        HEALTH = "health", gettext_lazy("Public health or oversight")
        COURT = "court", gettext_lazy("A court or its officer")
        OTHER = "other", gettext_lazy("Another reason")

    class Way(models.TextChoices):
        HAND = "hand", gettext_lazy("On paper, by hand")
        POST = "post", gettext_lazy("On paper, by mail")
        ELECTRONIC = "electronic", gettext_lazy("As a file")
        FAX = "fax", gettext_lazy("By fax")
        SPOKEN = "spoken", gettext_lazy("Spoken")

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="disclosures")
    given_on = models.DateField()
    recipient = models.CharField(max_length=200)
    recipient_address = models.CharField(max_length=300, blank=True)
    what = models.TextField(max_length=1000)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    purpose_words = models.TextField(max_length=1000, blank=True)
    way = models.CharField(max_length=12, choices=Way.choices)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = done_by()

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(purpose="other") | ~models.Q(purpose_words=""),
                name="disclosure_for_another_reason_says_which",
                violation_error_message=gettext_lazy("Say in a few words what it was given for."),
            ),
        ]

    def __str__(self):
        return f"disclosure {self.pk}"
