"""Rows that a practice adds to a catalogue beside those that ship, and rows that it retires for itself."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy

from clinic.models.base import CatalogueRow, paired, stamp, stamped_by

# Codes that begin so are the practice's: no file that ships has one, and the sync refuses a file that has.
NAMESPACE = "own-"


class PracticeRow(models.Model):
    """A row that may be the practice's own, and that the practice may retire.

    A row that is retired here has `retired_at` as well: whoever asks for current rows need not know why.
    """

    own = models.BooleanField(gettext_lazy("added by the practice"), default=False, editable=False)
    approved_by = models.CharField(gettext_lazy("approved by"), max_length=120, blank=True)
    approved_on = models.DateField(gettext_lazy("approved on"), null=True, blank=True)
    retired_here_at = stamp()
    retired_here_by = stamped_by()
    retired_here_reason = models.CharField(
        gettext_lazy("why it is retired, or the source"), max_length=300, blank=True
    )
    retired_here_approver = models.CharField(
        gettext_lazy("who approved that it is retired"), max_length=120, blank=True
    )

    class Meta:
        abstract = True


class PracticeCatalogueRow(PracticeRow, CatalogueRow):
    """A catalogue row with a code, shipped or the practice's own."""

    class Meta(CatalogueRow.Meta):
        abstract = True


def practice_row_constraints(code: str = "") -> list[models.CheckConstraint]:
    """What may never be false of a practice's row. `code`: the column whose namespace says whose it is."""
    shipped = Q(own=False, approved_by="", approved_on=None)
    approved = Q(own=True) & ~Q(approved_by="") & Q(approved_on__isnull=False) & ~Q(source="")
    in_use = Q(retired_here_at=None, retired_here_reason="", retired_here_approver="")
    retired = Q(retired_here_at__isnull=False, retired_at__isnull=False)
    retired &= ~Q(retired_here_reason="") & ~Q(retired_here_approver="")
    found = [
        paired("retired_here", word=gettext_lazy("retired here")),
        models.CheckConstraint(
            condition=shipped | approved,
            name="%(app_label)s_%(class)s_own_row_is_approved",
            violation_error_message=gettext_lazy("Your own row names its source, who approved it and when."),
        ),
        models.CheckConstraint(
            condition=in_use | retired,
            name="%(app_label)s_%(class)s_retired_here_says_why",
            violation_error_message=gettext_lazy("Say why it is retired, and who approved that."),
        ),
    ]
    if code:
        # not LIKE: Django cannot read its escape back out of SQLite
        is_own = Exact(StrIndex(code, Value(NAMESPACE)), 1)
        found.append(
            models.CheckConstraint(
                condition=Q(Q(own=True), is_own) | Q(Q(own=False), ~Q(is_own)),
                name="%(app_label)s_%(class)s_own_code_says_so",
                violation_error_message=gettext_lazy("Only your own rows have a code that begins with own-."),
            )
        )
    return found
