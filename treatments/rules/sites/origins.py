"""The origin of a site's values: typed, tapped, proposed, or adopted from an earlier visit."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clinic import formats
from clinic.values.words import Text
from treatments.models import DraftEvent
from treatments.rules.session.parts import SiteChange
from treatments.rules.sites import proposals

# Where a proposal came from; a date may follow, as in “hand@2026-05-05”.
OWN_LAST, HERE, USUAL, NEEDLE, COUNT, PLAN = "hand", "here", "usual", "needle", "count", "plan"
TYPED, TAPPED = DraftEvent.Origin.TYPED.value, DraftEvent.Origin.TAPPED.value
PROPOSALS = {
    OWN_LAST: _("your last"),
    HERE: _("last here"),
    USUAL: _("usual"),
    NEEDLE: _("your last needle"),
    COUNT: _("counted for you"),
    PLAN: _("last visit"),
}
# Sources that may be another patient's.
ELSEWHERE = frozenset({OWN_LAST, NEEDLE})
# What a page may send, and beside it what only a copy and its confirmation write.
SOURCE_LABELS = {**PROPOSALS, TYPED: _("typed"), TAPPED: _("tapped")}
COPIED, CONFIRMED = DraftEvent.Origin.COPIED.value, DraftEvent.Origin.CONFIRMED.value
LABELS = {**SOURCE_LABELS, COPIED: _("copied, not confirmed"), CONFIRMED: _("copied and confirmed")}
# Of a note that is read, perhaps by somebody else, perhaps years later.
NOTE_SOURCE_LABELS = {
    **LABELS,
    OWN_LAST: _("proposed as in the therapist's last, and kept"),
    HERE: _("proposed as in this patient's last, and kept"),
    USUAL: _("proposed as usual, and kept"),
    NEEDLE: _("proposed as the therapist's last needle, and kept"),
    PLAN: _("taken from the visit before"),
}
ORIGIN_PATTERN = re.compile(r"(?P<field>[a-z_]{1,30}):(?P<source>[a-z]{1,10})(?:@(?P<on>\d{4}-\d{2}-\d{2}))?")
# The page's name of a value, and the columns that store it.
VALUE_COLUMNS = {
    "muscle": ("muscle", "unlisted_name"),
    "side": ("side",),
    "insertions": ("insertions",),
    "twitches": ("twitches",),
    "needle": ("gauge_mm", "length_mm"),
    "depth_mm": ("depth_mm",),
    "technique": ("technique",),
    "dwell": ("dwell_seconds",),
    "tissue": ("tissue",),
    "needles": ("needles",),
}
VALUE_LABELS = {
    "muscle": _("muscle"),
    "side": _("side"),
    "insertions": _("insertions"),
    "twitches": _("twitches"),
    "needle": _("needle"),
    "depth_mm": _("depth"),
    "technique": _("technique"),
    "dwell": _("minutes left in"),
    "tissue": _("aimed at"),
    "needles": _("needles"),
}


def parse(text: str, *, over_lung: bool = False) -> dict[str, str]:
    """“side:tapped,needle:hand@2026-05-05” as the page sends it. What may not be proposed was typed."""
    found = {}
    for part in text.split(","):
        match = ORIGIN_PATTERN.fullmatch(part.strip())
        if match is not None and match["field"] in VALUE_COLUMNS and match["source"] in SOURCE_LABELS:
            found[match["field"]] = _allowed(match, over_lung=over_lung)
    return found


def serialize(found: dict[str, str]) -> str:
    return ",".join(f"{field}:{source}" for field, source in found.items())


def source_label(
    source: str, labels: Mapping[str, Text] = LABELS, day: Callable[[dt.date], str] = formats.short_day
) -> str:
    """“your last, May 5”."""
    name, at, on = source.partition("@")
    when = f", {day(dt.date.fromisoformat(on))}" if _is_day(on) else ""
    return f"{labels.get(name, name)}{when}"


def is_proposal(source: str) -> bool:
    return source.partition("@")[0] in PROPOSALS


def entered(values: dict) -> dict:
    """What a person entered of a new site's values with their origins: proposals may differ the next time."""
    sources = values.get("origins", {})
    proposed = [VALUE_COLUMNS[name] for name, source in sources.items() if is_proposal(source)]
    left_out = {"number", "origins"}.union(*proposed)
    return {name: value for name, value in values.items() if name not in left_out}


def site_origins(changes: Iterable[SiteChange]) -> dict[str, dict[str, str]]:
    """{site key: {value: source}} by the newest change of each value."""
    found: dict[str, dict[str, str]] = {}
    for change in changes:
        found.setdefault(change.site_key, {}).update(_origins_of_change(change.old, change.new))
    # in the order of the row: PostgreSQL orders the keys of an object by itself
    return {
        key: {name: sources[name] for name in VALUE_COLUMNS if name in sources}
        for key, sources in found.items()
    }


def note_origins(locked_sites: list[dict], sites: list[dict], changes: tuple[SiteChange, ...]) -> list[dict]:
    """For a note that is read: [{"number", "head", "lines"}] of its standing sites, if any origin is known.

    `sites` as the note shows them, `locked_sites` as their rows, `changes` of the session's sites.
    """
    keys = {row["number"]: str(UUID(str(row["key"]))) for row in locked_sites}
    found, adopted = site_origins(changes), _adopted(changes)
    rows = []
    for site in sites:
        key = keys.get(site["number"], "")
        lines = _note_origin_lines(found.get(key, {}), adopted.get(key, ""))
        rows.append({"number": site["number"], "head": site["head"], "lines": lines})
    return rows if any(row["lines"] for row in rows) else []


def origin_lines(found: dict[str, str], *, only_proposals: bool = False) -> list[dict]:
    """For the read-back: [{"source": "your last, May 5", "labels": "needle, technique"}]."""
    by_label: dict[str, list[str]] = {}
    for field, source in found.items():
        if is_proposal(source) or not only_proposals:
            by_label.setdefault(source_label(source), []).append(str(VALUE_LABELS.get(field, field)))
    return [{"source": source, "labels": ", ".join(labels)} for source, labels in by_label.items()]


def _adopted(changes: Iterable[SiteChange]) -> dict[str, str]:
    """{site key: the session whose plan it was taken from}."""
    return {change.site_key: change.adopted for change in changes if change.adopted}


def _note_origin_lines(found: dict[str, str], adopted: str) -> list[dict]:
    """As `origin_lines`; a value out of a plan with the `session` that it came from."""
    by_source: dict[str, list[str]] = {}
    for field, source in found.items():
        by_source.setdefault(source, []).append(str(VALUE_LABELS.get(field, field)))
    return [
        {
            "source": source_label(source, NOTE_SOURCE_LABELS, formats.day),
            "labels": ", ".join(labels),
            "session": adopted if source.startswith(PLAN) else "",
        }
        for source, labels in by_source.items()
    ]


def _allowed(match: re.Match, *, over_lung: bool) -> str:
    field, source, on = match["field"], match["source"], match["on"]
    if source in PROPOSALS and not _may_come_from(source, field, over_lung=over_lung):
        return TYPED
    return f"{source}@{on}" if on and _is_day(on) else source


def _may_come_from(source: str, field: str, *, over_lung: bool) -> bool:
    if source == PLAN and field in proposals.PLAN_FIELDS:
        return True
    # over the lung nothing is proposed from another patient, and no needle by the product
    if over_lung and (source in ELSEWHERE or (source, field) == (USUAL, "needle")):
        return False
    return proposals.may_propose(field, over_lung=over_lung)


def _origins_of_change(old, new) -> dict[str, str]:
    """A new row and a confirmed copy carry their origins; what a correction changed was typed."""
    origins = new.get("origins", {})
    if not isinstance(old, dict) or origins:
        return origins
    changed = {name for name in new if new[name] != old.get(name)}
    return {field: TYPED for field, columns in VALUE_COLUMNS.items() if changed & set(columns)}


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
