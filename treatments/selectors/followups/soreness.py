"""The soreness reports of a patient."""

from clinic.models.rows import RelatedRows
from patients.models import QuestionWording
from patients.selectors import wordings
from treatments.models import SorenessReport
from treatments.rules.followups import soreness
from treatments.rules.followups.soreness import ReportLine


def words_of_signs(*, answer: str = "") -> RelatedRows:
    """The words of the questions that the outer report names; `answer`: of those so answered."""
    catalogue = QuestionWording.Catalogue.WARNING_SIGN
    named = wordings.named_in("warning_signs", catalogue=catalogue, answer=answer)
    return RelatedRows(named, code="code", version="version", text="text")


def latest_reports(patient, *, limit: int = 4) -> list[ReportLine]:
    """The newest reports that were not superseded, newest first, in one query."""
    reports = SorenessReport.objects.filter(followup__session__patient=patient, superseded_by=None)
    rows = reports.select_related("followup__session", "reported_by").order_by("-reported_at", "-pk")
    with_words = rows.annotate(words=words_of_signs(answer=soreness.YES))
    return [_line(row, row.words) for row in with_words[:limit]]


def _line(row: SorenessReport, words: list[dict]) -> ReportLine:
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
        course=row.course_words,
        triage=row.triage,
        signs=tuple(soreness.questions(row.warning_signs, words, answer=soreness.YES)),
        note=row.note,
        urgency=row.urgency,
    )
