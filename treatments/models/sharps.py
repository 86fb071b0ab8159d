"""The sharps injury log: what happened to a member of staff, apart from every patient's record."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.models.base import MAX_TEXT, WrittenOnce, done_by
from clinic.values.addresses import reverse


class SharpsInjuryQuerySet(models.QuerySet):
    def current(self):
        """The newest version of each entry."""
        return self.filter(superseded_by=None)

    def of(self, user):
        """Entries about this person."""
        return self.filter(injured=user)


class SharpsInjury(WrittenOnce):
    """One needlestick or cut of a member of staff. A correction is a new row that supersedes it.

    source: 29 CFR 1910.1030(h)(5) and 1904.8 (domain facts 5.4): type and brand of the device, department or
    work area, how it happened; in a manner that protects the confidentiality of the injured person.
    """

    class Contaminated(models.TextChoices):
        YES = "yes", _("Yes, it had been used on a person")
        NO = "no", _("No, it was new")
        UNKNOWN = "unknown", _("Not known")

    # one of the two: somebody with an account, or somebody without one
    injured = models.ForeignKey(
        "clinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    injured_name = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField(db_index=True)
    location = models.ForeignKey(
        "clinic.Location", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.CharField(_("department or work area"), max_length=120)
    device_type = models.CharField(_("type of device"), max_length=120)
    device_brand = models.CharField(_("brand of the device"), max_length=120)
    contaminated = models.CharField(max_length=7, choices=Contaminated.choices)
    how = models.TextField(_("how it happened"), max_length=MAX_TEXT)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    # the version that the case is numbered by; empty in that version itself
    first_version = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="later_versions"
    )
    correction_reason = models.TextField(max_length=MAX_TEXT, blank=True)
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = done_by()

    objects = SharpsInjuryQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(injured__isnull=False) & Q(injured_name=""))
                | (Q(injured=None) & ~Q(injured_name="")),
                name="sharpsinjury_names_one_person",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None, first_version=None, correction_reason="")
                | (Q(supersedes__isnull=False, first_version__isnull=False) & ~Q(correction_reason="")),
                name="sharpsinjury_correction_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(area="") & ~Q(device_type="") & ~Q(device_brand="") & ~Q(how=""),
                name="sharpsinjury_holds_what_the_log_must",
            ),
        ]

    def __str__(self):
        return f"sharps injury {self.case_number}"

    def get_absolute_url(self):
        return reverse("treatments:sharps-injury", args=[self.pk])

    @property
    def case_number(self) -> int | None:
        """The same in every version of an entry; lists and prints name it in place of the person."""
        return self.first_version_id or self.pk
