"""The words of questions, once for all answers to them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.models.base import WrittenOnce


class QuestionWording(WrittenOnce):
    """How a question was worded. A change of its text is a new version; answers name the one they heard."""

    class Catalogue(models.TextChoices):
        HEALTH = "health", gettext_lazy("Health questions")
        WARNING_SIGN = "warning_sign", gettext_lazy("Warning signs")

    catalogue = models.CharField(max_length=12, choices=Catalogue.choices)
    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["catalogue", "code", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "code", "version"], name="question_version_has_one_wording"
            )
        ]

    def __str__(self):
        return f"{self.code} {self.version}"
