"""Accounts of staff, their roles and the time of each grant."""

import unicodedata

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from clinic.models.base import NeverDeleted, paired, stamp, stamped_by

# Characters of a password without a second factor. source: NIST SP 800-63B-4, 3.1.1.2
LENGTH_ALONE = 15


def normalised(password: str) -> str:
    """The same characters for what looks the same, whichever keyboard wrote it."""
    return unicodedata.normalize("NFKC", password)


class Role(models.TextChoices):
    FRONT_DESK = "front_desk", gettext_lazy("Front desk")
    THERAPIST = "therapist", gettext_lazy("Therapist")
    LEAD = "lead", gettext_lazy("Clinical lead")
    ADMIN = "admin", gettext_lazy("Administrator")


class StaffManager(UserManager):
    def with_roles(self, *, on=None):
        """Users with one boolean per role, in a single query."""
        day = on or timezone.localdate()
        grants = RoleGrant.objects.current(on=day).filter(user=OuterRef("pk"))
        flags = {f"has_{role.value}": Exists(grants.filter(role=role.value)) for role in Role}
        return self.get_queryset().annotate(**flags)

    def holding(self, role, *, on=None):
        """Active people who hold `role` on that day, by name."""
        day = on or timezone.localdate()
        holders = RoleGrant.objects.current(on=day).filter(role=role).values("user")
        return self.filter(pk__in=holders, is_active=True).order_by("last_name", "first_name", "pk")


class User(NeverDeleted, AbstractUser):
    """A person who signs in. Access comes from grants, not from `is_superuser`."""

    class Profession(models.TextChoices):
        NONE = "", gettext_lazy("Not clinical")
        PT = "pt", gettext_lazy("Physical therapist")
        PTA = "pta", gettext_lazy("Physical therapist assistant")
        OTHER = "other", gettext_lazy("Other")

    first_name = models.CharField(gettext_lazy("first name"), max_length=100)
    last_name = models.CharField(gettext_lazy("last name"), max_length=100)
    profession = models.CharField(max_length=10, choices=Profession.choices, default="", blank=True)
    display_credentials = models.CharField(
        gettext_lazy("letters after the name"),
        max_length=60,
        blank=True,
        help_text=gettext_lazy("For example: PT, DPT"),
    )
    location = models.ForeignKey(
        "clinic.Location",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="staff",
        db_index=False,
    )
    one_time_password_at = stamp()
    one_time_password_by = stamped_by()
    one_time_password_used_at = stamp()
    password_needs_factor = models.BooleanField(
        default=False,
        editable=False,
        help_text=gettext_lazy("It is short, and holds with two-step verification only."),
    )
    sign_in_series = models.PositiveIntegerField(
        default=0, editable=False, help_text=gettext_lazy("Sign-ins of an earlier series have ended.")
    )

    objects = StaffManager()
    # what a page needs to name a person and to say whether they may needle
    NAMED_BY = ("username", "first_name", "last_name", "display_credentials", "profession")

    class Meta(AbstractUser.Meta):
        constraints = [paired("one_time_password")]

    def __str__(self):
        return self.username

    def set_password(self, raw_password):
        password = None if raw_password is None else normalised(raw_password)
        self.password_needs_factor = password is not None and len(password) < LENGTH_ALONE
        super().set_password(password)

    def check_password(self, raw_password):
        return super().check_password(None if raw_password is None else normalised(raw_password))

    def _get_session_auth_hash(self, secret=None):
        """The hash in every login session: a new password or a new series ends all of them."""
        value = f"{self.password} {self.sign_in_series}"
        return salted_hmac("clinic.User.sign_in", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def display_name(self) -> str:
        name = f"{self.first_name} {self.last_name}".strip() or self.username
        return f"{name}, {self.display_credentials}" if self.display_credentials else name

    @property
    def short_name(self) -> str:
        return self.first_name or self.username

    @property
    def initials(self) -> str:
        letters = (self.first_name[:1] + self.last_name[:1]).upper()
        return letters or self.username[:2].upper()


class RoleGrantQuerySet(models.QuerySet):
    def current(self, *, on):
        return self.filter(Q(from_on=None) | Q(from_on__lte=on), Q(until_on=None) | Q(until_on__gte=on))


class RoleGrant(NeverDeleted):
    """One role that one person holds for a time; a person's grants are their union."""

    user = models.ForeignKey(
        "clinic.User", on_delete=models.PROTECT, related_name="role_grants", db_index=False
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    given_at = stamp()
    given_by = stamped_by()

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "role"])]
        constraints = [
            paired("given"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gte=F("from_on")),
                name="rolegrant_ends_after_it_starts",
                violation_error_message=gettext_lazy("A grant ends on or after the day it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.role} of user {self.user_id}"
