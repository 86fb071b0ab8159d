"""Licenses and certificates, and the reminders sent before they end."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.models import limits
from clinic.models.base import NeverDeleted, WrittenOnce, done_by
from clinic.models.practice import check_npi


class Credential(limits.WithinLimits, NeverDeleted):
    """A licence, course, exam, NPI or count of supervised sessions, with its days of validity."""

    limits = limits.CREDENTIAL

    class Kind(models.TextChoices):
        LICENCE = "licence", gettext_lazy("License")
        HOURS = "hours", gettext_lazy("Hours of instruction before needling")
        DIDACTIC = "didactic", gettext_lazy("Hours of needling theory")
        COURSE = "course", gettext_lazy("Needling course with practice")
        EXAM = "exam", gettext_lazy("Competency examination")
        SUPERVISED = "supervised", gettext_lazy("Supervised treatment sessions")
        NPI = "npi", gettext_lazy("National Provider Identifier (NPI)")

    user = models.ForeignKey("clinic.User", on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    jurisdiction = models.ForeignKey(
        "clinic.Jurisdiction",
        verbose_name=gettext_lazy("state rules"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
    )
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    regions = models.ManyToManyField("clinic.BodyRegion", blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    sessions = models.PositiveIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = done_by()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                name="credential_ends_after_it_is_issued",
                violation_error_message=gettext_lazy(
                    "A credential ends after it was issued. Check both days."
                ),
            ),
            limits.within("credential_numbers_are_within_limits", limits.CREDENTIAL),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    def clean(self):
        if self.kind == Credential.Kind.NPI:
            try:
                check_npi(self.number)
            except ValidationError as refused:
                raise ValidationError({"number": refused.messages}) from refused


class CredentialReminder(WrittenOnce):
    """One mail about the end of a credential; `days` is how many days before the end it was due."""

    credential = models.ForeignKey(
        "clinic.Credential", on_delete=models.PROTECT, related_name="reminders", db_index=False
    )
    expires_on = models.DateField()
    days = models.PositiveIntegerField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "expires_on", "days"], name="credential_reminder_is_sent_once"
            )
        ]

    def __str__(self):
        return f"reminder {self.pk}"
