"""What somebody typed on a form and did not send. No record: it goes when the form arrives."""

from django.db import models

from clinic.models.base import done_by


class HeldForm(models.Model):
    """The texts of one page's form, as its writer left them. `texts` is {name of the control: text}."""

    user = done_by()
    page = models.CharField(max_length=200)
    form_key = models.UUIDField()
    texts = models.JSONField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="heldform_stands_once_per_page")]

    def __str__(self):
        return f"held form {self.pk}"
