"""The muscles, where they lie, what lies near them, and the other catalogues of treatment."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import BodyRegion
from clinic.models.base import CatalogueQuerySet, CatalogueRow, paired, stamp, stamped_by
from clinic.models.own_rows import PracticeCatalogueRow, practice_row_constraints
from clinic.models.rows import RelatedRows

# As the needle of a site: no depth is more.
LONGEST_NEEDLE_MM = 150
# What a row of a needled site says of its region.
REGION = ("pk", "code", "name", "view", "consent_group", "over_lung")
# What lies near a muscle and how it counts: a change of these is asked about in drafts that have it.
FACTS = ("hazards", "billing_key", "heads", "members")


class MuscleQuerySet(CatalogueQuerySet):
    def with_regions(self):
        """Muscles that know where they lie, in the same question."""
        regions = BodyRegion.objects.filter(muscles=models.OuterRef("pk")).order_by("position", "code")
        return self.annotate(in_regions=RelatedRows(regions, **{name: name for name in REGION}))

    def with_every_region(self):
        """For `put_regions`: the regions of all muscles as one list, on the first of them.

        A list on each is joined by the database for each.
        """
        links = Muscle.regions.through.objects.order_by("bodyregion__position", "bodyregion__code")
        every = RelatedRows(links, muscle="muscle", **{name: f"bodyregion__{name}" for name in REGION})
        is_first = models.Q(pk=models.Subquery(self.values("pk")[:1]))
        return self.annotate(every_region=models.Case(models.When(is_first, then=every)))


def put_regions(muscles: Sequence["Muscle"]) -> None:
    """Muscles that were asked for `with_every_region` know where they lie, as those of `with_regions` do."""
    of_muscle: dict[int, list[dict]] = {muscle.pk: [] for muscle in muscles}
    for link in muscles[0].every_region if muscles else ():
        own = of_muscle.get(link.pop("muscle"))
        if own is not None:
            own.append(link)
    for muscle in muscles:
        muscle.in_regions = of_muscle[muscle.pk]


def _within_a_needle(name: str) -> Q:
    return Q(**{name: None}) | Q(**{f"{name}__gte": 1, f"{name}__lte": LONGEST_NEEDLE_MM})


class Muscle(PracticeCatalogueRow):
    """A muscle or muscle group as one is needled. Lengths stand only where a source gives one."""

    class SidePolicy(models.TextChoices):
        PAIRED = "paired", _("Left or right")
        PAIRED_MIDLINE = "paired_midline", _("Left, right or midline")

    class Standing(models.TextChoices):
        USUAL = "usual", _("Usual")
        ADVANCED = "advanced", _("Advanced")
        NOT_RECOMMENDED = "not_recommended", _("Not recommended")
        CONTRAINDICATED = "contraindicated", _("Do not needle")

    name = models.CharField(max_length=120)
    regions = models.ManyToManyField("clinic.BodyRegion", related_name="muscles")
    group = models.CharField(max_length=40)
    # lung, cord, vert, nv, abd, joint, and deep: no finger can press on it when it bleeds
    hazards = models.JSONField(default=list, blank=True)
    # “lung: the source”, one or more for each hazard
    hazard_sources = models.JSONField(default=list, blank=True)
    side_policy = models.CharField(max_length=20, choices=SidePolicy.choices, default=SidePolicy.PAIRED)
    length_min_mm = models.PositiveIntegerField(null=True, blank=True)
    length_max_mm = models.PositiveIntegerField(null=True, blank=True)
    gauge_mm = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    usual_depth_mm = models.PositiveIntegerField(null=True, blank=True)
    depth_limit_mm = models.PositiveIntegerField(null=True, blank=True)
    limit_approved_by = models.CharField(_("limit approved by"), max_length=120, blank=True)
    limit_approved_on = models.DateField(_("limit approved on"), null=True, blank=True)
    # what is published of depth and length, each with its source
    depth_source = models.TextField(blank=True)
    angle_note = models.TextField(blank=True)
    default_status = models.CharField(max_length=20, choices=Standing.choices, default=Standing.USUAL)
    billing_key = models.CharField(max_length=60)
    # parts of one muscle, which a practice may count apart; one alone is the part that this row is
    heads = models.CharField(max_length=200, blank=True)
    # the muscles that this row stands for where they are several: a site says which
    members = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    # the last review: its day, who put it on record and when, and the digest of what was read then
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    reviewed_at = stamp()
    reviewed_by = stamped_by()
    reviewed_content = models.CharField(max_length=64, blank=True)
    # when one of `FACTS` was last changed: drafts that have it ask once more
    facts_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MuscleQuerySet.as_manager()

    class Meta(PracticeCatalogueRow.Meta):
        constraints = [
            paired("reviewed"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_on=None, reviewed_content="")
                | (Q(reviewed_at__isnull=False, reviewed_on__isnull=False) & ~Q(reviewed_content="")),
                name="muscle_review_says_what_and_when",
                violation_error_message=_("A review needs its day."),
            ),
            *practice_row_constraints("code"),
            models.CheckConstraint(
                condition=_within_a_needle("depth_limit_mm") & _within_a_needle("usual_depth_mm"),
                name="muscle_depths_fit_a_needle",
                violation_error_message=_("No needle is longer than 150 mm. Check both depths."),
            ),
        ]

    def __str__(self):
        return self.name

    def lies_in(self) -> list[BodyRegion]:
        """The regions of a muscle that was asked for `with_regions`, the first of them first."""
        return [BodyRegion(**row) for row in self.region_rows]

    @property
    def region_rows(self) -> list[dict]:
        """The columns `REGION` of each of those regions."""
        return self.in_regions


class SuggestedMuscle(models.Model):
    """A muscle usually needled for a condition, in order of rank."""

    condition = models.ForeignKey(
        "patients.Condition", on_delete=models.CASCADE, related_name="suggested_muscles", db_index=False
    )
    muscle = models.ForeignKey(
        "treatments.Muscle", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    rank = models.PositiveIntegerField()
    source = models.TextField()

    class Meta:
        ordering = ["condition", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["condition", "muscle"], name="suggestedmuscle_stands_once")
        ]

    def __str__(self):
        return f"suggestion {self.pk}"


class AdverseEventKind(CatalogueRow):
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    usual_severity = models.PositiveIntegerField(default=1)
    red_flag = models.BooleanField(default=False)
    icd10 = models.CharField(max_length=12, blank=True)
    guidance = models.TextField(blank=True)

    def __str__(self):
        return self.name


class NeedledPlace(models.TextChoices):
    """What lies under a site, as far as advice and warning signs depend on it."""

    LUNG = "lung", _("Over the lung")
    SPINE = "spine", _("Neck or beside the spine")


class AftercareAdvice(CatalogueRow):
    class Kind(models.TextChoices):
        DO = "do", _("Do")
        EXPECT = "expect", _("Expect")
        CALL = "call", _("Call us")

    text = models.TextField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # empty: after every session
    place = models.CharField(max_length=5, choices=NeedledPlace.choices, blank=True, default="")
