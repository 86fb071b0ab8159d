"""Versions of the consent text."""

from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy

from clinic.models.base import LockedOnce, stamped_by


class ConsentTextQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False, retired_at=None)

    def wanted_by(self, jurisdiction):
        """Texts for this jurisdiction, its own first, with “not acupuncture” when it needs that."""
        for_all = Q(jurisdiction=None) | Q(jurisdiction__code="general")
        serving = self.filter(for_all | Q(jurisdiction=jurisdiction))
        if jurisdiction is not None and jurisdiction.not_acupuncture_statement:
            serving = serving.filter(not_acupuncture=True)
        own = Case(When(jurisdiction=jurisdiction, then=0), default=1, output_field=models.IntegerField())
        return serving.order_by(own, "not_acupuncture", "-published_at", "-pk")


class ConsentText(LockedOnce):
    """A versioned text. Publishing locks it: a change of wording is a new version."""

    lock_fields = ("published_at",)
    never_locked = ("retired_at",)

    version = models.CharField(max_length=30)
    language = models.CharField(max_length=10, default="en")
    jurisdiction = models.ForeignKey(
        "clinic.Jurisdiction",
        verbose_name=gettext_lazy("state rules"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
    )
    title = models.CharField(max_length=200)
    body = models.TextField()
    statements = models.JSONField(default=list)
    not_acupuncture = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    source = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = stamped_by()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="consenttext_version_is_unique"),
        ]

    def __str__(self):
        return f"{self.version} ({self.language})"
