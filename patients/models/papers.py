"""Scanned papers of a record: what was filed, its bytes in parts, and that it was the wrong paper."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from clinic.models.base import NameThen, WrittenOnce, done_by
from clinic.models.columns import FileBytes, HexField

# A part is what a process holds of a file at a time, and one row of the database.
PART_BYTES = 256 * 1024  # technical:


class PaperQuerySet(models.QuerySet):
    def nonclinical(self):
        return self.exclude(kind__in=Paper.CLINICAL)


class Paper(WrittenOnce):
    """A file as it was filed. Its digest is that of all its parts, one after the other."""

    class Kind(models.TextChoices):
        CONSENT = "consent", gettext_lazy("Consent on paper")
        CARD_FRONT = "card_front", gettext_lazy("Insurance card, front")
        CARD_BACK = "card_back", gettext_lazy("Insurance card, back")
        IDENTITY = "identity", gettext_lazy("Photo ID")
        REFERRAL = "referral", gettext_lazy("Referral or prescription")
        CLINICAL = "clinical", gettext_lazy("Clinical: report, letter, old chart, health questions")
        OTHER = "other", gettext_lazy("Other, nothing clinical")

    class MediaType(models.TextChoices):
        PDF = "application/pdf", gettext_lazy("PDF")
        PNG = "image/png", gettext_lazy("PNG")
        JPEG = "image/jpeg", gettext_lazy("JPEG")

    CARDS = (Kind.CARD_FRONT, Kind.CARD_BACK)
    # read by those who may read a chart
    CLINICAL = (Kind.CLINICAL,)

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=120)
    paper_on = models.DateField()
    # the consent that was given on it, or the insurance whose card it is
    consent = models.ForeignKey(
        "patients.Consent",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="scans",
        db_index=False,
    )
    coverage = models.ForeignKey(
        "patients.Coverage",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cards",
        db_index=False,
    )
    media_type = models.CharField(max_length=20, choices=MediaType.choices)
    size = models.PositiveIntegerField()
    digest = HexField()
    filed_at = models.DateTimeField(default=timezone.now)
    filed_by = done_by()
    filed_by_name = NameThen(of="filed_by.display_name")

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-paper_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent=None) | Q(kind="consent"), name="paper_of_a_consent_is_a_consent"
            ),
            models.CheckConstraint(
                condition=Q(coverage=None) | Q(kind__in=["card_front", "card_back"]),
                name="paper_of_an_insurance_is_its_card",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="paper_is_not_empty"),
        ]

    def __str__(self):
        return gettext("paper %(number)s") % {"number": self.pk}


class PaperPart(WrittenOnce):
    """A piece of a file. No list of papers reads it: only who opens one, and the verification."""

    paper = models.ForeignKey(
        "patients.Paper", on_delete=models.PROTECT, related_name="parts", db_index=False
    )
    number = models.PositiveIntegerField()
    content = FileBytes()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="part_of_a_paper_is_one")]

    def __str__(self):
        return f"part {self.pk}"


class PaperMark(WrittenOnce):
    """The paper belongs to somebody else, or is not what it is called: it stays, and says so."""

    paper = models.OneToOneField("patients.Paper", on_delete=models.PROTECT, related_name="mark")
    reason = models.TextField(max_length=500)
    marked_at = models.DateTimeField(default=timezone.now)
    marked_by = done_by()
    marked_by_name = NameThen(of="marked_by.display_name")

    def __str__(self):
        return f"mark {self.pk}"
