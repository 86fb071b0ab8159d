"""The patient."""

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.models.base import NeverDeleted, done_by, paired, stamp, stamped_by
from clinic.models.references import Referenced, ReferencedQuerySet
from clinic.values import references
from clinic.values.addresses import reverse
from patients.models.restrictions import PatientAccess


class PatientQuerySet(ReferencedQuerySet):
    def living_records(self):
        """Records that were not merged into another."""
        return self.filter(merged_into=None)

    def of_one_person(self, of: OuterRef, standing: OuterRef):
        """The record with key `of` and those merged with it; `standing` is the one that it was merged into.

        Whoever asks for what may harm a patient asks all of them.
        """
        return self.filter(Q(pk=of) | Q(pk=standing) | Q(merged_into=of) | Q(merged_into=standing)).order_by()

    def visible_to(self, user, *, at=None):
        """Patients whose record this user may open; a restricted record only when they are named on it."""
        named = PatientAccess.objects.open_to(user, at=at).values("patient")
        return self.filter(Q(restricted_at=None) | Q(pk__in=named))

    def closed_to(self, user, *, at=None):
        """Restricted records on which this user is not named."""
        named = PatientAccess.objects.open_to(user, at=at).values("patient")
        return self.filter(restricted_at__isnull=False).exclude(pk__in=named)


class Patient(Referenced, NeverDeleted):
    """A patient's identity. At least one name is needed; the actions update the search keys."""

    class Sex(models.TextChoices):
        FEMALE = "female", gettext_lazy("Female")
        MALE = "male", gettext_lazy("Male")
        OTHER = "other", gettext_lazy("Other")
        UNKNOWN = "unknown", gettext_lazy("Not known")

    # The answers in the patient banner, when the patient was read by `with_risk_flags`.
    banner_answers: list[dict] | None = None
    # The records merged into this one, when the patient was read by `with_risk_flags`.
    banner_merged: list[dict]
    # The merged record that led a search to this one, which stands for it.
    found_as: "Patient | None" = None

    ref = models.CharField(max_length=10, unique=True, default=references.patient_ref, editable=False)
    family_name = models.CharField(gettext_lazy("last name"), max_length=100, blank=True)
    given_name = models.CharField(gettext_lazy("first name"), max_length=100, blank=True)
    preferred_name = models.CharField(max_length=100, blank=True)
    name_key = models.CharField(max_length=320, editable=False)
    phone_key = models.CharField(max_length=20, blank=True, editable=False)
    born = models.DateField(db_index=True)
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    gender = models.CharField(max_length=60, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    # the number on file reaches somebody else
    phone_wrong_at = stamp()
    phone_wrong_by = stamped_by()
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    language = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=60, blank=True)
    # nothing clinical: everybody at the desk reads it
    note = models.CharField(max_length=500, blank=True)
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
        "clinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    legal_hold_at = stamp()
    legal_hold_by = stamped_by()
    restricted_at = stamp()
    restricted_by = stamped_by()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from", db_index=False
    )
    merged_at = stamp()
    merged_by = stamped_by()
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    registered_by = done_by()

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        # not db_index, which on PostgreSQL makes a second one for LIKE
        indexes = [
            models.Index(fields=["name_key"], name="patient_by_name"),
            models.Index(fields=["phone_key"], name="patient_by_phone"),
            # the few records that are closed to most
            models.Index(
                fields=["restricted_at"], name="patient_restricted", condition=Q(restricted_at__isnull=False)
            ),
            # the few records that were merged, by the one that stands
            models.Index(
                fields=["merged_into"], name="patient_merged", condition=Q(merged_into__isnull=False)
            ),
        ]
        constraints = [
            paired("phone_wrong"),
            paired("legal_hold"),
            paired("restricted"),
            paired("merged"),
            paired("allergies_none"),
            paired("medications_none"),
            models.CheckConstraint(
                condition=~Q(family_name="") | ~Q(given_name=""),
                name="patient_has_a_name",
                violation_error_message=gettext_lazy("Enter a last name or a first name."),
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
        """Family name first, as lists and the patient banner show it."""
        return ", ".join(part for part in (self.family_name, self.given_name) if part)

    @property
    def spoken_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper() or "?"
