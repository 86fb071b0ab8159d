"""Adverse events are recorded, corrected, marked as reported, closed, or marked as entered in error."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit, formats
from clinic.rules import form_baseline
from clinic.values import errors
from clinic.values.errors import StaleRecord
from treatments.models import AdverseEvent, NeedlingSession
from treatments.rules.adverse_events import event as rules


@transaction.atomic
def record(session, *, by, **fields) -> AdverseEvent:
    """Record an adverse event. When its report is due follows from the session's jurisdiction."""
    session = _lock_session(session.pk)

    errors.refuse(rules.record_reasons(session, fields, now=timezone.now()))

    due_on = _report_due_on(session, fields["severity"], fields.get("onset_at"))
    event = AdverseEvent.objects.create(session=session, noted_by=by, report_due_on=due_on, **fields)

    changes = {"kind": [None, event.kind.code], "severity": [None, event.severity]}
    audit.record("adverse_event.recorded", event, by=by, patient=session.patient, changes=changes)
    return event


@transaction.atomic
def change(event, *, by, baseline: dict, **fields) -> AdverseEvent:
    """Correct an open event. What somebody else changed since the form was opened is not overwritten."""
    event = lock(event)
    stored = {name: getattr(event, name) for name in fields}
    _refuse_overwriting(stored, baseline, fields)
    fields = form_baseline.changed_fields(fields, baseline)

    errors.refuse(rules.record_reasons(event.session, fields, now=timezone.now()))

    changes = _differences(stored, fields)
    if not changes:
        return event
    for name, value in fields.items():
        setattr(event, name, value)
    event.report_due_on = _report_due_on(event.session, event.severity, event.onset_at)
    event.save(update_fields=[*fields, "report_due_on"])

    audit.record("adverse_event.changed", event, by=by, patient=event.session.patient, changes=changes)
    return event


@transaction.atomic
def mark_reported(event, *, by, reported_to: str, reported_on: dt.date) -> AdverseEvent:
    """Note that it was reported, such as to the board, with the day on which it was."""
    event = lock(event)
    if event.reported_at:
        raise StaleRecord(
            _("%(who)s marked this event as reported.") % {"who": _who(event.reported_by, event.reported_at)}
        )

    errors.refuse(rules.report_reasons(event, to=reported_to, on=reported_on, today=timezone.localdate()))

    _set(event, reported_to=reported_to, reported_on=reported_on, reported_at=timezone.now(), reported_by=by)

    changes = {"reported_to": [None, reported_to], "reported_on": [None, reported_on.isoformat()]}
    audit.record("adverse_event.reported", event, by=by, patient=event.session.patient, changes=changes)
    return event


@transaction.atomic
def close(event, *, by, outcome: str, closing_note: str) -> AdverseEvent:
    """Close an event with its outcome. Nothing of it changes afterwards."""
    event = lock(event)

    errors.refuse(rules.close_reasons(event, by=by, note=closing_note))

    changes = {"outcome": [event.outcome, outcome]}
    _set(event, outcome=outcome, closing_note=closing_note, closed_at=timezone.now(), closed_by=by)

    patient = event.session.patient
    audit.record("adverse_event.closed", event, by=by, patient=patient, changes=changes, reason=closing_note)
    return event


@transaction.atomic
def mark_error(event, *, by, reason: str) -> AdverseEvent:
    """Mark an event as entered in error: it stays readable on its own page and counts nowhere."""
    event = lock(event)

    errors.refuse(rules.withdraw_reasons(event, by=by, reason=reason))

    withdraw(event, by=by, reason=reason)

    audit.record("adverse_event.in_error", event, by=by, patient=event.session.patient, reason=reason)
    return event


def withdraw(event, *, by, reason: str) -> None:
    """The stamps of an event that is in a wrong place. The action that calls it locks and records."""
    _set(event, withdrawn_reason=reason, withdrawn_at=timezone.now(), withdrawn_by=by)


def _lock_session(pk: int) -> NeedlingSession:
    """The row lock that a signature takes: no note is signed while what it says of events changes."""
    rows = NeedlingSession.objects.select_for_update(of=("self",))
    return rows.select_related("jurisdiction", "patient").get(pk=pk)


def lock(event) -> AdverseEvent:
    """The event under its row lock until the transaction ends; refused where somebody ended it first."""
    _lock_session(event.session_id)
    related = ("session__patient", "session__jurisdiction", "kind", *(f"{name}_by" for name in STAMPS))
    row = AdverseEvent.objects.select_for_update(of=("self",)).select_related(*related).get(pk=event.pk)
    if row.closed_at:
        raise StaleRecord(
            _("%(who)s closed this event. It takes no more changes.")
            % {"who": _who(row.closed_by, row.closed_at)}
        )
    if row.withdrawn_at:
        who = _who(row.withdrawn_by, row.withdrawn_at)
        raise StaleRecord(
            _("%(who)s marked this event as entered in error. It takes no more changes.") % {"who": who}
        )
    return row


STAMPS = ("noted", "reported", "closed", "withdrawn")


def _who(person, at: dt.datetime) -> str:
    return f"{person.display_name}, {formats.moment(at)}:"


def _set(event, **columns) -> None:
    for name, value in columns.items():
        setattr(event, name, value)
    event.save(update_fields=list(columns))


def _report_due_on(session, severity: int, onset_at: dt.datetime | None) -> dt.date | None:
    return rules.report_due_on(
        severity=severity,
        days=session.jurisdiction.adverse_event_report_days,
        began_on=rules.began_on(session, onset_at),
    )


def _refuse_overwriting(stored: dict, baseline: dict, fields: dict) -> None:
    lost = form_baseline.overwritten_fields(stored, baseline, fields)
    if not lost:
        return
    names = ", ".join(name.replace("_", " ") for name in lost)
    raise StaleRecord(
        _("Somebody changed this event while you wrote: %(names)s. Open it again and compare.")
        % {"names": names},
        theirs="; ".join(form_baseline.comparable_text(stored[name]) for name in lost),
        mine="; ".join(form_baseline.comparable_text(fields[name]) for name in lost),
    )


def _differences(stored: dict, fields: dict) -> dict:
    before = {name: form_baseline.comparable_text(stored[name]) for name in fields}
    return audit.difference(before, {name: form_baseline.comparable_text(fields[name]) for name in fields})
