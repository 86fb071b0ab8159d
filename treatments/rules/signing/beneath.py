"""What stands beneath a note: addenda with their answers, reports of soreness, the co-signature."""

import datetime as dt

from django.utils.translation import gettext as _

from clinic import formats
from clinic.models.rows import instant
from treatments.models import Addendum
from treatments.rules.followups import soreness
from treatments.rules.record import amendments
from treatments.rules.signing import cosigning, supervision


def addenda(session, *, today: dt.date) -> list[dict]:
    """`session` comes from `with_note_rows`."""
    return [_addendum(row, today) for row in session.note_addenda]


def amended(found: list[dict], *, today: dt.date) -> str:
    """When the record was last amended: a request counts once it was accepted, from then on."""
    times = [row["answered_at"] if row["is_request"] else row["at"] for row in found if row["amends"]]
    return _("Amended %(time)s") % {"time": formats.near_moment(max(times), today=today)} if times else ""


def reports(session) -> list[dict]:
    return [_report(row) for row in session.note_reports]


def cosignature(session, *, days: int, now: dt.datetime) -> dict:
    """The co-signature of a supervised note, or until when it is due; and who co-signs in whose place."""
    changes = supervision.changes_of(session.note_supervisors)
    found = {
        "cosignature": getattr(session, "cosignature", None),
        "cosigner": cosigning.cosigner_of(session),
        "supervisor_changes": supervision.after_signature(changes, signed_at=session.signed_at),
    }
    if not cosigning.waits(session):
        return found
    due_at = cosigning.due_at(session.signed_at, days=days)
    return {**found, "cosign_due_at": due_at, "cosign_late": due_at < now}


def _addendum(row: dict, today: dt.date) -> dict:
    """As it is shown. A request of the patient with its answer, or with the day by which one is due."""
    at, answered_at = instant(row["at"]), instant(row["answered_at"])
    is_request = row["kind"] == Addendum.Kind.PATIENT_REQUEST
    due_on = amendments.due_on(at) if is_request and not answered_at else None
    return {
        **row,
        "kind": Addendum.Kind(row["kind"]).label,
        "at": at,
        "by": row["by_then"],
        "by_now": _signed_name(row["first"], row["last"], row["letters"]),
        "is_request": is_request,
        "amends": not is_request or bool(row["accepted"]),
        "answered_at": answered_at,
        "answered_by": row["answered_by_then"],
        "answered_by_now": _signed_name(row["answered_first"], row["answered_last"], row["answered_letters"]),
        "due_on": due_on,
        "late": due_on is not None and due_on < today,
    }


def _signed_name(first: str | None, last: str | None, letters: str | None) -> str:
    name = f"{first or ''} {last or ''}".strip()
    return f"{name}, {letters}" if letters else name


def _report(row: dict) -> dict:
    words = soreness.triage_label(row["triage"], row["urgency"])
    kind = soreness.TRIAGE_KINDS[row["triage"]]
    return {**row, "at": instant(row["at"]), "words": words, "kind": kind}
