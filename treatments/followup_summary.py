"""What patients said of the days after, in a line each: for the record, the session form and the note."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from treatments import soreness
from treatments.models import SorenessReport


@dataclass(frozen=True)
class Line:
    """One report that stands. `kind` and `words` are its triage; `signs` the questions answered with yes."""

    session_pk: int
    session_ref: str
    followup_ref: str
    step: int
    at: dt.datetime
    by: str
    now: int
    worst: int | None
    hours: int | None
    still_sore: bool | None
    course: str
    triage: str
    signs: tuple[str, ...]
    note: str

    @property
    def kind(self) -> str:
        return soreness.KINDS[self.triage]

    @property
    def words(self) -> str:
        return soreness.WORDS[self.triage]

    @property
    def short(self) -> str:
        """“sore 4 at 24 h”"""
        return f"sore {self.now} at {self.step} h"


def latest_reports(patient, *, limit: int = 4) -> list[Line]:
    """The newest reports that were not superseded, newest first, in one query."""
    return _lines(SorenessReport.objects.filter(followup__session__patient=patient), limit)


def reports_of(sessions: Iterable) -> dict[int, list[Line]]:
    """{session pk: its reports by step} for a list of sessions, in one query."""
    found: dict[int, list[Line]] = {}
    rows = SorenessReport.objects.filter(followup__session__in=[session.pk for session in sessions])
    for line in sorted(_lines(rows), key=_step):
        found.setdefault(line.session_pk, []).append(line)
    return found


def sentence(lines: Iterable[Line]) -> str:
    """“Sore 4 at 24 h, 1 at 72 h.” for the reports of one session; empty when there are none."""
    said = [line.short for line in sorted(lines, key=_step)]
    if not said:
        return ""
    return f"{'; '.join(said).capitalize()}."


def latest_session(lines: list[Line]) -> list[Line]:
    """The reports of the session that was reported on last: what the next session shows above its form."""
    return [line for line in lines if line.session_pk == lines[0].session_pk] if lines else []


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


def _step(line: Line) -> int:
    return line.step
