"""The practice with its settings, locations and rooms."""

import re
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right
from django.db.models.lookups import LessThan
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import limits
from clinic.models.base import MAX_TEXT, NeverDeleted
from clinic.values.states import STATES


def check_time_zone(value):
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone. Use a name such as America/Chicago.") % {"value": value}
        )


def check_npi(value):
    """Ten digits, the last of which checks the others.

    source: CMS, Requirements for National Provider Identifier (NPI) and NPI Check Digit: Luhn's formula over
    the number with 80840 before it.
    """
    digits = [int(digit) for digit in f"80840{value}"] if re.fullmatch(r"[0-9]{10}", value) else []
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    if not digits or (sum(doubled) + sum(digits[::-2])) % 10:
        raise ValidationError(
            _("“%(value)s” is not an NPI. Copy the ten digits from the letter that assigned it.")
            % {"value": value}
        )


class Practice(limits.WithinLimits, NeverDeleted):
    """The one row of settings. What a practice may choose is here, not in the code."""

    limits = limits.PRACTICE

    name = models.CharField(max_length=120, default="Our practice")
    phone = models.CharField(max_length=40, blank=True)
    npi = models.CharField(
        gettext_lazy("NPI"), max_length=10, blank=True, default="", validators=[check_npi],
        help_text=gettext_lazy(
            "The practice's National Provider Identifier, ten digits. It stands on printed notes."
        ),
    )  # fmt: skip
    emergency_number = models.CharField(max_length=20, default="911")
    emergency_words = models.TextField(
        max_length=MAX_TEXT,
        default="If you are short of breath or have chest pain, call 911 or go to an emergency room now.",
    )
    jurisdiction = models.ForeignKey(
        "clinic.Jurisdiction",
        verbose_name=gettext_lazy("state rules"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
    )
    is_demo = models.BooleanField(default=False, editable=False)

    screening_months = models.PositiveIntegerField(
        gettext_lazy("health questions last (months)"),
        default=12,
        help_text=gettext_lazy("After that they are asked again."),
    )
    consent_months = models.PositiveIntegerField(gettext_lazy("consent lasts (months)"), default=12)
    followup_hours = models.CharField(
        gettext_lazy("follow-up after (hours)"),
        max_length=60,
        default="24,72",
        help_text=gettext_lazy("Hours after the end of a session, with commas between."),
    )
    followup_open_hours = models.CharField(
        gettext_lazy("follow-up may be called (hours)"), max_length=11, default="08:00-20:00"
    )
    # days as in ISO 8601, with commas between
    closed_days = models.CharField(
        gettext_lazy("days on which the practice is closed"),
        max_length=700,
        blank=True,
        default="",
        help_text=gettext_lazy("Booking on one of them asks first."),
    )
    call_attempts = models.PositiveIntegerField(gettext_lazy("attempts before a decision is due"), default=3)
    soreness_high_first = models.PositiveIntegerField(
        gettext_lazy("soreness that calls for a talk, first day"), default=7
    )
    soreness_high_later = models.PositiveIntegerField(
        gettext_lazy("soreness that calls for a talk, later"), default=4
    )
    meaningful_change = models.PositiveIntegerField(
        gettext_lazy("pain change that matters (points of 10)"), default=2
    )
    sign_reauth_minutes = models.PositiveIntegerField(
        gettext_lazy("password at signing again after (minutes)"),
        default=10,
        help_text=gettext_lazy("0: at every signature."),
    )
    idle_lock_minutes = models.PositiveIntegerField(
        gettext_lazy("page is hidden when untouched (minutes)"),
        default=10,
        help_text=gettext_lazy("The same person goes on with their password or passkey."),
    )
    one_time_password_hours = models.PositiveIntegerField(
        gettext_lazy("one-time password ends after (hours)"),
        default=24,
        help_text=gettext_lazy("It signs in once, and opens nothing but the page for an own password."),
    )
    visit_minutes = models.PositiveIntegerField(gettext_lazy("length of a visit (minutes)"), default=30)
    unsigned_nag_hours = models.PositiveIntegerField(default=24)
    unsigned_lead_hours = models.PositiveIntegerField(default=72)
    cosign_days = models.PositiveIntegerField(
        gettext_lazy("co-sign within (days)"),
        default=7,
        help_text=gettext_lazy("Later ones are shown to the clinical lead."),
    )
    credential_reminder_days = models.PositiveIntegerField(
        gettext_lazy("remind of a credential's end (days before)"), default=60
    )
    retention_years = models.PositiveIntegerField(default=10)
    retention_minor_age = models.PositiveIntegerField(default=22)
    sides_count_once = models.BooleanField(
        gettext_lazy("left and right of one muscle count once"), default=True
    )
    heads_count_once = models.BooleanField(gettext_lazy("heads of one muscle count once"), default=True)
    needle_stock = models.CharField(
        gettext_lazy("needles in stock"),
        max_length=300,
        default="0.25x30,0.30x40,0.30x50,0.30x60",
        help_text=gettext_lazy("gauge x length in mm"),
    )
    ask_lot_numbers = models.BooleanField(gettext_lazy("ask for lot numbers"), default=False)
    two_people_count = models.BooleanField(gettext_lazy("a second person counts needles"), default=False)

    class Meta:
        verbose_name = gettext_lazy("practice settings")
        verbose_name_plural = gettext_lazy("practice settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="practice_is_one_row",
                violation_error_message=gettext_lazy(
                    "There is one row of practice settings; change that one."
                ),
            ),
            limits.within("practice_numbers_are_within_limits", limits.PRACTICE),
            models.CheckConstraint(
                condition=LessThan(F("followup_open_hours"), Right("followup_open_hours", 5)),
                name="practice_calls_from_morning_to_evening",
                violation_error_message=gettext_lazy("Calls begin before they end, on the same day."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(needle_stock="") & ~Q(followup_hours="") & ~Q(emergency_number=""),
                name="practice_settings_are_not_blank",
                violation_error_message=gettext_lazy(
                    "Name, needles, follow-up and the emergency number are needed."
                ),
            ),
        ]

    def __str__(self):
        return _("Practice settings")

    @property
    def followup_steps(self) -> list[int]:
        """Hours after the end of a session, ascending."""
        return sorted({int(part) for part in self.followup_hours.split(",") if part.strip()})

    def clean(self):
        parts = [part.strip() for part in self.followup_hours.split(",")]
        if not all(part.isdigit() and 0 < int(part) <= 24 * 28 for part in parts):
            raise ValidationError(
                {"followup_hours": _("Write whole hours with commas between, such as 24,72.")}
            )


class Location(NeverDeleted):
    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    address = models.TextField(max_length=500, blank=True)
    state = models.CharField(max_length=2, blank=True, choices=STATES)
    jurisdiction = models.ForeignKey(
        "clinic.Jurisdiction",
        verbose_name=gettext_lazy("state rules"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        help_text=gettext_lazy("What holds for every session here. None chosen: those of the practice."),
    )
    time_zone = models.CharField(max_length=60, default="America/Chicago", validators=[check_time_zone])
    phone = models.CharField(max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.name

    def clean(self):
        if not self.state:
            return
        if self.jurisdiction is not None:
            theirs = self.jurisdiction.state
            message = _("These rules are of another state than this place. Correct one of the two.")
        else:
            practice = Practice.objects.select_related("jurisdiction").filter(pk=1).first()
            theirs = practice.jurisdiction.state if practice and practice.jurisdiction else ""
            message = _("The practice has the rules of another state. Choose those of this place here.")
        if theirs and theirs != self.state:
            raise ValidationError({"jurisdiction": message})


class Room(NeverDeleted):
    location = models.ForeignKey(
        "clinic.Location", on_delete=models.PROTECT, related_name="rooms", db_index=False
    )
    name = models.CharField(max_length=40)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["location", "name"]
        constraints = [
            models.UniqueConstraint(fields=["location", "name"], name="room_name_is_unique_in_location")
        ]

    def __str__(self):
        return self.name
