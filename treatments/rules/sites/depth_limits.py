"""The depth limits of the practice: which make sense, and which muscles over the lung have none."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from treatments.models import Muscle
from treatments.models.sites.catalogues import LONGEST_NEEDLE_MM


@dataclass(frozen=True)
class MuscleLimits:
    """What an administrator enters. `is_changed`: the limit, or who approved it and when."""

    usual_depth_mm: int | None = None
    depth_limit_mm: int | None = None
    approved_by: str = ""
    approved_on: dt.date | None = None
    is_changed: bool = True


def reasons(limits: MuscleLimits, *, today: dt.date) -> list[Reason]:
    """Why these limits cannot be saved, each at its field."""
    return [*_depth_reasons(limits), *_approval_reasons(limits, today)]


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


def _approval_reasons(limits: MuscleLimits, today: dt.date) -> list[Reason]:
    found = []
    if limits.approved_on is not None and limits.approved_on > today:
        message = _("This day has not come yet. Enter the day of the approval.")
        found.append(Reason("approved-in-future", message, field="limit_approved_on"))
    if limits.depth_limit_mm is not None and limits.is_changed:
        given = {"limit_approved_by": limits.approved_by.strip(), "limit_approved_on": limits.approved_on}
        message = _("A new limit needs who approved it and when.")
        found += [Reason("approval-missing", message, field=name) for name in given if not given[name]]
    return found


def lacks_approved_limit(muscle: Muscle) -> bool:
    return muscle.depth_limit_mm is None or not muscle.limit_approved_by
