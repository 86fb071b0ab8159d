"""Consent to dry needling: the signature, copies and withdrawal."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from clinic.models.base import (
    MAX_TEXT,
    DateThen,
    NameThen,
    WrittenOnce,
    done_by,
    paired,
    stamp,
    stamped_by,
)
from clinic.models.columns import HexField


class ConsentQuerySet(models.QuerySet):
    def given(self):
        return self.filter(given_at__isnull=False)


class Consent(WrittenOnce):
    """A consent as it was given or refused: written once and never changed."""

    class Kind(models.TextChoices):
        INITIAL = "initial", gettext_lazy("Consent")
        TOP_UP = "top_up", gettext_lazy("Added regions")
        UPDATE = "update", gettext_lazy("Changed statements")

    class Method(models.TextChoices):
        DRAWN = "drawn", gettext_lazy("Drawn")
        TYPED = "typed", gettext_lazy("Typed name")
        PAPER = "paper", gettext_lazy("On paper, on file")
        SPOKEN = "spoken", gettext_lazy("Said to staff")

    class Signer(models.TextChoices):
        PATIENT = "patient", gettext_lazy("Patient")
        GUARDIAN = "guardian", gettext_lazy("Parent or guardian")
        REPRESENTATIVE = "representative", gettext_lazy("Legal representative")

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="consents")
    # who it was, and the people who took part, as they were called when it was signed
    patient_name = NameThen(of="patient.listed_name")
    patient_born = DateThen(of="patient.born", null=True)
    text = models.ForeignKey(
        "patients.ConsentText", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    text_digest = HexField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INITIAL)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="top_ups"
    )
    screening = models.ForeignKey(
        "patients.Screening",
        verbose_name=gettext_lazy("health questions"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
    )
    therapist = models.ForeignKey(
        "clinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    therapist_name = NameThen(of="therapist.display_name")
    # consent_group codes of the body chart that the patient agreed to
    regions = models.JSONField(default=list, blank=True)
    # the statements as they were ticked, word for word
    statements = models.JSONField(default=list, blank=True)
    signer = models.CharField(max_length=20, choices=Signer.choices, default=Signer.PATIENT)
    signer_name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=60, blank=True)
    # who signs and why, where the name on record asked for it
    signer_note = models.TextField(max_length=500, blank=True, default="")
    method = models.CharField(max_length=10, choices=Method.choices)
    # a typed name, or the strokes of a drawn one as an SVG path
    signature = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = stamped_by()
    given_by_name = NameThen(of="given_by.display_name")
    paper_on = models.DateField(gettext_lazy("signed on paper on"), null=True, blank=True)
    paper_place = models.CharField(gettext_lazy("where the paper is kept"), max_length=120, blank=True)
    witness = models.ForeignKey(
        "clinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    witness_name = NameThen(of="witness.display_name")
    refused_at = stamp()
    refused_by = stamped_by()
    refused_by_name = NameThen(of="refused_by.display_name")
    refused_reason = models.TextField(max_length=MAX_TEXT, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            paired("given"),
            paired("refused"),
            models.CheckConstraint(
                condition=Q(given_at__isnull=False, refused_at=None)
                | Q(given_at=None, refused_at__isnull=False),
                name="consent_is_given_or_refused",
            ),
            models.CheckConstraint(
                condition=~Q(patient_name="") & Q(patient_born__isnull=False),
                name="consent_names_the_patient",
            ),
            models.CheckConstraint(
                condition=~Q(method="paper") | Q(paper_on__isnull=False) | Q(given_at=None),
                name="consent_on_paper_is_dated",
                violation_error_message=gettext_lazy("Enter the date on the paper."),
            ),
        ]

    def __str__(self):
        return gettext("consent %(number)s") % {"number": self.pk}


class ConsentCopy(WrittenOnce):
    class How(models.TextChoices):
        PRINTED = "printed", gettext_lazy("Printed")
        EMAILED = "emailed", gettext_lazy("Sent by email")
        OFFERED = "offered", gettext_lazy("Offered and declined")

    consent = models.ForeignKey("patients.Consent", on_delete=models.PROTECT, related_name="copies")
    how = models.CharField(max_length=10, choices=How.choices)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = done_by()
    given_by_name = NameThen(of="given_by.display_name")

    def __str__(self):
        return f"copy {self.pk}"


class ConsentWithdrawal(WrittenOnce):
    consent = models.OneToOneField("patients.Consent", on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField(max_length=MAX_TEXT, blank=True)
    withdrawn_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = done_by()
    withdrawn_by_name = NameThen(of="withdrawn_by.display_name")

    def __str__(self):
        return f"withdrawal {self.pk}"
