"""The keys under which a patient is found."""

from django.db import models


class PatientKey(models.Model):
    """A search key of a patient, typing slips included. `patients.rules.identity.keys` makes them."""

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.CASCADE, related_name="keys", db_index=False
    )
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=80)

    class Meta:
        indexes = [
            # PostgreSQL searches prefixes with pattern operators, which SQLite does not need.
            models.Index(
                fields=["kind", "value"], opclasses=["varchar_pattern_ops"] * 2, name="patientkey_begins"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind", "value"], name="patientkey_stands_once")
        ]

    def __str__(self):
        return f"{self.kind} key of patient {self.patient_id}"
