"""The health questions, their answers and the review by a therapist."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from clinic.models.base import (
    MAX_TEXT,
    LockedOnce,
    done_by,
    paired,
    stamp,
    stamped_by,
)
from clinic.models.columns import HexField
from clinic.models.own_rows import PracticeCatalogueRow, practice_row_constraints


class Level(models.TextChoices):
    """Severity: `clear` < `caution` < `stop`."""

    CLEAR = "clear", gettext_lazy("Clear")
    CAUTION = "caution", gettext_lazy("Caution")
    STOP = "stop", gettext_lazy("Stop")


class ScreeningItem(PracticeCatalogueRow):
    class Kind(models.TextChoices):
        INTAKE = "intake", gettext_lazy("Health questions")
        VISIT = "visit", gettext_lazy("Health update")

    class Scope(models.TextChoices):
        PATIENT = "patient", gettext_lazy("Whole patient")
        SITE = "site", gettext_lazy("Single sites")

    class ActsLike(models.TextChoices):
        """The shipped question whose rules at sites an own question takes over, by its code."""

        BLEEDING = "bleeding-disorder", gettext_lazy("Bleeding: deep muscles ask for a reason")
        PREGNANCY = "pregnant", gettext_lazy("Pregnancy: low back, pelvis and abdomen ask for a reason")
        DEVICE = "pacemaker", gettext_lazy("A device: stimulation asks for a reason")
        LUNG = "lungs", gettext_lazy("The lungs: sites over the lung ask for a reason")

    question = models.TextField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    concern_answer = models.CharField(max_length=3, default="yes")
    level = models.CharField(max_length=10, choices=Level.choices)
    unknown_level = models.CharField(max_length=10, choices=Level.choices, default=Level.CAUTION)
    asks_detail = models.BooleanField(default=False)
    asks_regions = models.BooleanField(default=False)
    lowerable = models.BooleanField(default=True)
    group = models.CharField(max_length=60)
    strip_label = models.CharField(max_length=40, blank=True)
    guidance = models.TextField(blank=True)
    acts_like = models.CharField(
        gettext_lazy("at sites it acts like"), max_length=60, choices=ActsLike.choices, blank=True
    )

    class Meta(PracticeCatalogueRow.Meta):
        verbose_name = gettext_lazy("health question")
        constraints = practice_row_constraints("code")


class ScreeningQuerySet(models.QuerySet):
    def reviewed(self):
        return self.filter(reviewed_at__isnull=False)

    def awaiting_review(self):
        return self.filter(reviewed_at=None, taken_at__isnull=False)


class Screening(LockedOnce):
    """One set of answers. A therapist's review locks it.

    The answers are packed as `patients.rules.wordings` has them. An unanswered question has no entry.
    """

    lock_fields = ("reviewed_at",)

    class Answer(models.TextChoices):
        YES = "yes", gettext_lazy("Yes")
        NO = "no", gettext_lazy("No")
        UNKNOWN = "unknown", gettext_lazy("I do not know")

    class Source(models.TextChoices):
        TABLET = "tablet", gettext_lazy("Answered by the patient on the clinic's tablet")
        STAFF = "staff", gettext_lazy("Asked by staff")
        LINK = "link", gettext_lazy("Answered by the patient by link")
        IMPORT = "import", gettext_lazy("From earlier records")

    class Decision(models.TextChoices):
        PROCEED = "proceed", gettext_lazy("Proceed")
        MODIFY = "modify", gettext_lazy("Proceed with changes")
        DEFER = "defer", gettext_lazy("Not today")
        REFER = "refer", gettext_lazy("Refer on")

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="screenings", db_index=False
    )
    visit = models.ForeignKey(
        "patients.Visit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="screenings",
        db_index=False,
    )
    kind = models.CharField(max_length=10, choices=ScreeningItem.Kind.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = done_by()
    rule_version = HexField()
    # codes of the questions that an answer of stop did not wait for
    not_asked = models.JSONField(default=list, blank=True)
    # apart from the others: the patient banner and each draft read these alone
    concerns = models.JSONField(gettext_lazy("answers of concern or not known"), default=list, blank=True)
    other_answers = models.JSONField(default=list, blank=True)
    computed_level = models.CharField(max_length=10, choices=Level.choices)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided_level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    reason = models.TextField(max_length=MAX_TEXT, blank=True)
    reviewed_at = stamp()
    reviewed_by = stamped_by()
    expires_on = models.DateField(null=True, blank=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("answers to health questions")
        ordering = ["-taken_at", "-pk"]
        indexes = [models.Index(fields=["patient", "kind", "-taken_at"])]
        constraints = [paired("reviewed")]

    def __str__(self):
        return gettext("answers %(number)s") % {"number": self.pk}
