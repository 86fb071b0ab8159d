"""Requests of patients to amend their record: by when they are answered, and what an answer must say."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import access
from clinic.access import Permission
from clinic.models.rows import instant
from clinic.values.errors import Reason
from treatments.models import Addendum

# source: 45 CFR 164.526(b)(2), govinfo.gov, title 45 of 2004
ANSWER_WITHIN = dt.timedelta(days=60)


def due_on(asked_at: dt.datetime) -> dt.date:
    """The last day on which a request is answered in time."""
    return timezone.localdate(asked_at + ANSWER_WITHIN)


def may_answer(user, session) -> bool:
    """Who may answer a request about a note: its author, and leads."""
    return user.pk == session.therapist_id or access.may(user, Permission.SESSION_CLOSE)


def reasons(request: Addendum, *, by, text: str) -> list[Reason]:
    """Why an answer is refused. `request` with its session and that session's therapist."""
    found = []
    if request.kind != Addendum.Kind.PATIENT_REQUEST:
        message = _("Only a patient's request to amend is accepted or denied.")
        found.append(Reason("no-request", message))
    if not may_answer(by, request.session):
        message = _("%(therapist)s or a lead answers this request.") % {
            "therapist": request.session.therapist.display_name
        }
        found.append(Reason("not-the-author", message))
    if not text.strip():
        message = _("Write what is amended, or why the request is denied.")
        found.append(Reason("text-missing", message, field="text"))
    return found


def request_lines(sessions: list, *, on: dt.date) -> list[dict]:
    """For the board, the first due first: each request with its session and the day by which it is due."""
    requests = [
        {"session": session, "pk": row["pk"], "asked_at": instant(row["at"])}
        for session in sessions
        for row in session.unanswered
    ]
    dated = [{**row, "due_on": due_on(row["asked_at"])} for row in requests]
    return sorted(({**row, "late": row["due_on"] < on} for row in dated), key=_first_due)


def _first_due(row: dict) -> tuple:
    return row["asked_at"], row["pk"]
