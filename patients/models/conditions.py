"""The condition treated: the catalogue, its diagnosis codes, and what one patient has."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from clinic.models.base import (
    MAX_TEXT,
    CatalogueQuerySet,
    ConditionSide,
    LockedOnce,
    NeverDeleted,
    done_by,
    paired,
    stamp,
    stamped_by,
)
from clinic.models.own_rows import PracticeCatalogueRow, PracticeRow, practice_row_constraints


class Condition(PracticeCatalogueRow):
    class Kind(models.TextChoices):
        DIAGNOSIS = "diagnosis", gettext_lazy("Condition")
        IMPAIRMENT = "impairment", gettext_lazy("Impairment")

    class SidePolicy(models.TextChoices):
        LEFT_RIGHT = "left_right", gettext_lazy("Left or right")
        LEFT_RIGHT_BOTH = "left_right_both", gettext_lazy("Left, right or both")
        LEFT_RIGHT_MIDLINE_BOTH = "left_right_midline_both", gettext_lazy("Left, right, midline or both")
        ANY = "any", gettext_lazy("Any")

    name = models.CharField(max_length=120)
    patient_term = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    region = models.CharField(max_length=30)
    side_policy = models.CharField(max_length=30, choices=SidePolicy.choices)
    ambiguous = models.BooleanField(default=False)
    guidance = models.TextField(blank=True)

    class Meta(PracticeCatalogueRow.Meta):
        constraints = practice_row_constraints("code")

    def __str__(self):
        return self.name


class ConditionName(PracticeRow, NeverDeleted):
    """What else people call a condition, and the variant that it proposes. Several may share a name."""

    condition = models.ForeignKey(
        "patients.Condition", on_delete=models.PROTECT, related_name="names", db_index=False
    )
    name = models.CharField(max_length=80)
    proposed_variant = models.CharField(max_length=60, blank=True)
    source = models.TextField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["condition", "name"]
        constraints = [
            # a later file may bring a name that the practice added before
            models.UniqueConstraint(
                fields=["condition", "name", "own"],
                name="conditionname_stands_once",
                violation_error_message=gettext_lazy("This condition has that name already."),
            ),
            *practice_row_constraints(),
        ]

    def __str__(self):
        return self.name


class DiagnosisFamily(PracticeRow, NeverDeleted):
    """A variant of a condition with its ICD-10-CM codes by side, without the encounter character."""

    condition = models.ForeignKey(
        "patients.Condition", on_delete=models.PROTECT, related_name="families", db_index=False
    )
    variant = models.CharField(max_length=60)
    label = models.CharField(max_length=160)
    code_right = models.CharField(max_length=10, blank=True)
    code_left = models.CharField(max_length=10, blank=True)
    code_both = models.CharField(max_length=10, blank=True)
    code_midline = models.CharField(max_length=10, blank=True)
    code_unspecified = models.CharField(max_length=10, blank=True)
    encounter = models.BooleanField(gettext_lazy("has an encounter character"), default=False)
    is_default = models.BooleanField(default=False)
    code_set_year = models.PositiveIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    source = models.TextField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["condition", "position", "pk"]
        verbose_name_plural = gettext_lazy("diagnosis families")
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "variant"], name="diagnosisfamily_variant_is_unique"
            ),
            *practice_row_constraints("variant"),
        ]

    def __str__(self):
        return self.label


class PatientConditionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(resolved_at=None)


class PatientCondition(LockedOnce):
    """What this patient is treated for, one row for each ICD-10-CM code."""

    lock_fields = ("resolved_at",)

    class Precision(models.TextChoices):
        DAY = "day", gettext_lazy("Day")
        MONTH = "month", gettext_lazy("Month")
        YEAR = "year", gettext_lazy("Year")

    class Cause(models.TextChoices):
        UNKNOWN = "unknown", gettext_lazy("Not known")
        GRADUAL = "gradual", gettext_lazy("Came on gradually")
        SPORT = "sport", gettext_lazy("Sport")
        WORK = "work", gettext_lazy("Work")
        ACCIDENT = "accident", gettext_lazy("Accident")
        SURGERY = "surgery", gettext_lazy("After surgery")

    class Encounter(models.TextChoices):
        INITIAL = "A", gettext_lazy("Active treatment")
        SUBSEQUENT = "D", gettext_lazy("Healing or recovery")
        SEQUELA = "S", gettext_lazy("Late effect")

    episode = models.ForeignKey("patients.Episode", on_delete=models.PROTECT, related_name="conditions")
    condition = models.ForeignKey("patients.Condition", on_delete=models.PROTECT, db_index=False)
    variant = models.ForeignKey(
        "patients.DiagnosisFamily", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    side = models.CharField(max_length=8, choices=ConditionSide.choices)
    icd10 = models.CharField(gettext_lazy("ICD-10-CM code"), max_length=10, blank=True)
    code_set_year = models.PositiveIntegerField(null=True, blank=True)
    encounter = models.CharField(max_length=1, choices=Encounter.choices, blank=True)
    onset_on = models.DateField(null=True, blank=True)
    onset_precision = models.CharField(max_length=5, choices=Precision.choices, blank=True)
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.UNKNOWN)
    goal = models.TextField(max_length=1000, blank=True)
    # the codes beside which it holds although the code set excludes them, apart by spaces, and why
    excluded_codes = models.CharField(max_length=200, blank=True)
    exclusion_reason = models.TextField(max_length=500, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    noted_by = done_by()
    resolved_at = stamp()
    resolved_by = stamped_by()
    resolved_reason = models.TextField(max_length=MAX_TEXT, blank=True)

    objects = PatientConditionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            paired("resolved"),
            models.CheckConstraint(
                condition=Q(onset_on=None) | ~Q(onset_precision=""),
                name="patientcondition_onset_says_how_exact",
            ),
            models.UniqueConstraint(
                F("episode"),
                F("condition"),
                F("side"),
                F("icd10"),
                condition=Q(resolved_at=None),
                name="patientcondition_stands_once",
                violation_error_message=gettext_lazy("This condition is already recorded for that side."),
            ),
        ]

    def __str__(self):
        return gettext("condition %(number)s") % {"number": self.pk}

    @property
    def label(self) -> str:
        """For people: “Tennis elbow, right”."""
        name = self.variant.label if self.variant else self.condition.name
        return f"{name}, {self.get_side_display().lower()}"
