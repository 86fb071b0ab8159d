"""The warning signs, how urgent each is after which sites, and what the clinical lead decided about that."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.models.base import MAX_TEXT, CatalogueRow, NameThen, WrittenOnce, done_by
from treatments.models.sites.catalogues import NeedledPlace

# What a lead decides about: a change of these asks for a decision anew.
SIGN_FACTS = ("question",)
LEVEL_FACTS = ("place", "until_hours", "urgency", "source")


class Urgency(models.IntegerChoices):
    """What a warning sign asks for. The higher number is the graver."""

    CALL = 1, _("Therapist calls today")
    SEEN = 2, _("Be seen today")
    EMERGENCY_ROOM = 3, _("Emergency room today")
    EMERGENCY = 4, _("911 now")


class WarningSign(CatalogueRow):
    """A red-flag question of the follow-up."""

    question = models.TextField()
    # as banners and lists name it
    short_name = models.CharField(max_length=60, blank=True)
    chest = models.BooleanField(_("matters after sites over the lung"), default=False)
    # when one of `SIGN_FACTS` was last changed
    facts_changed_at = models.DateTimeField(null=True, blank=True, editable=False)


class WarningSignLevel(CatalogueRow):
    """How urgent a sign is as published; of those that fit sites and hours the gravest acts."""

    sign = models.ForeignKey(WarningSign, on_delete=models.PROTECT, related_name="levels", db_index=False)
    # empty: after any site
    place = models.CharField(max_length=5, choices=NeedledPlace.choices, blank=True, default="")
    # hours after the session, the last of them included; None: at any time
    until_hours = models.PositiveSmallIntegerField(_("up to hours after"), null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices)
    # when one of `LEVEL_FACTS` was last changed
    facts_changed_at = models.DateTimeField(null=True, blank=True, editable=False)


class LevelDecision(WrittenOnce):
    """A lead approved the level of a sign, or set another with the reason. The newest acts.

    Of one that was taken before an update changed the level or its question, only what is graver acts.
    """

    level = models.ForeignKey(WarningSignLevel, on_delete=models.PROTECT, related_name="decisions")
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices)
    reason = models.TextField(max_length=MAX_TEXT, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = done_by()
    decided_by_name = NameThen(of="decided_by.display_name")

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"level decision {self.pk}"
