"""Sets of diagnosis codes, each in force from a day to a day."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.models.base import NeverDeleted


class CodeSet(NeverDeleted):
    """The ICD-10-CM codes of a fiscal year, or of a part of it where a release of April changed them.

    `codes` is packed text (`clinic.rules.code_sets`): all of the publisher's codes, or those of some
    categories where `is_excerpt`. `records` counts the codes and headings of the publisher's whole file.
    """

    fiscal_year = models.PositiveIntegerField()
    release = models.CharField(max_length=80)
    valid_from = models.DateField(unique=True)
    valid_to = models.DateField()
    is_excerpt = models.BooleanField(default=False)
    records = models.PositiveIntegerField()
    source = models.TextField()
    digest = models.CharField(max_length=64)
    codes = models.BinaryField()
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = gettext_lazy("code set")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="codeset_ends_after_it_begins"
            )
        ]

    def __str__(self):
        return f"FY{self.fiscal_year}"
