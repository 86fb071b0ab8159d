"""Catalogues that ship with the product: body regions, jurisdiction rules, and the synced files."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from clinic.models import limits
from clinic.models.base import CatalogueQuerySet, CatalogueRow, paired, stamp, stamped_by
from clinic.values.states import STATES


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


# What the code of the practice's own copy begins with; no shipped row's does.
OWN = "own-"


class JurisdictionQuerySet(CatalogueQuerySet):
    def shipped(self):
        return self.filter(based_on=None)

    def in_use(self):
        """What a place may stand under: shipped rules, and copies that the practice has approved."""
        return self.current().filter(Q(based_on=None) | Q(approved_at__isnull=False))


class Jurisdiction(limits.WithinLimits, CatalogueRow):
    """The rules of one state for one profession. A blank rule means that no text was found."""

    limits = limits.STATE_RULES

    class Status(models.TextChoices):
        ALLOWED = "allowed", gettext_lazy("Allowed")
        SILENT = "silent", gettext_lazy("The law is silent")
        BARRED = "barred", gettext_lazy("Not permitted")
        LATER = "later", gettext_lazy("Allowed later")

    class SourceKind(models.TextChoices):
        LAW = "law", gettext_lazy("Text of the law or rule, in a stored copy")
        BOARD = "board", gettext_lazy("The board or authority, in a stored copy")
        SUMMARY = "summary", gettext_lazy("Summaries by others")

    class Referral(models.TextChoices):
        NONE = "none", gettext_lazy("Not needed")
        ADVISED = "advised", gettext_lazy("Ask for one")
        REQUIRED = "required", gettext_lazy("Needed")

    class OutsideCourse(models.TextChoices):
        CAUTION = "caution", gettext_lazy("Asks for a reason")
        STOP = "stop", gettext_lazy("Refused")

    name = models.CharField(max_length=80)
    state = models.CharField(max_length=2, blank=True, choices=STATES)
    profession = models.CharField(max_length=10, blank=True)
    # “later” begins on `valid_from`; blank while that day is not known
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SILENT)
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
    consent_contents = models.TextField(blank=True, default="")
    referral = models.CharField(max_length=10, choices=Referral.choices, blank=True)
    diagnosis_required = models.BooleanField(null=True, blank=True)
    delegation_allowed = models.BooleanField(null=True, blank=True)
    hours_prerequisite = models.PositiveIntegerField(null=True, blank=True)
    hours_didactic = models.PositiveIntegerField(null=True, blank=True)
    hours_practicum = models.PositiveIntegerField(null=True, blank=True)
    hours_total = models.PositiveIntegerField(null=True, blank=True)
    training_kinds = models.TextField(blank=True, default="")
    supervised_sessions = models.PositiveIntegerField(null=True, blank=True)
    exam_required = models.BooleanField(null=True, blank=True)
    outside_course = models.CharField(
        gettext_lazy("a part of the body outside the courses"),
        max_length=10,
        choices=OutsideCourse.choices,
        default=OutsideCourse.CAUTION,
    )
    min_licence_months = models.PositiveIntegerField(gettext_lazy("months of license"), null=True, blank=True)
    registration = models.TextField(blank=True, default="")
    direct_access_notice_days = models.PositiveIntegerField(null=True, blank=True)
    no_improvement_visits = models.PositiveIntegerField(null=True, blank=True)
    no_improvement_days = models.PositiveIntegerField(null=True, blank=True)
    # whether the days above are business days; else they are days of the calendar
    business_days = models.BooleanField(null=True, blank=True)
    adverse_event_report_days = models.PositiveIntegerField(null=True, blank=True)
    record_note = models.TextField(blank=True)
    needs_legal_check = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    source_kind = models.CharField(max_length=10, choices=SourceKind.choices, blank=True, default="")
    # what was looked through for the rules that are blank
    searched_in = models.TextField(blank=True, default="")
    checked_at = stamp()
    checked_by = stamped_by()
    # the practice's own copy: of which shipped rules, who approved it and when
    based_on = models.ForeignKey(
        "self",
        verbose_name=gettext_lazy("copied from"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="copies",
        db_index=False,
    )
    approved_at = stamp()
    approved_by = stamped_by()

    objects = JurisdictionQuerySet.as_manager()

    class Meta(CatalogueRow.Meta):
        verbose_name = verbose_name_plural = gettext_lazy("state rules")
        constraints = [
            paired("checked"),
            paired("approved"),
            models.CheckConstraint(
                condition=Q(based_on=None, approved_at=None) & ~Q(code__startswith=OWN)
                | Q(based_on__isnull=False, code__startswith=OWN),
                name="jurisdiction_is_shipped_or_a_copy",
            ),
            limits.within("jurisdiction_numbers_are_within_limits", limits.STATE_RULES),
        ]

    def __str__(self):
        return self.name

    @property
    def is_own(self) -> bool:
        """Whether it is the practice's own copy, which no update of the program touches."""
        return self.based_on_id is not None


class CatalogueFile(models.Model):
    """The digest of a catalogue file as it was last read, so that an unchanged file is skipped."""

    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    synced_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return self.name
