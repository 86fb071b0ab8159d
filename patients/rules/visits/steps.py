"""The steps of a visit: the newest one, and what prevents making or undoing one."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.values.errors import Reason
from clinic.values.words import Text
from patients.models import Visit

# In reverse order of the steps.
STAMPS = ("cancelled", "missed", "left", "roomed", "arrived")


@dataclass(frozen=True)
class DoneTexts:
    """A step that somebody else made first: the sentence, what stands now, what was sent."""

    sentence: Text
    stands: Text
    sent: Text


DONE_TEXTS = {
    "arrived": DoneTexts(
        gettext_lazy("This visit was checked in at %(at)s by %(name)s."),
        gettext_lazy("Checked in at %(at)s"),
        gettext_lazy("Checked in"),
    ),
    "roomed": DoneTexts(
        gettext_lazy("This visit was taken to a room at %(at)s by %(name)s."),
        gettext_lazy("Taken to a room at %(at)s"),
        gettext_lazy("Taken to a room"),
    ),
    "left": DoneTexts(
        gettext_lazy("This visit was checked out at %(at)s by %(name)s."),
        gettext_lazy("Checked out at %(at)s"),
        gettext_lazy("Checked out"),
    ),
    "cancelled": DoneTexts(
        gettext_lazy("This visit was canceled at %(at)s by %(name)s."),
        gettext_lazy("Canceled at %(at)s"),
        gettext_lazy("Canceled"),
    ),
    "missed": DoneTexts(
        gettext_lazy("This visit was marked as a no-show at %(at)s by %(name)s."),
        gettext_lazy("Marked as a no-show at %(at)s"),
        gettext_lazy("Marked as a no-show"),
    ),
}
# A patient who was checked in longer ago and never checked out comes for another visit.
# own choice: longer than a working day
SAME_VISIT = dt.timedelta(hours=12)


def newest_stamp(visit: Visit) -> str:
    """The stamp that can be undone now, or an empty string."""
    return next((name for name in STAMPS if getattr(visit, f"{name}_at")), "")


def walk_in_reasons(here: Visit | None) -> list[Reason]:
    """A patient with a visit under way (`here`) is not checked in twice."""
    if here is None:
        return []
    at = formats.clock(here.arrived_at)
    who = here.therapist.display_name
    message = _("This patient has been here since %(at)s, with %(who)s. Go on from today's board.") % {
        "at": at,
        "who": who,
    }
    return [Reason("already-here", message)]


def undo_reasons(visit: Visit, stamp: str, reason: str) -> list[Reason]:
    reasons = []
    if stamp not in STAMPS or stamp != newest_stamp(visit):
        reasons.append(
            Reason("not-the-newest", _("Only the newest step can be undone. Look at the visit again."))
        )
    if not reason.strip():
        reasons.append(Reason("reason-missing", _("Say why the step is undone."), field="reason"))
    return reasons
