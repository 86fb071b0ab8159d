"""Versions of the consent text."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy

from clinic.models import Jurisdiction
from clinic.models.base import LockedOnce, stamped_by


def _last(those: Q) -> Case:
    """A column to order by that puts these rows behind the others."""
    return Case(When(those, then=1), default=0, output_field=models.IntegerField())


class ConsentTextQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False, retired_at=None)

    def wanted_by(self, jurisdiction):
        """Texts for this jurisdiction, its own first, with “not acupuncture” when it needs that.

        Those of the rules that a practice has copied serve its copy too.
        """
        keys = () if jurisdiction is None else (jurisdiction.pk, jurisdiction.based_on_id)
        serving = self._serving(Q(jurisdiction__in=[key for key in keys if key is not None]))
        if jurisdiction is not None and jurisdiction.not_acupuncture_statement:
            serving = serving.filter(not_acupuncture=True)
        return serving

    def in_force(self, *, before, rules: str):
        """The same among those published before that instant; `rules` is a column of the outer row."""
        its_rules = Jurisdiction.objects.filter(pk=OuterRef(OuterRef(rules)))
        copied = Subquery(its_rules.values("based_on")[:1])
        serving = self._serving(Q(jurisdiction=OuterRef(rules)) | Q(jurisdiction=copied))
        says_not = Exists(its_rules.filter(not_acupuncture_statement=True))
        return serving.published().filter(Q(not_acupuncture=True) | ~Q(says_not), published_at__lt=before)

    def _serving(self, of_state: Q):
        """Those of the state first, then the practice's before the product's, which nobody published."""
        general = Q(jurisdiction=None) | Q(jurisdiction__code="general")
        # aliases: Django does not resolve a reference to the outer row in an ordering
        serving = self.filter(general | of_state).alias(
            is_general=_last(general), is_shipped=_last(Q(published_by=None))
        )
        return serving.order_by("is_general", "is_shipped", "-published_at", "-pk")


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
    # a name for each statement, by which versions are compared; patients do not see it
    statement_names = models.JSONField(default=list, blank=True)
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
