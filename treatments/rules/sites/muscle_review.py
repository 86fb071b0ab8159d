"""Whether somebody read what the catalogue says of a muscle, and whether it still says the same."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from treatments.models import Muscle
from treatments.rules.sites.hazard_words import HAZARDS

# What a reviewer reads of a row. The practice's own limit is approved apart.
COLUMNS = (
    "name", "hazards", "hazard_sources", "side_policy", "length_min_mm", "length_max_mm", "gauge_mm",
    "depth_source", "angle_note", "default_status", "billing_key", "heads", "members", "note", "source",
)  # fmt: skip
NO_SOURCE = "no source found"


@dataclass(frozen=True)
class ReviewCounts:
    """How many rows there are, and of how many nobody read what they say now."""

    rows: int
    unreviewed: int
    without_source: int


def content_of(muscle: Muscle) -> str:
    """The digest of what the row says, of a muscle that was asked for `with_regions`."""
    said = [str(getattr(muscle, name)) for name in COLUMNS]
    text = json.dumps([*said, *(row["code"] for row in muscle.region_rows)])
    return hashlib.sha256(text.encode()).hexdigest()


def is_reviewed(muscle: Muscle) -> bool:
    """A row that an update changed after its review is read again."""
    return muscle.reviewed_at is not None and muscle.reviewed_content == content_of(muscle)


def lacks_source(muscle: Muscle) -> bool:
    return any(NO_SOURCE in entry for entry in muscle.hazard_sources)


def hazard_lines(muscle: Muscle) -> list[tuple[str, str]]:
    """(what lies near, the source of it), one line for each source."""
    found = [entry.partition(": ") for entry in muscle.hazard_sources]
    return [(str(HAZARDS.get(code, code)), source) for code, _colon, source in found]


def counts(muscles: Iterable[Muscle]) -> ReviewCounts:
    rows = list(muscles)
    unreviewed = sum(not is_reviewed(muscle) for muscle in rows)
    return ReviewCounts(len(rows), unreviewed, sum(map(lacks_source, rows)))


def reasons(on: dt.date, *, today: dt.date) -> list[Reason]:
    if on <= today:
        return []
    message = _("This day has not come yet. Enter the day of the review.")
    return [Reason("reviewed-in-future", message, field="on")]


def changed_reason(muscle: Muscle) -> Reason:
    message = _("What is said of %(muscle)s changed since this page was opened. Read it again.")
    return Reason("row-changed", message % {"muscle": muscle.name}, field="muscles")
