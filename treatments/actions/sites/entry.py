"""New needled sites: saved once, numbered once, several in one request, each judged by itself."""

import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from clinic import audit
from clinic.models.base import Side
from clinic.values.errors import Reason, RuleViolation
from treatments.actions.session import draft_events
from treatments.actions.session.draft_events import LockedDraft, Stamp
from treatments.actions.sites.correction import SavedSite, site_reasons
from treatments.models import DraftEvent, NeedleSite, NeedlingSession
from treatments.rules.session import fields
from treatments.rules.sites import origins

BOTH = "both"
# Makes the key of the other side's row from the first one's: a repeated request finds both.
OTHER_SIDE = uuid.UUID("7f6a3c1e-5b0d-5c1f-9d1a-1b6f0f0a2c77")
# The code of a request whose key stands with other content.
KEY_USED = "key-used"


@dataclass(frozen=True)
class NewSite:
    """A site to be saved: its key, its columns, and the origin of each value."""

    key: uuid.UUID
    values: dict
    origins: dict = field(default_factory=dict)

    @property
    def sides(self) -> list[tuple[str, uuid.UUID]]:
        side = self.values["side"]
        if side != BOTH:
            return [(side, self.key)]
        return [(Side.LEFT.value, self.key), (Side.RIGHT.value, uuid.uuid5(OTHER_SIDE, str(self.key)))]


@dataclass(frozen=True)
class SiteGroup:
    """Sites that are kept together or not at all: a typed row, or a line of them."""

    sites: list[NewSite]
    stamp: Stamp = field(default_factory=Stamp)
    adopted_from: NeedlingSession | None = None

    @property
    def rows(self) -> list[tuple[NewSite, str, uuid.UUID]]:
        return [(new, side, row_key) for new in self.sites for side, row_key in new.sides]

    @property
    def keys(self) -> list[str]:
        return [str(row_key) for _new, _side, row_key in self.rows]


def add(
    session, *, by, key: uuid.UUID, stamp=None, origins=None, adopted_from=None, **values
) -> list[SavedSite]:
    """Save a new site; “both” makes a row for each side. The same key again gives the same rows."""
    new = NewSite(key, values, origins or {})
    return add_all(session, by=by, sites=[new], stamp=stamp, adopted_from=adopted_from)


def add_all(
    session, *, by, sites: list[NewSite], stamp: Stamp | None = None, adopted_from=None
) -> list[SavedSite]:
    """Save new sites in their order, all of them or none."""
    group = SiteGroup(sites, stamp or Stamp(), adopted_from)
    (outcome,) = add_each(session, by=by, groups=[group])
    if isinstance(outcome, RuleViolation):
        raise outcome
    return outcome


@transaction.atomic
def add_each(session, *, by, groups: list[SiteGroup]) -> list[list[SavedSite] | RuleViolation]:
    """Save each group, all of its sites or none. A group that is refused stops no other one.

    One lock, one judgement of the draft and one event of the trail, however many groups there are.
    """
    stamps = [group.stamp for group in groups]
    locked = _lock_for(session, stamps, by=by)
    found = _saved_before(locked, groups)
    used: set = draft_events.used_numbers(locked, stamps)

    outcomes: list[list[SavedSite] | RuleViolation] = []
    new: list[tuple[SiteGroup, list[NeedleSite]]] = []
    for group, saved in zip(groups, found, strict=True):
        rows = _rows(locked, group, by=by, after=new)
        reasons = _group_reasons(locked, group, saved, rows, used=used)
        if not saved and not reasons:
            new.append((group, rows))
            used |= {group.stamp.number, *group.keys}
        outcomes.append(RuleViolation(reasons) if reasons else saved)

    written = iter(_write_groups(locked, new, by=by))
    return [outcome or next(written) for outcome in outcomes]


def _unchecked_reasons(draft) -> list[Reason]:
    """Nobody is needled in a session that was opened without consent and health questions."""
    is_checked = draft.consent_id or draft.late_entry_reason
    return [] if is_checked else [fields.OPENED_WITHOUT_CHECKS]


def _lock_for(session, stamps: list[Stamp], *, by) -> LockedDraft:
    """The draft under its lock, with whether one of these requests may have been answered before."""
    first, last = min(stamps, key=_seq), max(stamps, key=_seq)
    locked = draft_events.lock_with_parts(
        session, by=by, stamp=first, last=None if first is last else last.seq
    )
    # a page has one client; what comes from more is looked up
    locked.came_before |= len({stamp.client_id for stamp in stamps}) > 1
    return locked


def _seq(stamp: Stamp) -> int:
    return stamp.seq or 0


def _rows(locked: LockedDraft, group: SiteGroup, *, by, after: list[tuple]) -> list[NeedleSite]:
    """The rows of a group, numbered after those of the draft and of the groups before it."""
    first = max(locked.draft.site_numbers.values(), default=0) + sum(len(rows) for _group, rows in after) + 1
    return [
        NeedleSite(
            session=locked.row, key=row_key, number=number, added_by=by, **{**new.values, "side": side}
        )
        for number, (new, side, row_key) in enumerate(group.rows, start=first)
    ]


def _group_reasons(
    locked: LockedDraft, group: SiteGroup, saved: list[SavedSite], rows: list[NeedleSite], *, used
) -> list[Reason]:
    if saved:
        return _other_content_reasons(saved, group, rows)
    # one number for two changes: taken for a repetition, the second one would be lost silently
    if not used.isdisjoint({group.stamp.number, *group.keys}):
        return [draft_events.NUMBER_USED]
    return [*_unchecked_reasons(locked.row), *site_reasons(locked.draft, *rows)]


def _other_content_reasons(saved: list[SavedSite], group: SiteGroup, rows: list[NeedleSite]) -> list[Reason]:
    """Where the key of a site that stands was sent with other content: neither is lost, and neither taken."""
    sent = {row.key: _written(row, new) for row, (new, _side, _key) in zip(rows, group.rows, strict=True)}
    standing = {each.site.key: each.site for each in saved}
    first = DraftEvent.objects.filter(field="site", site_key__in=standing, session=saved[0].site.session_id)
    written = {event.site_key: event.new or {} for event in first.order_by("-pk")}
    is_same = standing.keys() == sent.keys() and all(
        origins.entered(values) == origins.entered(written.get(key, values)) for key, values in sent.items()
    )
    if is_same:
        return []
    numbers = ", ".join(str(row.number) for row in standing.values())
    message = _("This was saved before as site %(numbers)s, with other values. Correct it there.") % {
        "numbers": numbers
    }
    return [Reason(KEY_USED, message)]


def _written(row: NeedleSite, new: NewSite) -> dict:
    """A new site as its event has it."""
    return {**fields.site_values(row), "origins": new.origins}


def _write_groups(locked: LockedDraft, new: list[tuple[SiteGroup, list[NeedleSite]]], *, by) -> list:
    """Write the rows of all groups with their events; the saved sites of each group."""
    rows = [row for _group, each in new for row in each]
    if not rows:
        return []
    NeedleSite.objects.bulk_create(rows)
    events = draft_events.write_all(locked, [_event(locked, *pair, by=by) for pair in _pairs(new)])
    changes = {f"site {row.number}": [None, fields.site_values(row)] for row in rows}
    audit.record("session.site_added", locked.row, by=by, patient=locked.row.patient, changes=changes)
    saved = iter(SavedSite(row, event.pk, locked.changed) for row, event in zip(rows, events, strict=True))
    return [[next(saved) for _row in each] for _group, each in new]


def _pairs(new) -> list[tuple[SiteGroup, NewSite, NeedleSite]]:
    return [
        (group, site, row)
        for group, rows in new
        for (site, _side, _key), row in zip(group.rows, rows, strict=True)
    ]


def _event(locked: LockedDraft, group: SiteGroup, new: NewSite, row: NeedleSite, *, by) -> DraftEvent:
    # the client's number identifies the first row of a group; the others are identified by their keys
    stamp, is_first = group.stamp, str(row.key) == group.keys[0]
    written = Stamp(stamp.client_id if is_first else row.key, stamp.seq, 0, stamp.origin)
    values = {"new": _written(row, new), "adopted_from": group.adopted_from}
    return draft_events.event_of(locked.row, written, by=by, name="site", site_key=row.key, **values)


def _saved_before(locked: LockedDraft, groups: list[SiteGroup]) -> list[list[SavedSite]]:
    """The rows of each group that arrived before, as they stand."""
    keys = {key for group in groups for key in group.keys}
    if keys.isdisjoint(locked.draft.site_numbers):
        return [[] for _group in groups]
    rows = NeedleSite.objects.filter(session=locked.row, key__in=keys)
    found = {str(row.key): SavedSite(row, 0, locked.draft, repeated=True) for row in rows}
    return [[found[key] for key in group.keys if key in found] for group in groups]
