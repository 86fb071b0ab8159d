"""What the rules of a state ask to be done for a patient, once it is done."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.models.base import NameThen, WrittenOnce, done_by


class StateDuty(WrittenOnce):
    """A duty of the state's rules that was fulfilled: on which day, for whom or how in words."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", gettext_lazy("Document about dry needling given to the patient")
        TRAINING = "training", gettext_lazy("Patient told in writing how the therapist is trained")
        NOTICE = "notice", gettext_lazy("Patient's doctor told of the treatment")
        IMPROVEMENT = "improvement", gettext_lazy("Measurable or functional improvement found")
        REFERRED = "referred", gettext_lazy("Patient referred to their doctor")

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="state_duties")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    done_on = models.DateField()
    detail = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()
    noted_by_name = NameThen(of="noted_by.display_name")

    class Meta:
        ordering = ["-done_on", "-pk"]

    def __str__(self):
        return f"duty {self.pk}"
