"""Needled sites that stand: changed by comparison, struck and never deleted, needles noted in and out."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.values import errors
from clinic.values.errors import Reason, RuleViolation
from treatments.actions.session import draft_events
from treatments.actions.session.draft_events import LockedDraft, Stamp
from treatments.models import NeedleSite
from treatments.rules.session import draft_parts, fields
from treatments.rules.session.draft import Draft
from treatments.rules.sites import entry, muscle_parts, needled_site


@dataclass(frozen=True)
class SavedSite:
    """A site that was written. `draft` as this change leaves it, but for its sites: they are read anew."""

    site: NeedleSite
    version: int
    draft: Draft
    repeated: bool = False


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
    errors.refuse(site_reasons(locked.draft, site))
    draft_events.update_columns(site, *values)
    event = draft_events.write(locked, stamp, by=by, name="site", site_key=key, old=before, new=after)
    changes = {f"site {site.number}, {name}": pair for name, pair in audit.difference(before, after).items()}
    audit.record("session.site_changed", draft, by=by, patient=draft.patient, changes=changes)
    return SavedSite(site, event.pk, locked.changed)


@transaction.atomic
def name_parts(
    session, *, by, key: uuid.UUID, parts: tuple[str, ...], stamp: Stamp | None = None
) -> SavedSite:
    """Say which of the muscles of its row a site was in. The same answer again changes nothing."""
    stamp = stamp or Stamp()
    locked = draft_events.lock_with_parts(session, by=by, stamp=stamp)
    draft = locked.row
    site = find_site(draft, key)
    offered = muscle_parts.asked(site, heads_count_once=locked.draft.practice.heads_count_once)
    if not offered:
        errors.refuse(_said_before(site, parts))
        return SavedSite(site, 0, locked.changed, repeated=True)
    errors.refuse(muscle_parts.refusals(parts, offered=offered, sub_site=site.sub_site))
    before = fields.site_values(site)
    site.sub_site = muscle_parts.with_parts(site.sub_site, parts)
    after = fields.site_values(site)
    draft_events.update_columns(site, "sub_site")
    event = draft_events.write(locked, stamp, by=by, name="site", site_key=key, old=before, new=after)
    changes = {f"site {site.number}, {name}": pair for name, pair in audit.difference(before, after).items()}
    audit.record("session.site_changed", draft, by=by, patient=draft.patient, changes=changes)
    return SavedSite(site, event.pk, locked.changed)


def _said_before(site: NeedleSite, parts: tuple[str, ...]) -> list[Reason]:
    """Where the site says already which muscle it was, and not this one."""
    offered = muscle_parts.parts(site.muscle) if site.muscle else ()
    if parts and set(muscle_parts.named(offered, site.sub_site)) == set(parts):
        return []
    message = _("This site says already: %(said)s. Edit the site to change it.") % {
        "said": site.sub_site or site.name
    }
    return [Reason("parts-said", message)]


@transaction.atomic
def strike(session, *, by, key: uuid.UUID, stamp: Stamp | None = None, undo: bool = False) -> SavedSite:
    """Take a site out of the note, or put it back. Its number stays its own."""
    stamp = stamp or Stamp()
    locked = draft_events.lock_with_parts(session, by=by, stamp=stamp)
    draft = locked.row
    site, repeated, newest = _find(locked, key, stamp, name="site_struck")
    draft_events.refuse_reused(repeated, sets=not undo)
    if repeated is not None or (site.struck_at is None) == undo:
        return SavedSite(site, repeated.pk if repeated else 0, locked.changed, repeated=True)
    if not undo and site.needle_in_at and not site.needle_out_at:
        # no count includes a removed site: a needle forgotten in it would be shown nowhere
        message = _("Needles are still in here. Take them out and say so first.")
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
    site, repeated, newest = _find(locked, key, stamp, name=column)
    draft_events.refuse_reused(repeated, sets=True)
    done = getattr(site, column)
    if repeated is not None or done:
        return SavedSite(site, repeated.pk if repeated else 0, locked.changed, repeated=True)
    if way == "out" and site.needle_in_at is None:
        errors.refuse([Reason("not-in", _("Note when the needles went in first."))])
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
    site, repeated, newest = _find(locked, key, stamp, name=column)
    draft_events.refuse_reused(repeated, sets=False)
    if column == "needle_in_at" and site.needle_out_at is not None:
        errors.refuse([Reason("out-stands", _("Take back first that the needles came out."))])
    old = fields.json_value(getattr(site, column))
    if repeated is not None or old is None:
        return SavedSite(site, repeated.pk if repeated else 0, locked.changed, repeated=True)
    setattr(site, column, None)
    draft_events.update_columns(site, column)
    event = draft_events.write(locked, stamp, by=by, name=column, site_key=key, old=old)
    changes = {f"site {site.number}, {column}": [old, None]}
    audit.record("session.site_changed", draft, by=by, patient=draft.patient, changes=changes)
    return SavedSite(site, event.pk, locked.changed)


def site_reasons(draft: Draft, *rows: NeedleSite) -> list[Reason]:
    """Why the rows cannot be saved. Both sides of one muscle have the same reasons: each is said once."""
    limits = draft_parts.constraints_of(draft)
    found = [reason for row in rows for reason in entry.refusals(needled_site.from_row(row), limits)]
    return list(dict.fromkeys(found))


def _find(locked: LockedDraft, key, stamp, *, name: str = "site") -> tuple:
    site = find_site(locked.row, key)
    repeated, newest = draft_events.repeated_and_newest(locked, stamp, name=name, site_key=key)
    return site, repeated, newest


def find_site(draft, key) -> NeedleSite:
    site = NeedleSite.objects.select_related("muscle", "region").filter(session=draft, key=key).first()
    if site is None:
        raise RuleViolation(
            [Reason("site-missing", _("This site is not there any more. Open the page again."))]
        )
    return site
