"""What belongs to a session and locks with it: conditions, measurements, advice, changes, overrides."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.models.base import (
    MAX_TEXT,
    ConditionSide,
    LockedWith,
    Side,
    WrittenOnce,
    done_by,
    paired,
    stamp,
    stamped_by,
)
from treatments.models.session.session import NeedlingSession


class PartOfSession(LockedWith):
    """A row that belongs to a session and is locked with it."""

    locked_with = "session"

    class Meta:
        abstract = True


class SessionCondition(PartOfSession):
    """A condition treated in a session, with the pain before and after (NPRS 0-10)."""

    session = models.ForeignKey(
        NeedlingSession, on_delete=models.PROTECT, related_name="conditions", db_index=False
    )
    patient_condition = models.ForeignKey(
        "patients.PatientCondition", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=200)
    side = models.CharField(max_length=8, choices=ConditionSide.choices)
    icd10 = models.CharField(max_length=10, blank=True)
    code_set_year = models.PositiveIntegerField(null=True, blank=True)
    # the last day of that set, where the session is later: an expired set
    code_set_ended_on = models.DateField(null=True, blank=True)
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)
    not_asked_before = models.CharField(max_length=200, blank=True)
    not_asked_after = models.CharField(max_length=200, blank=True)
    removed_at = stamp()
    removed_by = stamped_by()

    class Meta:
        ordering = ["pk"]
        constraints = [
            paired("removed"),
            models.UniqueConstraint(
                fields=["session", "patient_condition"], name="sessioncondition_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(pain_before=None) | Q(pain_before__lte=10),
                name="pain_before_is_0_to_10",
                violation_error_message=_("Choose a number from 0 to 10."),
            ),
            models.CheckConstraint(
                condition=Q(pain_after=None) | Q(pain_after__lte=10),
                name="pain_after_is_0_to_10",
                violation_error_message=_("Choose a number from 0 to 10."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["code_set_ended_on"],
                condition=Q(code_set_ended_on__isnull=False),
                name="sessioncondition_expired_set",
            )
        ]

    def __str__(self):
        return gettext("session condition %(number)s") % {"number": self.pk}


class Measurement(PartOfSession):
    """One quantity before and after, with what it takes to measure it again in the same way.

    A line of an earlier release has no device and no position, and its joint and motion are free text.
    """

    class Kind(models.TextChoices):
        RANGE = "rom", _("Range of motion")
        STRENGTH = "mmt", _("Muscle strength")
        TONE = "tone", _("Muscle tone")
        PRESSURE = "ppt", _("Pressure pain threshold")

    session = models.ForeignKey(NeedlingSession, on_delete=models.PROTECT, related_name="measurements")
    session_condition = models.ForeignKey(
        SessionCondition,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="measurements",
        db_index=False,
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    joint = models.CharField(max_length=40, blank=True)
    motion = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)
    muscle = models.ForeignKey(
        "treatments.Muscle", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    scale = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=8, choices=Side.choices)
    before = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    after = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    device = models.CharField(max_length=60, blank=True)
    position = models.CharField(max_length=60, blank=True)
    pain_at_end = models.BooleanField(default=False)
    reference = models.CharField(max_length=120, blank=True)
    remark = models.CharField(max_length=200, blank=True, default="")
    struck_at = stamp()
    struck_by = stamped_by()

    class Meta:
        ordering = ["pk"]
        constraints = [paired("struck")]

    def __str__(self):
        return f"measurement {self.pk}"

    @property
    def muscle_name(self) -> str:
        return self.muscle.name if self.muscle else ""


class Aftercare(PartOfSession):
    """Advice that was given, with its words as they stood."""

    session = models.ForeignKey(
        NeedlingSession, on_delete=models.PROTECT, related_name="aftercare", db_index=False
    )
    item = models.ForeignKey(
        "treatments.AftercareAdvice", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField()
    handout_version = models.CharField(max_length=40, blank=True)
    given_at = stamp()
    given_by = stamped_by()

    class Meta:
        ordering = ["item__position", "pk"]
        constraints = [
            paired("given"),
            models.UniqueConstraint(fields=["session", "item"], name="aftercare_item_stands_once"),
        ]

    def __str__(self):
        return f"aftercare {self.pk}"


class DraftEvent(WrittenOnce):
    """One change of one field of a draft: history, undo and origin come from these rows."""

    locked_with = "session"

    class Origin(models.TextChoices):
        TYPED = "typed", _("Typed")
        TAPPED = "tapped", _("Tapped")
        ADOPTED = "adopted", _("Taken from an earlier session")
        PROPOSED = "proposed", _("Proposed and confirmed")
        TIMER = "timer", _("From the timer")
        PATIENT = "patient", _("From the patient")
        COPIED = "copied", _("Copied, not confirmed")
        CONFIRMED = "confirmed", _("Copied and confirmed")

    session = models.ForeignKey(
        NeedlingSession, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    client_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    field = models.CharField(max_length=60)
    site_key = models.UUIDField(null=True, blank=True)
    part = models.CharField(max_length=40, blank=True)
    base_version = models.BigIntegerField(default=0)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TYPED)
    adopted_from = models.ForeignKey(
        NeedlingSession, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)
    by = done_by()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["session", "field", "site_key", "part"])]
        constraints = [
            models.UniqueConstraint(fields=["session", "client_id", "seq"], name="draftevent_arrives_once")
        ]

    def __str__(self):
        return f"draft event {self.pk}"


class Override(WrittenOnce):
    """A rule that was answered with a reason."""

    locked_with = "session"

    session = models.ForeignKey(NeedlingSession, on_delete=models.PROTECT, related_name="overrides")
    site = models.ForeignKey(
        "treatments.NeedleSite",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="overrides",
        db_index=False,
    )
    rule = models.CharField(max_length=60)
    # the question as it stood: a reason holds for these words. Blank where they were not kept.
    asked = models.TextField(blank=True, default="")
    reason = models.TextField(max_length=MAX_TEXT)
    at = models.DateTimeField(default=timezone.now)
    by = done_by()

    class Meta:
        indexes = [models.Index(fields=["at"], name="override_newest")]

    def __str__(self):
        return f"override {self.pk}"
