"""A needling session: one visit's treatment, draft until it is signed, voided or closed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.models.base import MAX_TEXT, LockedOnce, done_by, paired, stamp, stamped_by
from clinic.models.references import Referenced, ReferencedQuerySet
from clinic.values import references
from clinic.values.addresses import reverse
from patients.models import PatientAccess

FINISHED = Q(signed_at__isnull=False) | Q(closed_unsigned_at__isnull=False)


class SessionQuerySet(ReferencedQuerySet):
    def drafts(self):
        return self.filter(signed_at=None, voided_at=None, closed_unsigned_at=None)

    def signed(self):
        return self.filter(signed_at__isnull=False)

    def waiting_for_cosignature(self):
        """Signed, supervised, and neither co-signed nor marked in error."""
        return self.signed().filter(supervisor__isnull=False, cosignature=None).without_error()

    def counted(self):
        """Sessions that took place: everything but the voided ones."""
        return self.filter(voided_at=None)

    def finished(self):
        """Of those the ones that nobody writes any more: a begun draft is no visit that was made."""
        return self.filter(FINISHED, voided_at=None)

    def without_error(self):
        """Not marked in error: asked by the column that joins.

        By the mark's own key PostgreSQL expects that no session is left, and looks up each of thousands.
        """
        return self.filter(error_mark__session=None)

    def in_any(self, *lists):
        """Sessions whose key is in one of the lists, each cut by itself.

        A union: for an OR between lists PostgreSQL reads every session there ever was.
        """
        keys = self.model.objects.order_by().values("pk")
        first, *rest = [keys.filter(pk__in=one) for one in lists]
        return self.filter(pk__among=first.union(*rest) if rest else first)

    def written_by(self, user):
        """Drafts and notes this user may write: the author's and the named supervisor's."""
        return self.filter(Q(therapist=user) | Q(supervisor=user))

    def visible_to(self, user, *, at=None):
        """Restricted patients' sessions open to people named on the record, drafts to who writes them."""
        named = PatientAccess.objects.open_to(user, at=at).values("patient")
        is_draft = Q(signed_at=None, voided_at=None, closed_unsigned_at=None)
        written = is_draft & (Q(therapist=user) | Q(supervisor=user))
        return self.filter(Q(patient__restricted_at=None) | Q(patient__in=named) | written)


class NeedlingSession(Referenced, LockedOnce):
    """One treatment. Its state is its stamps; once one of them is set the row never changes again."""

    lock_fields = ("signed_at", "voided_at", "closed_unsigned_at")

    class Position(models.TextChoices):
        PRONE = "prone", _("Face down")
        SUPINE = "supine", _("Face up")
        SIDE_LEFT = "side_left", _("Lying on the left side")
        SIDE_RIGHT = "side_right", _("Lying on the right side")
        SEATED = "seated", _("Seated")
        OTHER = "other", _("Other")

    class SkinPrep(models.TextChoices):
        ALCOHOL = "alcohol", _("Alcohol wipe")
        CHLORHEXIDINE = "chlorhexidine", _("Chlorhexidine")
        SOAP = "soap", _("Soap and water")
        NONE = "none", _("None")

    class Tolerance(models.TextChoices):
        WELL = "well", _("Tolerated well, no adverse event")
        SORE = "sore", _("Sore during treatment")
        FAINT = "faint", _("Dizzy or faint")
        STOPPED = "stopped", _("Stopped early")
        EVENT = "event", _("Adverse event")

    class NotNeedled(models.TextChoices):
        EVALUATION = "evaluation", _("Evaluation only")
        MANUAL = "manual", _("Manual therapy or exercise only")
        DECLINED = "declined", _("Patient declined needling")
        OTHER = "other", _("Another reason")

    class Access(models.TextChoices):
        DIRECT = "direct", _("Direct access")
        REFERRAL = "referral", _("Referral")

    ref = models.CharField(max_length=10, unique=True, default=references.record_ref, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    visit = models.ForeignKey("patients.Visit", on_delete=models.PROTECT, related_name="sessions")
    episode = models.ForeignKey("patients.Episode", on_delete=models.PROTECT, related_name="sessions")
    location = models.ForeignKey("clinic.Location", on_delete=models.PROTECT, db_index=False)
    therapist = models.ForeignKey(
        "clinic.User", on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    supervisor = models.ForeignKey(
        "clinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="supervised_sessions"
    )
    jurisdiction = models.ForeignKey(
        "clinic.Jurisdiction", verbose_name=_("state rules"), on_delete=models.PROTECT, db_index=False
    )
    # those that stood when the session was opened
    screening = models.ForeignKey(
        "patients.Screening",
        verbose_name=_("health questions"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    visit_screening = models.ForeignKey(
        "patients.Screening",
        verbose_name=_("health update"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    consent = models.ForeignKey(
        "patients.Consent", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    consent_confirmed_at = stamp()
    consent_confirmed_by = stamped_by()
    access = models.CharField(max_length=10, choices=Access.choices, default=Access.DIRECT)
    referral = models.ForeignKey(
        "patients.Referral", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    visit_number = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = done_by()
    started_at = models.DateTimeField(null=True, blank=True, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # why nobody was needled at this visit; blank where somebody was, or is to be
    not_needled = models.CharField(max_length=12, choices=NotNeedled.choices, blank=True, default="")
    not_needled_detail = models.TextField(max_length=MAX_TEXT, blank=True, default="")
    position = models.CharField(max_length=12, choices=Position.choices, blank=True)
    skin_prep = models.CharField(max_length=15, choices=SkinPrep.choices, blank=True)
    needles_opened = models.PositiveIntegerField(null=True, blank=True)
    needles_unused = models.PositiveIntegerField(null=True, blank=True)
    needles_out = models.PositiveIntegerField(null=True, blank=True)
    needles_counted_at = stamp()
    needles_counted_by = stamped_by()
    # somebody else of the practice, where two people count; holds for the count that stands
    needles_second_at = stamp()
    needles_second_by = stamped_by()
    tolerance = models.CharField(max_length=10, choices=Tolerance.choices, blank=True)
    tolerance_detail = models.TextField(max_length=MAX_TEXT, blank=True)
    other_care = models.TextField(_("other treatment given"), max_length=MAX_TEXT, blank=True)
    note = models.TextField(max_length=MAX_TEXT, blank=True)
    plan = models.TextField(max_length=MAX_TEXT, blank=True)
    next_visit_on = models.DateField(null=True, blank=True)
    billing_code = models.CharField(max_length=5, blank=True)
    billing_reason = models.TextField(max_length=1000, blank=True)
    billing_muscles = models.PositiveIntegerField(null=True, blank=True)
    billing_override_reason = models.TextField(max_length=1000, blank=True)
    # of Medicare, with a space between them, as the notices stood at the signature; the biller decides
    billing_modifiers = models.CharField(max_length=10, blank=True)
    billing_modifiers_reason = models.CharField(max_length=300, blank=True)
    identity_checked_at = stamp()
    identity_checked_by = stamped_by()
    late_entry_reason = models.TextField(max_length=MAX_TEXT, blank=True)
    signed_at = stamp()
    signed_by = stamped_by()
    voided_at = stamp()
    voided_by = stamped_by()
    closed_unsigned_at = stamp()
    closed_unsigned_by = stamped_by()
    close_reason = models.TextField(max_length=MAX_TEXT, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["patient", "-opened_at"]),
            models.Index(fields=["therapist", "-opened_at"]),
            models.Index(
                fields=["therapist", "jurisdiction"],
                name="session_supervised",
                condition=Q(supervisor__isnull=False),
            ),
            models.Index(
                fields=["therapist", "opened_at"],
                name="session_drafts",
                condition=Q(signed_at=None, voided_at=None, closed_unsigned_at=None),
            ),
        ]
        constraints = [
            paired("signed", word=_("signature")),
            paired("voided"),
            paired("closed_unsigned"),
            paired("identity_checked"),
            paired("consent_confirmed"),
            paired("needles_counted"),
            paired("needles_second", word=_("second count")),
            models.CheckConstraint(
                condition=Q(consent__isnull=False) | ~Q(not_needled="") | ~Q(late_entry_reason=""),
                name="session_needles_with_a_consent_or_says_why_not",
                violation_error_message=_("Take consent first, or say why nobody was needled."),
            ),
            models.CheckConstraint(
                condition=Q(needles_second_by=None)
                | (
                    Q(needles_counted_by__isnull=False) & ~Q(needles_second_by=models.F("needles_counted_by"))
                ),
                name="session_needles_are_counted_by_two_people",
                violation_error_message=_("Somebody else counts a second time. Choose another person."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None)
                | Q(started_at__isnull=False, ended_at__gte=models.F("started_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("The session ends after it starts. Check both times."),
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, voided_at=None)
                | Q(signed_at=None, closed_unsigned_at=None)
                | Q(voided_at=None, closed_unsigned_at=None),
                name="session_ends_in_one_way",
            ),
            models.UniqueConstraint(
                fields=["visit", "therapist"],
                condition=Q(voided_at=None),
                name="session_stands_once_per_visit_and_therapist",
                violation_error_message=_("You already have a session for this visit. Open that one."),
            ),
        ]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("treatments:session", args=[self.ref])

    @property
    def visit_at(self):
        """When the patient arrived at its visit."""
        return self.visit.arrived_at

    @property
    def is_late_entry(self) -> bool:
        """Written on a later day than the session; a note may also be signed late."""
        day = timezone.localdate(self.started_at or self.opened_at)
        return bool(self.late_entry_reason) and timezone.localdate(self.opened_at) > day

    @property
    def state(self) -> str:
        """draft, signed, voided or closed."""
        if self.signed_at:
            return "signed"
        if self.voided_at:
            return "voided"
        return "closed" if self.closed_unsigned_at else "draft"

    @property
    def is_draft(self) -> bool:
        return self.state == "draft"

    def is_written_by(self, user) -> bool:
        """Whether this user is its author or the supervisor named on it."""
        return user.pk in (self.therapist_id, self.supervisor_id)
