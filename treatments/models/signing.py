"""What may be added to a signed note: rows of their own, each written once."""

from pathlib import Path

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.models.base import MAX_TEXT, NameThen, WrittenOnce, done_by
from clinic.models.columns import CompressedText, HexField
from treatments.models.session.session import NeedlingSession

# What the texts of all notes have in common, such as the names of columns: without it a seal takes twice as
# much. Each is kept for ever as it is; words for the texts of later versions are a file of their own.
WORDS = {1: (Path(__file__).parent / "seal_words_1.txt").read_bytes()}


class SealText(CompressedText):
    dictionaries = WORDS
    newest = max(WORDS)


class Seal(WrittenOnce):
    """The text of the signed note, canonical JSON, with its SHA-256."""

    session = models.OneToOneField(NeedlingSession, on_delete=models.PROTECT, related_name="seal")
    version = models.PositiveIntegerField()
    text = SealText()
    # of the text, however it is written
    digest = HexField()
    sealed_at = models.DateTimeField(default=timezone.now)
    sealed_by = done_by()

    def __str__(self):
        return gettext("seal %(number)s") % {"number": self.pk}


class CoSignature(WrittenOnce):
    session = models.OneToOneField(NeedlingSession, on_delete=models.PROTECT, related_name="cosignature")
    digest = HexField()
    statement = models.TextField(max_length=MAX_TEXT, blank=True)
    signed_at = models.DateTimeField(default=timezone.now)
    signed_by = done_by()
    signed_by_name = NameThen(of="signed_by.display_name")

    def __str__(self):
        return f"co-signature {self.pk}"


class SupervisorChange(WrittenOnce):
    """Who supervises a draft, or co-signs a note, in whose place. The newest of a session counts.

    A draft takes the new supervisor into its own column; a signed note stays as it was sealed.
    """

    session = models.ForeignKey(NeedlingSession, on_delete=models.PROTECT, related_name="supervisor_changes")
    supervisor = models.ForeignKey("clinic.User", on_delete=models.PROTECT, related_name="+")
    supervisor_name = NameThen(of="supervisor.display_name")
    instead_of = done_by()
    instead_of_name = NameThen(of="instead_of.display_name")
    reason = models.TextField(max_length=MAX_TEXT)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = done_by()
    changed_by_name = NameThen(of="changed_by.display_name")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="supervisor_change_says_why",
                violation_error_message=_("Say why somebody else supervises."),
            ),
        ]

    def __str__(self):
        return f"change of supervisor {self.pk}"


class AddendumQuerySet(models.QuerySet):
    def unanswered(self):
        """Requests of patients to amend the record that nobody has accepted or denied."""
        return self.filter(kind=Addendum.Kind.PATIENT_REQUEST, answer=None)

    def amending(self):
        """Addenda that are part of the record; a patient's request is once it is accepted."""
        return self.exclude(models.Q(kind=Addendum.Kind.PATIENT_REQUEST) & ~models.Q(answer__accepted=True))


class Addendum(WrittenOnce):
    class Kind(models.TextChoices):
        ADDENDUM = "addendum", _("Addendum")
        LATE_ENTRY = "late_entry", _("Late entry")
        PATIENT_REQUEST = "patient_request", _("Patient's request to amend")

    session = models.ForeignKey(NeedlingSession, on_delete=models.PROTECT, related_name="addenda")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.ADDENDUM)
    reason = models.CharField(max_length=300)
    text = models.TextField(max_length=MAX_TEXT)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = done_by()
    written_by_name = NameThen(of="written_by.display_name")

    objects = AddendumQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "addenda"
        # requests are few among the addenda, and the board lists those that wait
        indexes = [models.Index(fields=["kind", "session"], name="addendum_of_a_kind")]

    def __str__(self):
        return gettext("addendum %(number)s") % {"number": self.pk}


class AmendmentAnswer(WrittenOnce):
    """The answer to a patient's request: the text of the amendment, or why it was denied."""

    request = models.OneToOneField(Addendum, on_delete=models.PROTECT, related_name="answer")
    accepted = models.BooleanField()
    text = models.TextField(max_length=MAX_TEXT)
    answered_at = models.DateTimeField(default=timezone.now)
    answered_by = done_by()
    answered_by_name = NameThen(of="answered_by.display_name")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="amendment_answer_says_something",
                violation_error_message=_("Write the amendment, or why it is denied."),
            )
        ]

    def __str__(self):
        return gettext("amendment answer %(number)s") % {"number": self.pk}


class ErrorMark(WrittenOnce):
    """The note was written in error: its text stays readable and is shown struck."""

    session = models.OneToOneField(NeedlingSession, on_delete=models.PROTECT, related_name="error_mark")
    reason = models.TextField(max_length=MAX_TEXT)
    marked_at = models.DateTimeField(default=timezone.now)
    marked_by = done_by()
    marked_by_name = NameThen(of="marked_by.display_name")

    def __str__(self):
        return gettext("error mark %(number)s") % {"number": self.pk}
