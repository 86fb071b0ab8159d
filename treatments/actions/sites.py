"""Needled sites: added once, numbered once, changed by comparison, struck and never deleted."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.models.base import Side
from clinic.values import errors
from clinic.values.errors import Reason, RuleViolation
from treatments.actions.session import draft_events
from treatments.actions.session.draft_events import LockedDraft, Stamp
from treatments.models import DraftEvent, NeedleSite, Override
from treatments.rules.session import draft_parts, fields
from treatments.rules.session.draft import Draft
from treatments.rules.sites import entry, needled_site, origins

BOTH = "both"
# Makes the key of the other side's row from the first one's: a repeated request finds both.
OTHER_SIDE = uuid.UUID("7f6a3c1e-5b0d-5c1f-9d1a-1b6f0f0a2c77")
NOT_RAISED = Reason(
    "rule-not-raised", "Nothing asks for this reason any more. Open the page again.", field="reason"
)


@dataclass(frozen=True)
class SavedSite:
    """A site that was written. `draft` as this change leaves it, but for its sites: they are read anew."""

    site: NeedleSite
    version: int
    draft: Draft
    repeated: bool = False


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


def add(
    session, *, by, key: uuid.UUID, stamp=None, origins=None, adopted_from=None, **values
) -> list[SavedSite]:
    """Save a new site; “both” makes a row for each side. The same key again gives the same rows."""
    new = NewSite(key, values, origins or {})
    return add_all(session, by=by, sites=[new], stamp=stamp, adopted_from=adopted_from)


@transaction.atomic
def add_all(
    session, *, by, sites: list[NewSite], stamp: Stamp | None = None, adopted_from=None
) -> list[SavedSite]:
    """Save new sites in their order, all of them or none."""
    stamp = stamp or Stamp()
    locked = draft_events.lock_with_parts(session, by=by, stamp=stamp)
    draft = locked.row
    wanted = [(new, side, row_key) for new in sites for side, row_key in new.sides]
    last = max(locked.draft.site_numbers.values(), default=0)
    rows = [
        NeedleSite(session=draft, key=row_key, number=number, added_by=by, **{**new.values, "side": side})
        for number, (new, side, row_key) in enumerate(wanted, start=last + 1)
    ]
    found = _saved_before(locked, {str(row_key) for _, _, row_key in wanted})
    if found:
        _refuse_other_content(found, zip(rows, wanted, strict=True))
        return found
    draft_events.repeated_and_newest(locked, stamp, name="site", site_key=wanted[0][2])

    errors.refuse([*_unchecked_reasons(draft), *_site_reasons(locked.draft, *rows)])

    NeedleSite.objects.bulk_create(rows)
    events: list[DraftEvent] = []
    for row, (new, _, row_key) in zip(rows, wanted, strict=True):
        # the client's number identifies the first row; the others are identified by their keys
        written = Stamp(row_key if events else stamp.client_id, stamp.seq, 0, stamp.origin)
        values = {"new": _written(row, new), "adopted_from": adopted_from}
        events.append(draft_events.event_of(draft, written, by=by, name="site", site_key=row_key, **values))
    draft_events.write_all(locked, events)

    changes = {f"site {row.number}": [None, fields.site_values(row)] for row in rows}
    audit.record("session.site_added", draft, by=by, patient=draft.patient, changes=changes)
    return [SavedSite(row, event.pk, locked.changed) for row, event in zip(rows, events, strict=True)]


@transaction.atomic
def change(session, *, by, key: uuid.UUID, stamp: Stamp, **values) -> SavedSite:
    """Correct a site, compared with the version that was on the page."""
    locked = draft_events.lock_with_parts(session, by=by, stamp=stamp)
    draft = locked.row
    site, repeated, newest = _find(locked, key, stamp)
    before = fields.site_values(site)
    for name, value in values.items():
        setattr(site, name, value)
    after = fields.site_values(site)
    if repeated is not None:
        first = repeated.new or {}
        sent = {name: after[name] for name in after if name in values or f"{name}_id" in values}
        draft_events.compare_repeated(repeated, {**first, **sent})
        site.refresh_from_db()
        return SavedSite(site, repeated.pk, locked.changed, repeated=True)
    draft_events.compare(newest, stamp, after)
    errors.refuse(_site_reasons(locked.draft, site))
    draft_events.update_columns(site, *values)
    event = draft_events.write(locked, stamp, by=by, name="site", site_key=key, old=before, new=after)
    changes = {f"site {site.number}, {name}": pair for name, pair in audit.difference(before, after).items()}
    audit.record("session.site_changed", draft, by=by, patient=draft.patient, changes=changes)
    return SavedSite(site, event.pk, locked.changed)


@transaction.atomic
def strike(session, *, by, key: uuid.UUID, stamp: Stamp | None = None, undo: bool = False) -> SavedSite:
    """Take a site out of the note, or put it back. Its number stays its own."""
    stamp = stamp or Stamp()
    locked = draft_events.lock_with_parts(session, by=by, stamp=stamp)
    draft = locked.row
    site, repeated, _ = _find(locked, key, stamp, name="site_struck")
    if repeated is not None or (site.struck_at is None) == undo:
        return SavedSite(site, repeated.pk if repeated else 0, locked.changed, repeated=True)
    if not undo and site.needle_in_at and not site.needle_out_at:
        # no count includes a removed site: a needle forgotten in it would be shown nowhere
        message = "Needles are still in here. Take them out and say so first."
        errors.refuse([Reason("needles-still-in", message)])
    site.struck_at, site.struck_by = (None, None) if undo else (timezone.now(), by)
    draft_events.update_columns(site, "struck_at", "struck_by")
    event = draft_events.write(locked, stamp, by=by, name="site_struck", site_key=key, old=undo, new=not undo)
    changes = {f"site {site.number}": ["removed", "kept"] if undo else ["kept", "removed"]}
    audit.record("session.site_struck", draft, by=by, patient=draft.patient, changes=changes)
    return SavedSite(site, event.pk, locked.changed)


@transaction.atomic
def note_needles(session, *, by, key: uuid.UUID, way: str, stamp: Stamp | None = None) -> SavedSite:
    """Record the instant the needles go in or come out. The dwell time follows from the two."""
    stamp = stamp or Stamp(origin="timer")
    locked = draft_events.lock_with_parts(session, by=by, stamp=stamp)
    draft = locked.row
    column = "needle_in_at" if way == "in" else "needle_out_at"
    site, repeated, _ = _find(locked, key, stamp, name=column)
    done = getattr(site, column)
    if repeated is not None or done:
        return SavedSite(site, repeated.pk if repeated else 0, locked.changed, repeated=True)
    if way == "out" and site.needle_in_at is None:
        errors.refuse([Reason("not-in", "Note when the needles went in first.")])
    # where the clock was set back meanwhile, the needle still comes out after it went in
    setattr(site, column, timezone.now() if way == "in" else max(timezone.now(), site.needle_in_at))
    draft_events.update_columns(site, column)
    event = draft_events.write(
        locked, stamp, by=by, name=column, site_key=key, new=fields.json_value(getattr(site, column))
    )
    changes = {f"site {site.number}, {column}": [None, fields.json_value(getattr(site, column))]}
    audit.record("session.site_changed", draft, by=by, patient=draft.patient, changes=changes)
    return SavedSite(site, event.pk, locked.changed)


@transaction.atomic
def clear_time(session, *, by, key: uuid.UUID, column: str, stamp: Stamp) -> SavedSite:
    """Clear an instant that was recorded by mistake. The needles' way out is cleared before their way in."""
    locked = draft_events.lock_with_parts(session, by=by, stamp=stamp)
    draft = locked.row
    site, repeated, _ = _find(locked, key, stamp, name=column)
    if column == "needle_in_at" and site.needle_out_at is not None:
        errors.refuse([Reason("out-stands", "Take back first that the needles came out.")])
    old = fields.json_value(getattr(site, column))
    if repeated is not None or old is None:
        return SavedSite(site, repeated.pk if repeated else 0, locked.changed, repeated=True)
    setattr(site, column, None)
    draft_events.update_columns(site, column)
    event = draft_events.write(locked, stamp, by=by, name=column, site_key=key, old=old)
    changes = {f"site {site.number}, {column}": [old, None]}
    audit.record("session.site_changed", draft, by=by, patient=draft.patient, changes=changes)
    return SavedSite(site, event.pk, locked.changed)


@transaction.atomic
def answer_prompt(session, *, by, rule: str, reason: str, key: uuid.UUID | None = None) -> Override:
    """Answer a prompt with a reason. It stays on the page with the reason beside it."""
    locked = draft_events.lock_with_parts(session, by=by, stamp=Stamp())
    draft = locked.row
    site, prompt = _site(draft, key) if key else None, _prompt(locked.draft, rule, key)

    if prompt is None:
        raise RuleViolation([NOT_RAISED, *_answer_reasons(reason)])
    errors.refuse(_answer_reasons(reason))

    answer = {"session": draft, "site": site, "rule": rule, "asked": prompt.asked, "reason": reason.strip()}
    standing = Override.objects.filter(**answer).first()
    if standing is not None:
        return standing
    override = Override.objects.create(**answer, by=by)
    audit.record(
        "session.rule_answered",
        draft,
        by=by,
        patient=draft.patient,
        changes={"rule": [None, rule]},
        reason=reason,
    )
    return override


def _unchecked_reasons(draft) -> list[Reason]:
    """Nobody is needled in a session that was opened without consent and health questions."""
    is_checked = draft.consent_id or draft.late_entry_reason
    return [] if is_checked else [fields.OPENED_WITHOUT_CHECKS]


def _site_reasons(draft: Draft, *rows: NeedleSite) -> list[Reason]:
    """Why the rows cannot be saved. Both sides of one muscle have the same reasons: each is said once."""
    limits = draft_parts.constraints_of(draft)
    found = [reason for row in rows for reason in entry.refusals(needled_site.from_row(row), limits)]
    return list(dict.fromkeys(found))


def _prompt(draft: Draft, rule: str, key) -> needled_site.Prompt | None:
    """The prompt as the draft raises it now."""
    raised = draft_parts.prompts_for(draft)
    wanted = (rule, str(key) if key else "")
    return next((prompt for prompt in raised if (prompt.rule, prompt.site_key) == wanted), None)


def _answer_reasons(reason: str) -> list[Reason]:
    if reason.strip():
        return []
    return [Reason("reason-missing", "Say why, in a few words.", field="reason")]


def _written(row: NeedleSite, new: NewSite) -> dict:
    """A new site as its event has it."""
    return {**fields.site_values(row), "origins": new.origins}


def _refuse_other_content(found: list[SavedSite], sent_rows: Iterable[tuple]) -> None:
    """The key of a site that stands was sent with other content: neither is lost, and neither taken."""
    sent = {row.key: _written(row, new) for row, (new, _, _) in sent_rows}
    rows = {saved.site.key: saved.site for saved in found}
    first = DraftEvent.objects.filter(field="site", site_key__in=rows, session=found[0].site.session_id)
    written = {event.site_key: event.new or {} for event in first.order_by("-pk")}
    is_same = rows.keys() == sent.keys() and all(
        origins.entered(values) == origins.entered(written.get(key, values)) for key, values in sent.items()
    )
    if not is_same:
        numbers = ", ".join(str(row.number) for row in rows.values())
        message = f"This was saved before as site {numbers}, with other values. Correct it there."
        errors.refuse([Reason("key-used", message)])


def _saved_before(locked: LockedDraft, keys: set[str]) -> list[SavedSite]:
    """The rows of a request that arrived before, as they stand."""
    if keys.isdisjoint(locked.draft.site_numbers):
        return []
    rows = NeedleSite.objects.filter(session=locked.row, key__in=keys).order_by("number")
    return [SavedSite(row, 0, locked.draft, repeated=True) for row in rows]


def _find(locked: LockedDraft, key, stamp, *, name: str = "site") -> tuple:
    site = _site(locked.row, key)
    repeated, newest = draft_events.repeated_and_newest(locked, stamp, name=name, site_key=key)
    return site, repeated, newest


def _site(draft, key) -> NeedleSite:
    site = NeedleSite.objects.select_related("muscle", "region").filter(session=draft, key=key).first()
    if site is None:
        raise RuleViolation([Reason("site-missing", "This site is not there any more. Open the page again.")])
    return site
