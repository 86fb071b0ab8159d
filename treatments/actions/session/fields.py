"""The fields of a draft are saved one by one or all at once, each in its own table."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.models import User
from clinic.models.rows import RelatedRows
from clinic.values import errors
from clinic.values.errors import Reason, RuleViolation
from treatments.actions.followups import calls
from treatments.actions.session import draft_events
from treatments.actions.session.draft_events import LockedDraft, LockedRow, Stamp
from treatments.models import Aftercare, AftercareAdvice, DraftEvent, Measurement, SessionCondition
from treatments.rules.session import coediting, fields
from treatments.rules.session.draft import Draft
from treatments.rules.session.fields import NOT_ASKED_REASON

REMOVED = Reason("part-missing", gettext_lazy("This line was removed. Open the page again."))


def _write_session(draft, name, part, value, by):
    """Set a column, with the stamps that belong to it; returns the old value."""
    if name == "identity_checked":
        old = draft.identity_checked_at is not None
        draft.identity_checked_at, draft.identity_checked_by = (timezone.now(), by) if value else (None, None)
        draft.save(update_fields=["identity_checked_at", "identity_checked_by"])
        return old
    if name == "needles_second":
        return _write_second_count(draft, value)
    old = getattr(draft, name)
    setattr(draft, name, value if value is not None or draft._meta.get_field(name).null else "")
    touched = [name]
    if name == "needles_out":
        counted = value is not None
        draft.needles_counted_at, draft.needles_counted_by = (timezone.now(), by) if counted else (None, None)
        touched += ["needles_counted_at", "needles_counted_by"]
        if value != old or by.pk == draft.needles_second_by_id:
            # the second person counted what stood before
            draft.needles_second_at = draft.needles_second_by = None
            touched += ["needles_second_at", "needles_second_by"]
    draft.save(update_fields=touched)
    return old


def _write_second_count(draft, username: str):
    """Who counted a second time, and when: `_value_reasons` has refused where that cannot be."""
    old = draft.needles_second_by.username if draft.needles_second_by else ""
    second = _counter(username)
    draft.needles_second_at, draft.needles_second_by = (timezone.now(), second) if second else (None, None)
    draft.save(update_fields=["needles_second_at", "needles_second_by"])
    return old


def _counter(username: str) -> User | None:
    return User.objects.filter(username=username, is_active=True).first() if username else None


def _write_condition(draft, name, part, value, by):
    row = _part(SessionCondition.objects.filter(removed_at=None), draft, part)
    if name.startswith("not_asked"):
        return _write_reason(row, name, value)
    why = name.replace("pain", "not_asked")
    old = getattr(row, name)
    if value == fields.NOT_ASKED_CHOICE:
        setattr(row, name, None)
        setattr(row, why, getattr(row, why) or NOT_ASKED_REASON)
    else:
        setattr(row, name, value)
        setattr(row, why, "")
    draft_events.update_columns(row, name, why)
    return old


def _write_reason(row, name, value):
    """A reason is stored only where the pain was not asked."""
    old = getattr(row, name)
    was_asked = getattr(row, name.replace("not_asked", "pain")) is not None
    setattr(row, name, "" if was_asked else value or (NOT_ASKED_REASON if old else ""))
    draft_events.update_columns(row, name)
    return old


def _write_measurement(draft, name, part, value, by):
    row = _part(Measurement.objects.filter(struck_at=None), draft, part)
    column = name.removeprefix("measure_")
    old = getattr(row, column)
    setattr(row, column, value)
    draft_events.update_columns(row, column)
    return old


def _write_advice(draft, name, part, value, by):
    """Tick or untick an advice; its text is stored as it was given."""
    given = RelatedRows(
        Aftercare.objects.filter(session=draft, item=OuterRef("pk")), pk="pk", given_at="given_at"
    )
    item = AftercareAdvice.objects.filter(code=part).annotate(given=given).first()
    if item is None:
        raise RuleViolation(
            [Reason("advice-unknown", _("This advice is no longer in the list. Open the page again."))]
        )
    given_at, given_by = (timezone.now(), by) if value else (None, None)
    columns = {"text": item.text, "given_at": given_at, "given_by": given_by}
    if not item.given:
        Aftercare.objects.bulk_create([Aftercare(session=draft, item=item, **columns)])
        return False
    (row,) = item.given
    Aftercare.objects.filter(pk=row["pk"]).update(**columns)
    return row["given_at"] is not None


def _part(rows, draft, part: str):
    row = rows.filter(Q(session=draft), pk=part).first() if part.isdigit() else None
    if row is None:
        raise RuleViolation([REMOVED])
    return row


WRITERS = {
    fields.SESSION: _write_session,
    fields.CONDITION: _write_condition,
    fields.MEASUREMENT: _write_measurement,
    fields.AFTERCARE: _write_advice,
}


@dataclass(frozen=True)
class Saved:
    """The result of a change. `repeated` when this very request was answered before.

    `draft` as the change leaves it, where another part of the page shows the field.
    """

    version: int
    value: object
    draft: Draft | None
    repeated: bool = False


@transaction.atomic
def save_field(session, *, by, field: str, value, stamp: Stamp | None = None, **stamp_values) -> Saved:
    """Save one field of a draft, compared with the version it was based on.

    `field` is `name` or `name-part`. Pass a Stamp, or base_version, client_id, seq and origin.
    """
    stamp = stamp or Stamp(**stamp_values)
    (saved,) = _save(_lock(session, field, by=by, stamp=stamp), [(field, value, stamp)], by)
    return saved


def _lock(session, field: str, *, by, stamp: Stamp) -> LockedRow:
    """With its parts where another part of the page shows the field."""
    if field in coediting.PARTS_OF_FIELD:
        return draft_events.lock_with_parts(session, by=by, stamp=stamp)
    return draft_events.lock(session, by=by)


@transaction.atomic
def save_fields(session, *, by, changes: dict[str, tuple], client_id) -> list[Saved]:
    """Save several fields at once: {field: (value, base version, number in its form)}."""
    locked = draft_events.lock_with_parts(session, by=by, stamp=Stamp(client_id, seq=None))
    stamped = [
        (name, value, Stamp(client_id, seq, version))
        for name, (value, version, seq) in _in_order(locked.row, changes)
    ]
    return _save(locked, stamped, by)


def end(session, *, by, at, client_id, seq=1, base_version=0) -> Saved:
    """Record the end; follow-ups are scheduled from it, signed or not."""
    stamp = Stamp(client_id, seq, base_version, DraftEvent.Origin.TIMER)
    return save_field(session, by=by, field="ended_at", value=at, stamp=stamp)


def _save(locked: LockedRow, changes: list[tuple], by) -> list[Saved]:
    """Each (field, value, stamp) written, then all of their events at once."""
    saved = [_written(locked, field, value, stamp, by) for field, value, stamp in changes]
    draft_events.write_all(locked, [event for event, _entries in saved if event.pk is None])
    audit.record_many([entry for _event, entries in saved for entry in entries])
    draft = locked.changed if isinstance(locked, LockedDraft) else None
    return [Saved(event.pk, event.new, draft, repeated=not entries) for event, entries in saved]


def _written(
    locked: LockedRow, field: str, value, stamp: Stamp, by
) -> tuple[DraftEvent, list[audit.AuditEntry]]:
    """The change's event with its audit entries. A repeated request gives the earlier event and none."""
    row, (name, part) = locked.row, fields.split(field)
    repeated, newest = draft_events.repeated_and_newest(locked, stamp, name=name, part=part)
    new = fields.json_value(value)
    if repeated is not None:
        draft_events.compare_repeated(repeated, new)
        return repeated, []

    draft_events.compare(newest, stamp, new)
    errors.refuse(_value_reasons(row, field, value))

    old = fields.json_value(WRITERS[fields.PLACES[name]](row, name, part, value, by))
    event = draft_events.event_of(row, stamp, by=by, name=name, part=part, old=old, new=new)
    entries = [audit.AuditEntry("session.field_saved", row, by, row.patient, {field: [old, new]})]
    if name == "ended_at" and value is not None:
        entries += _after_end(locked, by=by, at=value, is_first=old is None)
    return event, entries


def _after_end(locked: LockedRow, *, by, at, is_first: bool) -> list[audit.AuditEntry]:
    """The calls that follow from the end. It is always saved under a lock with parts: the page shows it."""
    if not isinstance(locked, LockedDraft):
        raise TypeError("The end of a session is saved under a lock with parts.")
    row = locked.row
    entries = calls.after_end(row, by=by, at=at, draft=locked.draft)
    return [*entries, audit.AuditEntry("session.ended", row, by, row.patient)] if is_first else entries


def _in_order(draft, changes: dict[str, tuple]) -> list[tuple]:
    """The end comes first where both times move later: the new start would lie after the old end."""
    start = changes.get("started_at", (None,))[0]
    end_first = start is not None and draft.ended_at is not None and start > draft.ended_at
    return sorted(changes.items(), key=_is_end, reverse=True) if end_first else list(changes.items())


def _is_end(change: tuple) -> bool:
    return change[0] == "ended_at"


def _second_reasons(draft, username: str) -> list[Reason]:
    second = _counter(username)
    return fields.second_count_reasons(
        needles_out=draft.needles_out,
        counted_by=draft.needles_counted_by_id,
        second=second.pk if second else None,
    )


def _value_reasons(draft, field: str, value) -> list[Reason]:
    if field == "needles_second":
        return _second_reasons(draft, value) if value else []
    if field == "not_needled" and not (value or draft.consent_id or draft.late_entry_reason):
        return [replace(fields.OPENED_WITHOUT_CHECKS, field=field)]
    times = fields.Times(
        now=timezone.now(),
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        today=timezone.localdate(draft.opened_at),
    )
    return fields.reasons(field, value, times)
