"""Follow-ups after a session: calls, soreness reports and warning signs."""

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.models.base import MAX_TEXT, LockedOnce, WrittenOnce, done_by, paired, stamp, stamped_by
from clinic.models.references import Referenced, ReferencedQuerySet
from clinic.values import references
from clinic.values.addresses import reverse
from patients.models import Patient
from treatments.models.followups.warning_signs import Urgency
from treatments.models.session.session import NeedlingSession


class FollowUpQuerySet(ReferencedQuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def unsettled(self):
        """Open follow-ups, and closed ones with an unacknowledged warning sign."""
        # before any call: the index of the open ones is of the instants at which they are due
        ever = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        return self.filter(_is_flagged_and_closed() | Q(closed_at=None, due_at__gt=ever))

    def waiting(self, at):
        """Follow-ups that are due: the call list, and the count in the navigation."""
        return self.filter(_is_flagged_and_closed() | Q(closed_at=None, due_at__lte=at))

    def due(self, at):
        """The open ones of `waiting`."""
        return self.filter(closed_at=None, due_at__lte=at)

    def flagged_and_closed(self):
        """The others of `waiting`."""
        return self.filter(_is_flagged_and_closed())

    def untouched(self):
        """Follow-ups without call, message, claim or report."""
        untouched = {"closed_at": None, "claimed_at": None, "sent_at": None, "attempts": 0, "reports": None}
        return self.filter(**untouched)

    def visible_to(self, user, *, at=None):
        """Patients with a restricted record are called only by people named on it."""
        # asked of the closed records, which are few: with 5,000 calls due each was joined to its patient
        sessions = _sessions_closed_to(user, at).filter(pk=OuterRef("session"))
        return self.filter(~Exists(sessions))

    def closed_to(self, user, *, at=None):
        """Those that `visible_to` leaves out."""
        return self.filter(session__in=_sessions_closed_to(user, at))


def _sessions_closed_to(user, at) -> models.QuerySet:
    closed = Patient.objects.closed_to(user, at=at)
    return NeedlingSession.objects.filter(patient__in=closed).order_by()


def _is_flagged_and_closed() -> Q:
    """Of a list of keys, so that each side of an OR has an index: else every follow-up is read."""
    flagged = RedFlag.objects.waiting().filter(report__followup__closed_at__isnull=False)
    return Q(pk__among=flagged.order_by().values("report__followup"))


class FollowUp(Referenced, LockedOnce):
    """One contact that is due after a session: 24 h and 72 h by default."""

    lock_fields = ("closed_at",)
    never_locked = ("assigned_to", "attempts", "claimed_at", "claimed_by")
    cleared_when_reopened = ("outcome", "outcome_reason", "closed_at", "closed_by")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        UNREACHABLE = "unreachable", _("Not reached")
        DECLINED = "declined", _("Does not want calls")
        NOT_NEEDED = "not_needed", _("Not needed")

    ref = models.CharField(max_length=10, unique=True, default=references.record_ref, editable=False)
    session = models.ForeignKey(
        NeedlingSession, on_delete=models.PROTECT, related_name="followups", db_index=False
    )
    # hours after the end of the session
    step = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)
    assigned_to = models.ForeignKey(
        "clinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    claimed_at = stamp()
    claimed_by = stamped_by()
    sent_at = models.DateTimeField(null=True, blank=True)
    link = models.ForeignKey(
        "clinic.PatientLink",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    attempts = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    outcome_reason = models.TextField(max_length=MAX_TEXT, blank=True)
    closed_at = stamp()
    closed_by = stamped_by()

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            # in the order of the call list, so that its first page reads no more than that
            models.Index(fields=["due_at", "id"], name="followup_open", condition=Q(closed_at=None)),
            models.Index(fields=["outcome", "due_at"], name="followup_outcome"),
        ]
        constraints = [
            paired("claimed"),
            paired("closed"),
            models.UniqueConstraint(fields=["session", "step"], name="followup_step_stands_once"),
            models.CheckConstraint(
                condition=(Q(closed_at=None) & Q(outcome="")) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="followup_closes_with_an_outcome",
            ),
        ]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("treatments:followup", args=[self.ref])


class ContactAttempt(WrittenOnce):
    """One call or message, and how it ended."""

    class Result(models.TextChoices):
        SPOKE = "spoke", _("Spoke")
        VOICEMAIL = "voicemail", _("Left a voicemail")
        NO_ANSWER = "no_answer", _("No answer")
        SOMEONE_ELSE = "someone_else", _("Someone else answered")
        CALL_AGAIN = "call_again", _("Call again at")
        DECLINED = "declined", _("Declined")
        WRONG_NUMBER = "wrong_number", _("Wrong number")

    followup = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="contacts")
    result = models.CharField(max_length=12, choices=Result.choices)
    note = models.TextField(max_length=MAX_TEXT, blank=True)
    # the follow-up is due again then
    again_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = done_by()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(result="call_again") | Q(again_at__isnull=False), name="call_again_has_its_time"
            )
        ]

    def __str__(self):
        return f"contact {self.pk}"


class SorenessReport(WrittenOnce):
    """A patient's report after a session. What is added or corrected is a new row that supersedes it."""

    class Source(models.TextChoices):
        STAFF = "staff", _("Asked by staff")
        LINK = "link", _("Answered by the patient by link")

    class Bruise(models.TextChoices):
        NONE = "none", _("None")
        SMALL = "small", _("Smaller than a coin")
        LARGE = "large", _("Larger than a coin")

    class Course(models.TextChoices):
        BETTER = "better", _("Better")
        SAME = "same", _("The same")
        WORSE = "worse", _("Worse")

    class Triage(models.TextChoices):
        EXPECTED = "expected", _("Within what is expected")
        TALK = "talk", _("A therapist should talk with the patient")
        URGENT = "urgent", _("Warning sign")

    followup = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="reports")
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    source = models.CharField(max_length=5, choices=Source.choices, default=Source.STAFF)
    reported_at = models.DateTimeField(default=timezone.now)
    reported_by = stamped_by()
    # null in a warning sign that was filed before anything else was asked
    now = models.PositiveSmallIntegerField(_("soreness now"), null=True, blank=True)
    worst = models.PositiveSmallIntegerField(_("worst soreness"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours it lasted"), null=True, blank=True)
    still_sore = models.BooleanField(null=True, blank=True)
    original_pain = models.PositiveSmallIntegerField(null=True, blank=True)
    course = models.CharField(_("compared with before"), max_length=6, choices=Course.choices, blank=True)
    bruise = models.CharField(max_length=5, choices=Bruise.choices, blank=True)
    drank_water = models.BooleanField(null=True, blank=True)
    kept_moving = models.BooleanField(null=True, blank=True)
    took_painkiller = models.BooleanField(null=True, blank=True)
    # of every question, packed as `patients.rules.wordings` has it; the answer is yes, no or not_asked
    warning_signs = models.JSONField(default=list)
    wants_call = models.BooleanField(default=False)
    triage = models.CharField(max_length=8, choices=Triage.choices)
    # of a warning sign: what it asked for when it was filed
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, null=True, blank=True)
    note = models.TextField(max_length=MAX_TEXT, blank=True)

    class Meta:
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["reported_at"]),
            # the few that ask for a call, of those of all years
            models.Index(fields=["followup"], name="report_to_talk", condition=Q(triage="talk")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(now__lte=10) & (Q(worst=None) | Q(worst__lte=10)),
                name="soreness_is_0_to_10",
                violation_error_message=_("Choose a number from 0 to 10."),
            ),
            models.CheckConstraint(
                condition=Q(worst=None) | Q(worst__gte=models.F("now")),
                name="soreness_worst_is_not_below_now",
                violation_error_message=_("The worst soreness cannot be below the soreness now."),
            ),
            models.CheckConstraint(
                condition=Q(now__isnull=False) | Q(triage="urgent"),
                name="soreness_is_asked_but_for_a_warning_sign",
                violation_error_message=_("Choose a number from 0 to 10."),
            ),
            models.CheckConstraint(
                condition=Q(original_pain=None) | Q(original_pain__lte=10), name="original_pain_is_0_to_10"
            ),
            models.CheckConstraint(
                condition=Q(source="link", reported_by=None) | Q(source="staff", reported_by__isnull=False),
                name="soreness_says_who_reported",
            ),
        ]

    def __str__(self):
        return gettext("soreness report %(number)s") % {"number": self.pk}

    @property
    def urgency_label(self) -> str:
        """Of a warning sign what it asked for, “911 now”; of what was filed before levels it was that."""
        return Urgency(self.urgency or Urgency.EMERGENCY).label

    @property
    def course_words(self) -> str:
        """“better”, “the same” or “worse”. Beside a warning sign nothing is called better."""
        is_hushed = self.triage == self.Triage.URGENT and self.course == self.Course.BETTER
        return "" if is_hushed else self.get_course_display().lower()


class RedFlagQuerySet(models.QuerySet):
    def waiting(self):
        """Warning signs that nobody has acknowledged."""
        return self.filter(acknowledged_at=None)

    def on_board_of(self, user):
        """Warning signs of this therapist's sessions, and of follow-ups that were moved to them."""
        return self.waiting().filter(Q(therapist=user) | Q(report__followup__assigned_to=user))


class RedFlag(LockedOnce):
    """A warning sign, on its therapist's board until it is acknowledged with what was done."""

    lock_fields = ("acknowledged_at",)

    report = models.OneToOneField(SorenessReport, on_delete=models.PROTECT, related_name="red_flag")
    therapist = models.ForeignKey(
        "clinic.User", on_delete=models.PROTECT, related_name="red_flags", db_index=False
    )
    raised_at = models.DateTimeField(default=timezone.now)
    action = models.TextField(max_length=MAX_TEXT, blank=True)
    acknowledged_at = stamp()
    acknowledged_by = stamped_by()

    objects = RedFlagQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        indexes = [models.Index(fields=["therapist"], name="redflag_open", condition=Q(acknowledged_at=None))]
        constraints = [paired("acknowledged")]

    def __str__(self):
        return f"red flag {self.pk}"
