"""Warning signs are acknowledged, and adverse events recorded."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from treatments.models import AdverseEvent, RedFlag

# A serious event, the only kind that a profile counts days for. Source: domain notes, 5.2 (Florida).
SERIOUS = 3


@transaction.atomic
def acknowledge(red_flag, *, by, action: str) -> RedFlag:
    """Acknowledge a warning sign with what was done; it leaves the board."""
    flag = (
        RedFlag.objects.select_for_update(of=("self",))
        .select_related("acknowledged_by", "report__followup__session__patient")
        .get(pk=red_flag.pk)
    )
    if flag.acknowledged_at:
        at = timezone.localtime(flag.acknowledged_at).strftime("%H:%M")
        raise StaleRecord(
            f"{flag.acknowledged_by.short_name} acted on this warning sign at {at}.",
            theirs=flag.action, mine=action,
        )  # fmt: skip

    if not action.strip():
        errors.refuse(
            [Reason("action-missing", "Write what was done, such as who was called.", field="action")]
        )

    flag.action, flag.acknowledged_at, flag.acknowledged_by = action, timezone.now(), by
    flag.save(update_fields=["action", "acknowledged_at", "acknowledged_by"])

    patient = flag.report.followup.session.patient
    audit.record("redflag.acknowledged", flag, by=by, patient=patient, changes={"action": ["", action]})
    return flag


@transaction.atomic
def record_event(session, *, by, **fields) -> AdverseEvent:
    """Record an adverse event. When its report is due follows from the session's jurisdiction."""
    errors.refuse(_event_reasons(session, fields))

    due_on = _report_due_on(session, severity=fields["severity"])
    event = AdverseEvent.objects.create(session=session, noted_by=by, report_due_on=due_on, **fields)

    changes = {"kind": [None, event.kind.code], "severity": [None, event.severity]}
    audit.record("adverse_event.recorded", event, by=by, patient=session.patient, changes=changes)
    return event


def _event_reasons(session, fields: dict) -> list[Reason]:
    onset, reasons = fields.get("onset_at"), []
    if onset and onset > timezone.now():
        reasons.append(
            Reason("onset-in-future", "The onset lies in the future. Check the date.", field="onset_at")
        )
    if onset and session.started_at and onset < session.started_at:
        message = "The onset is before the session started. Choose another session or check the time."
        reasons.append(Reason("onset-before-session", message, field="onset_at"))
    site = fields.get("site")
    if site is not None and site.session_id != session.pk:
        reasons.append(Reason("site-of-other-session", "Choose a site of this session.", field="site"))
    return reasons


def _report_due_on(session, *, severity: int) -> dt.date | None:
    days = session.jurisdiction.adverse_event_report_days
    if severity < SERIOUS or days is None:
        return None
    return timezone.localdate() + dt.timedelta(days=days)
