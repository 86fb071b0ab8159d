"""Catalogues that ship with the product: body regions, jurisdiction rules, and the synced files."""

from django.db import models
from django.utils.translation import gettext_lazy

from clinic.models.base import CatalogueRow, paired, stamp, stamped_by


class BodyRegion(CatalogueRow):
    """A region of the body chart, for both sides: the side is a column of its own elsewhere."""

    class View(models.TextChoices):
        FRONT = "front", gettext_lazy("Front")
        BACK = "back", gettext_lazy("Back")

    name = models.CharField(max_length=80)
    view = models.CharField(max_length=5, choices=View.choices)
    group = models.CharField(max_length=40)
    consent_group = models.CharField(max_length=30)
    over_lung = models.BooleanField(default=False)
    caution = models.TextField(blank=True)


class Jurisdiction(CatalogueRow):
    """The rules of one state for one profession. A blank rule means that no text was found."""

    class Referral(models.TextChoices):
        NONE = "none", gettext_lazy("Not needed")
        ADVISED = "advised", gettext_lazy("Ask for one")
        REQUIRED = "required", gettext_lazy("Needed")

    class OutsideCourse(models.TextChoices):
        CAUTION = "caution", gettext_lazy("Asks for a reason")
        STOP = "stop", gettext_lazy("Refused")

    name = models.CharField(max_length=80)
    state = models.CharField(max_length=2, blank=True)
    profession = models.CharField(max_length=10, blank=True)
    allowed = models.BooleanField(null=True, blank=True)
    max_dwell_seconds = models.PositiveIntegerField(null=True, blank=True)
    stimulation_allowed = models.BooleanField(null=True, blank=True)
    added_modality_allowed = models.BooleanField(null=True, blank=True)
    local_points_only = models.BooleanField(null=True, blank=True)
    one_needle_per_insertion = models.BooleanField(null=True, blank=True)
    scope_note = models.TextField(blank=True)
    written_consent = models.BooleanField(null=True, blank=True)
    not_acupuncture_statement = models.BooleanField(null=True, blank=True)
    copy_to_patient = models.BooleanField(null=True, blank=True)
    first_time_document = models.BooleanField(null=True, blank=True)
    training_statement = models.BooleanField(null=True, blank=True)
    referral = models.CharField(max_length=10, choices=Referral.choices, blank=True)
    diagnosis_required = models.BooleanField(null=True, blank=True)
    delegation_allowed = models.BooleanField(null=True, blank=True)
    hours_prerequisite = models.PositiveIntegerField(null=True, blank=True)
    hours_didactic = models.PositiveIntegerField(null=True, blank=True)
    hours_practicum = models.PositiveIntegerField(null=True, blank=True)
    hours_total = models.PositiveIntegerField(null=True, blank=True)
    supervised_sessions = models.PositiveIntegerField(null=True, blank=True)
    exam_required = models.BooleanField(null=True, blank=True)
    outside_course = models.CharField(
        gettext_lazy("a part of the body outside the courses"),
        max_length=10,
        choices=OutsideCourse.choices,
        default=OutsideCourse.CAUTION,
    )
    min_licence_months = models.PositiveIntegerField(gettext_lazy("months of license"), null=True, blank=True)
    direct_access_notice_days = models.PositiveIntegerField(null=True, blank=True)
    no_improvement_visits = models.PositiveIntegerField(null=True, blank=True)
    no_improvement_days = models.PositiveIntegerField(null=True, blank=True)
    adverse_event_report_days = models.PositiveIntegerField(null=True, blank=True)
    record_note = models.TextField(blank=True)
    needs_legal_check = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_at = stamp()
    checked_by = stamped_by()

    class Meta(CatalogueRow.Meta):
        verbose_name = verbose_name_plural = gettext_lazy("state rules")
        constraints = [paired("checked")]

    def __str__(self):
        return self.name


class CatalogueFile(models.Model):
    """The digest of a catalogue file as it was last read, so that an unchanged file is skipped."""

    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    synced_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return self.name
