"""The steps of a visit: the newest one, and what prevents making or undoing one."""

import datetime as dt

from clinic import formats
from clinic.values.errors import Reason
from patients.models import Visit

# In reverse order of the steps.
STAMPS = ("cancelled", "missed", "left", "roomed", "arrived")
DONE_LABELS = {
    "arrived": "checked in",
    "roomed": "taken to a room",
    "left": "checked out",
    "cancelled": "canceled",
    "missed": "marked as a no-show",
}
# A patient who was checked in longer ago and never checked out comes for another visit.
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
    message = f"This patient has been here since {at}, with {who}. Go on from today's board."
    return [Reason("already-here", message)]


def undo_reasons(visit: Visit, stamp: str, reason: str) -> list[Reason]:
    reasons = []
    if stamp not in STAMPS or stamp != newest_stamp(visit):
        reasons.append(
            Reason("not-the-newest", "Only the newest step can be undone. Look at the visit again.")
        )
    if not reason.strip():
        reasons.append(Reason("reason-missing", "Say why the step is undone.", field="reason"))
    return reasons
