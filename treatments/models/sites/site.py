"""A needled site: the needle as data."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.models.base import MAX_TEXT, Side, done_by, paired, stamp, stamped_by
from treatments.models.session.parts import PartOfSession, SessionCondition
from treatments.models.session.session import NeedlingSession


class SiteQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(struck_at=None)

    def with_needles_in(self):
        """Sites whose needles dwell now, by their stored instants. A draft that ended holds none."""
        open_drafts = {"session__voided_at": None, "session__closed_unsigned_at": None}
        return self.standing().filter(needle_in_at__isnull=False, needle_out_at=None, **open_drafts)


class NeedleSite(PartOfSession):
    """One muscle on one side. Numbers are never reused; a removed site is struck and stays."""

    class Tissue(models.TextChoices):
        MUSCLE = "muscle", _("Muscle")
        TRIGGER_POINT = "trigger_point", _("Trigger point")
        CONNECTIVE = "connective", _("Connective tissue")
        FASCIA = "fascia", _("Fascia")
        SKIN = "skin", _("Skin")

    class Technique(models.TextChoices):
        IN_OUT = "in_out", _("In and out")
        PISTON = "piston", _("Pistoning")
        WINDING = "winding", _("Winding")
        STATIC = "static", _("Left in")
        FANNING = "fanning", _("Fanning")
        PERIOSTEAL = "periosteal", _("Periosteal pecking")
        STIMULATED = "stimulated", _("Left in with stimulation")

    class DepthClass(models.TextChoices):
        SUPERFICIAL = "superficial", _("Superficial")
        DEEP = "deep", _("Deep")

    class Bleeding(models.TextChoices):
        NONE = "none", _("None")
        SPOT = "spot", _("A spot")
        MINUTE = "minute", _("A minute or more")

    key = models.UUIDField(default=uuid.uuid4)
    session = models.ForeignKey(
        NeedlingSession, on_delete=models.PROTECT, related_name="sites", db_index=False
    )
    number = models.PositiveIntegerField()
    session_condition = models.ForeignKey(
        SessionCondition, null=True, blank=True, on_delete=models.PROTECT, related_name="sites"
    )
    muscle = models.ForeignKey(
        "treatments.Muscle", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unlisted_name = models.CharField(max_length=120, blank=True)
    region = models.ForeignKey(
        "clinic.BodyRegion", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sub_site = models.CharField(max_length=120, blank=True)
    side = models.CharField(max_length=8, choices=Side.choices)
    tissue = models.CharField(max_length=15, choices=Tissue.choices, default=Tissue.TRIGGER_POINT)
    technique = models.CharField(max_length=12, choices=Technique.choices)
    brand = models.CharField(max_length=60, blank=True)
    lot = models.CharField(max_length=60, blank=True)
    needle_expires_on = models.DateField(null=True, blank=True)
    gauge_mm = models.DecimalField(max_digits=3, decimal_places=2)
    length_mm = models.PositiveIntegerField()
    depth_mm = models.PositiveIntegerField(null=True, blank=True)
    depth_class = models.CharField(max_length=12, choices=DepthClass.choices, blank=True)
    direction = models.CharField(max_length=120, blank=True)
    needles = models.PositiveIntegerField()
    insertions = models.PositiveIntegerField()
    twitches = models.PositiveIntegerField(_("local twitch responses"))
    twitch_exhausted = models.BooleanField(null=True, blank=True)
    manipulation_seconds = models.PositiveIntegerField(null=True, blank=True)
    dwell_seconds = models.PositiveIntegerField(null=True, blank=True)
    needle_in_at = models.DateTimeField(null=True, blank=True)
    needle_out_at = models.DateTimeField(null=True, blank=True)
    stimulation_device = models.CharField(max_length=60, blank=True)
    stimulation_hz = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    stimulation_us = models.PositiveIntegerField(null=True, blank=True)
    stimulation_ma = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    stimulation_seconds = models.PositiveIntegerField(null=True, blank=True)
    taut_band = models.BooleanField(null=True, blank=True)
    nodule = models.BooleanField(null=True, blank=True)
    referral_reproduced = models.BooleanField(null=True, blank=True)
    pain_during = models.PositiveSmallIntegerField(null=True, blank=True)
    bleeding = models.CharField(max_length=8, choices=Bleeding.choices, blank=True)
    haemostasis = models.CharField(_("hemostasis"), max_length=120, blank=True)
    tolerance = models.CharField(max_length=200, blank=True)
    note = models.TextField(max_length=MAX_TEXT, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = done_by()
    struck_at = stamp()
    struck_by = stamped_by()

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            # asked on every staff page, and true of a handful of rows
            models.Index(
                fields=["needle_in_at"],
                name="site_needle_is_in",
                condition=Q(struck_at=None, needle_in_at__isnull=False, needle_out_at=None),
            ),
            models.Index(Upper("lot"), name="site_lot", condition=~Q(lot="")),
        ]
        constraints = [
            paired("struck"),
            models.UniqueConstraint(fields=["session", "key"], name="site_arrives_once"),
            models.UniqueConstraint(fields=["session", "number"], name="site_number_is_never_reused"),
            models.CheckConstraint(
                condition=Q(muscle__isnull=False, unlisted_name="") | (Q(muscle=None) & ~Q(unlisted_name="")),
                name="site_has_one_muscle",
                violation_error_message=_("Choose a muscle from the list, or write its name; not both."),
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values),
                name="site_has_a_side",
                violation_error_message=_("Choose left, right or midline."),
            ),
            models.CheckConstraint(
                condition=Q(gauge_mm__gte="0.10", gauge_mm__lte="0.90", length_mm__gte=5, length_mm__lte=150),
                name="site_needle_exists",
                violation_error_message=_("A filiform needle is 0.10 to 0.90 mm thick and 5 to 150 mm long."),
            ),
            models.CheckConstraint(
                condition=Q(depth_mm=None) | Q(depth_mm__lte=F("length_mm")),
                name="site_depth_is_within_the_needle",
                violation_error_message=_("The depth cannot be more than the needle's length."),
            ),
            models.CheckConstraint(
                condition=Q(
                    insertions__gte=1, insertions__lte=99, needles__gte=1, needles__lte=99, twitches__lte=99
                ),
                name="site_counts_are_possible",
                violation_error_message=_("Insertions and needles go from 1 to 99, twitches from 0 to 99."),
            ),
            models.CheckConstraint(
                condition=Q(needle_out_at=None)
                | Q(needle_in_at__isnull=False, needle_out_at__gte=F("needle_in_at")),
                name="site_needle_comes_out_after_it_goes_in",
                violation_error_message=_("The needle comes out after it goes in. Check both times."),
            ),
            models.CheckConstraint(
                condition=Q(dwell_seconds=None) | Q(dwell_seconds__lte=4 * 60 * 60),
                name="site_dwell_is_under_four_hours",
                violation_error_message=_("Needles stay in for less than four hours. Check the minutes."),
            ),
            models.CheckConstraint(
                condition=Q(pain_during=None) | Q(pain_during__lte=10), name="site_pain_is_0_to_10"
            ),
        ]

    def __str__(self):
        return gettext("site %(number)s of session %(session)s") % {
            "number": self.number,
            "session": self.session_id,
        }

    @property
    def name(self) -> str:
        """The muscle's name for people."""
        return self.muscle.name if self.muscle_id else self.unlisted_name
