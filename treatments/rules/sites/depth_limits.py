"""The depth limits of the practice: which make sense, and which muscles over the lung have none."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from treatments.models.sites.catalogues import LONGEST_NEEDLE_MM

# own choice: needles that are sold, with room beside them
SHORTEST_NEEDLE_MM = 5
# own choice: the same
THINNEST_MM, THICKEST_MM = Decimal("0.10"), Decimal("0.90")


class WithLimit(Protocol):
    """A muscle, as a row or as a draft's value."""

    @property
    def depth_limit_mm(self) -> int | None: ...

    @property
    def limit_approved_by(self) -> str: ...

    @property
    def limit_approved_on(self) -> dt.date | None: ...

    @property
    def facts_changed_at(self) -> dt.datetime | None: ...


@dataclass(frozen=True)
class MuscleLimits:
    """What an administrator enters. `is_changed`: the limit, or who approved it and when.

    `is_approval_of_former`: the limit was changed, and nothing of its approval.
    """

    usual_depth_mm: int | None = None
    depth_limit_mm: int | None = None
    approved_by: str = ""
    approved_on: dt.date | None = None
    is_changed: bool = True
    is_approval_of_former: bool = False
    length_min_mm: int | None = None
    length_max_mm: int | None = None
    gauge_mm: Decimal | None = None


def reasons(limits: MuscleLimits, *, today: dt.date) -> list[Reason]:
    """Why these limits cannot be saved, each at its field."""
    return [*_depth_reasons(limits), *_needle_reasons(limits), *_approval_reasons(limits, today)]


def _depth_reasons(limits: MuscleLimits) -> list[Reason]:
    limit, usual = limits.depth_limit_mm, limits.usual_depth_mm
    beyond = _("Enter 1 to %(most)s mm. No needle is longer.") % {"most": LONGEST_NEEDLE_MM}
    found = [
        Reason("depth-beyond-needles", beyond, field=name)
        for name, depth in (("depth_limit_mm", limit), ("usual_depth_mm", usual))
        if depth is not None and not 1 <= depth <= LONGEST_NEEDLE_MM
    ]
    if limit is not None and usual is not None and usual > limit:
        message = _("The usual depth is more than the limit. Correct one of them.")
        found.append(Reason("usual-over-limit", message, field="usual_depth_mm"))
    return found


def _needle_reasons(limits: MuscleLimits) -> list[Reason]:
    """A needle that is proposed is one that a site takes."""
    lengths = {"length_min_mm": limits.length_min_mm, "length_max_mm": limits.length_max_mm}
    range_mm = {"least": SHORTEST_NEEDLE_MM, "most": LONGEST_NEEDLE_MM}
    message = _("Enter %(least)s to %(most)s mm. No other needle can be recorded.") % range_mm
    found = [
        Reason("length-beyond-needles", message, field=name)
        for name, length in lengths.items()
        if length is not None and not SHORTEST_NEEDLE_MM <= length <= LONGEST_NEEDLE_MM
    ]
    if limits.gauge_mm is not None and not THINNEST_MM <= limits.gauge_mm <= THICKEST_MM:
        message = _("Enter %(least)s to %(most)s mm. No other needle can be recorded.") % {
            "least": THINNEST_MM,
            "most": THICKEST_MM,
        }
        found.append(Reason("gauge-beyond-needles", message, field="gauge_mm"))
    shortest, longest = lengths.values()
    if shortest and longest and shortest > longest:
        message = _("The shortest needle is longer than the longest. Check both.")
        found.append(Reason("shortest-over-longest", message, field="length_min_mm"))
    return found


def _approval_reasons(limits: MuscleLimits, today: dt.date) -> list[Reason]:
    found = []
    if limits.approved_on is not None and limits.approved_on > today:
        message = _("This day has not come yet. Enter the day of the approval.")
        found.append(Reason("approved-in-future", message, field="limit_approved_on"))
    if not limits.is_changed:
        return found
    given = {"limit_approved_by": limits.approved_by.strip(), "limit_approved_on": limits.approved_on}
    if limits.depth_limit_mm is not None:
        message = _("A new limit needs who approved it and when.")
        found += [Reason("approval-missing", message, field=name) for name in given if not given[name]]
        # a slip of the same day is corrected under the same approval
        if limits.is_approval_of_former and all(given.values()) and limits.approved_on != today:
            message = _("This approval was given for another limit. Enter who approved this one, and when.")
            found.append(Reason("approval-of-former", message, field="limit_approved_on"))
    elif any(given.values()):
        message = _(
            "There is no limit that this approves. Enter the limit, or empty who approved it and when."
        )
        found.append(Reason("approval-of-nothing", message, field="depth_limit_mm"))
    return found


def lacks_approved_limit(muscle: WithLimit) -> bool:
    """A limit that nobody approved is none, and neither is one of before what lies near was changed."""
    if muscle.depth_limit_mm is None or not muscle.limit_approved_by.strip():
        return True
    changed_at, approved_on = muscle.facts_changed_at, muscle.limit_approved_on
    return bool(changed_at and approved_on and timezone.localdate(changed_at) > approved_on)
