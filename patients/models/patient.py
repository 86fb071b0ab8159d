"""The person treated, who stands beside them, and what the strip must say about them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from clinic.models.base import MAX_TEXT, NeverDeleted, WrittenOnce, done_by, paired, stamp, stamped_by
from clinic.values import references
from patients.models.access import PatientAccess


class PatientQuerySet(models.QuerySet):
    def living_records(self):
        """Records that were not merged into another."""
        return self.filter(merged_into=None)

    def visible_to(self, user):
        """Patients whose record this user may open. Restricted records open to named people only."""
        named = PatientAccess.objects.open_to(user).values("patient")
        return self.filter(Q(restricted_at=None) | Q(pk__in=named))


class Patient(NeverDeleted):
    """A patient's identity. One name at least; search keys are kept by the actions."""

    class Sex(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        OTHER = "other", "Other"
        UNKNOWN = "unknown", "Not known"

    ref = models.CharField(max_length=10, unique=True, default=references.patient_ref, editable=False)
    family_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    preferred_name = models.CharField(max_length=100, blank=True)
    name_key = models.CharField(max_length=320, editable=False, db_index=True)
    phone_key = models.CharField(max_length=20, blank=True, editable=False, db_index=True)
    born = models.DateField(db_index=True)
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    gender = models.CharField(max_length=60, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    language = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=60, blank=True, db_index=True)
    may_call = models.BooleanField(default=True)
    may_text = models.BooleanField(default=False)
    may_email = models.BooleanField(default=False)
    may_leave_voicemail = models.BooleanField(default=False)
    allergies_none_at = stamp()
    allergies_none_by = stamped_by()
    medications_none_at = stamp()
    medications_none_by = stamped_by()
    deceased_on = models.DateField(null=True, blank=True)
    # a patient who works here: that account never opens this record while it is restricted
    account = models.ForeignKey(
        "clinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    legal_hold_at = stamp()
    legal_hold_by = stamped_by()
    restricted_at = stamp()
    restricted_by = stamped_by()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    merged_at = stamp()
    merged_by = stamped_by()
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    registered_by = done_by()

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        constraints = [
            paired("legal_hold"),
            paired("restricted"),
            paired("merged"),
            paired("allergies_none"),
            paired("medications_none"),
            models.CheckConstraint(
                condition=~Q(family_name="") | ~Q(given_name=""),
                name="patient_has_a_name",
                violation_error_message="Enter a family name or a given name.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="patient_is_not_merged_into_itself",
            ),
        ]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("treatments:record", args=[self.ref])

    @property
    def listed_name(self) -> str:
        """Family name first, as lists and the strip show it."""
        return ", ".join(part for part in (self.family_name, self.given_name) if part)

    @property
    def spoken_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper() or "?"


class PatientKey(models.Model):
    """A key under which a patient is found, typing slips included. Made by patients.identity."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=80)

    class Meta:
        indexes = [
            # PostgreSQL looks up beginnings by the pattern operators; SQLite has and needs none.
            models.Index(
                fields=["kind", "value"], opclasses=["varchar_pattern_ops"] * 2, name="patientkey_begins"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind", "value"], name="patientkey_stands_once")
        ]

    def __str__(self):
        return f"{self.kind} key of patient {self.patient_id}"


class RelatedPerson(NeverDeleted):
    """A guardian or an emergency contact."""

    class Kind(models.TextChoices):
        GUARDIAN = "guardian", "Guardian"
        EMERGENCY = "emergency", "Emergency contact"

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


class Coverage(NeverDeleted):
    """Who pays. Medicare does not cover dry needling by a physical therapist (APTA, February 2022)."""

    class Kind(models.TextChoices):
        SELF_PAY = "self_pay", "Self-pay"
        COMMERCIAL = "commercial", "Commercial plan"
        MEDICARE = "medicare", "Medicare"
        MEDICAID = "medicaid", "Medicaid"
        WORKERS_COMP = "workers_comp", "Workers' compensation"
        OTHER = "other", "Other"

    class Notice(models.TextChoices):
        NONE = "none", "None given"
        VOLUNTARY = "voluntary", "Voluntary notice"
        MANDATORY = "mandatory", "Mandatory notice"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="coverages")
    payer = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    member_id = models.CharField(max_length=60, blank=True)
    notice = models.CharField(max_length=10, choices=Notice.choices, default=Notice.NONE)
    notice_signed_on = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()
    ended_at = stamp()
    ended_by = stamped_by()

    class Meta:
        constraints = [paired("ended")]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class Allergy(NeverDeleted):
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


class Medication(NeverDeleted):
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


class Referral(NeverDeleted):
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
        return f"referral {self.pk}"


class MergeJournal(WrittenOnce):
    """Two records were one person: who said so, and what was chosen. Undoing is a row of its own."""

    loser = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    survivor = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    choices = models.JSONField(default=dict)
    reason = models.TextField(max_length=MAX_TEXT, blank=True)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone"
    )
    merged_at = models.DateTimeField(auto_now_add=True)
    merged_by = done_by()

    def __str__(self):
        return f"merge {self.pk}"
