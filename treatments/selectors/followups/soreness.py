"""The soreness reports of a patient or of some sessions, one query each."""

from collections.abc import Iterable

from treatments.models import SorenessReport
from treatments.rules.followups import soreness
from treatments.rules.followups.soreness import Line


def latest_reports(patient, *, limit: int = 4) -> list[Line]:
    """The newest reports that were not superseded, newest first, in one query."""
    return _lines(SorenessReport.objects.filter(followup__session__patient=patient), limit)


def reports_of(sessions: Iterable) -> dict[int, list[Line]]:
    """{session pk: its reports by step} for a list of sessions, in one query."""
    found: dict[int, list[Line]] = {}
    rows = SorenessReport.objects.filter(followup__session__in=[session.pk for session in sessions])
    for line in sorted(_lines(rows), key=soreness.step_order):
        found.setdefault(line.session_pk, []).append(line)
    return found


def _lines(reports, limit: int | None = None) -> list[Line]:
    rows = (
        reports.filter(superseded_by=None)
        .select_related("followup__session", "reported_by")
        .order_by("-reported_at", "-pk")[:limit]
    )
    return [_line(row) for row in rows]


def _line(row: SorenessReport) -> Line:
    return Line(
        session_pk=row.followup.session_id,
        session_ref=row.followup.session.ref,
        followup_ref=row.followup.ref,
        step=row.followup.step,
        at=row.reported_at,
        by=row.reported_by.short_name if row.reported_by else "patient",
        now=row.now,
        worst=row.worst,
        hours=row.hours,
        still_sore=row.still_sore,
        course=row.get_course_display(),
        triage=row.triage,
        signs=tuple(sign["question"] for sign in row.warning_signs if sign["answer"] == "yes"),
        note=row.note,
    )
