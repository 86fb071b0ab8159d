"""The soreness reports of a patient."""

from treatments.models import SorenessReport
from treatments.rules.followups.soreness import ReportLine


def latest_reports(patient, *, limit: int = 4) -> list[ReportLine]:
    """The newest reports that were not superseded, newest first, in one query."""
    reports = SorenessReport.objects.filter(followup__session__patient=patient, superseded_by=None)
    rows = reports.select_related("followup__session", "reported_by").order_by("-reported_at", "-pk")
    return [_line(row) for row in rows[:limit]]


def _line(row: SorenessReport) -> ReportLine:
    return ReportLine(
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
