"""What counsel said of a state whose rules bar needling."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from clinic.models.base import MAX_TEXT, LockedOnce, paired, stamp, stamped_by


class CounselOpinionQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)


class CounselOpinion(LockedOnce):
    """The practice's own way on where a state bars needling: who said what, when, why, and where it is filed.

    It stands until it is withdrawn. A newer one for the same state withdraws the former.
    """

    lock_fields = ("withdrawn_at",)

    jurisdiction = models.ForeignKey(
        "clinic.Jurisdiction",
        verbose_name=gettext_lazy("state rules"),
        on_delete=models.PROTECT,
        related_name="opinions",
        db_index=False,
    )
    counsel = models.CharField(max_length=200)
    given_on = models.DateField()
    opinion = models.TextField(max_length=MAX_TEXT)
    reason = models.TextField(max_length=500)
    document = models.CharField(max_length=200)
    # of the rules as they stood; blank: nobody knows which text it was about
    text_digest = models.CharField(max_length=64, blank=True, default="")
    recorded_at = stamp()
    recorded_by = stamped_by()
    withdrawn_at = stamp()
    withdrawn_by = stamped_by()
    withdrawn_reason = models.TextField(max_length=500, blank=True, default="")

    objects = CounselOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("counsel opinion")
        constraints = [
            paired("recorded"),
            paired("withdrawn"),
            models.UniqueConstraint(
                fields=["jurisdiction"],
                condition=Q(withdrawn_at=None),
                name="one_counsel_opinion_stands",
                violation_error_message=gettext_lazy(
                    "Counsel’s word on this state stands already. A newer one ends it first."
                ),
            ),
        ]

    def __str__(self):
        return f"opinion {self.pk}"
