"""Soreness in the days after each session, as rows and as a sentence."""

from django.utils.translation import gettext as _

from clinic import formats
from treatments.rules.record import trends
from treatments.rules.record.patient_sessions import SorenessScore, Treatment

# own choice: shades of a table; no study gives a cut-off of soreness
SORE_CLASSES = ((9, "s5"), (7, "s4"), (5, "s3"), (3, "s2"), (1, "s1"))


def rows_of(treatments: list[Treatment], steps: list[int]) -> list[dict]:
    """One row per visit with what was reported at each step; None: no report."""
    rows = []
    for one in trends.reported(treatments):
        by_step = {sore.step: sore for sore in one.soreness}
        cells = [_cell(by_step.get(step)) for step in steps]
        most = max(sore.now for sore in by_step.values())
        rows.append({"label": formats.short_day(one.on), "ref": one.ref, "cells": cells, "most": most})
    return rows


def finding(rows: list[dict], steps: list[int]) -> str:
    """“Soreness when asked stayed at 4 or below and was at most 1 after 72 hours”, of the newest visits.

    It speaks of what pictures and tables show: the soreness at the time of each report, not the worst since.
    """
    rows = rows[-trends.MAX_SLOPES :]
    if not rows:
        return ""
    most = max(row["most"] for row in rows)
    last = [row["cells"][-1]["now"] for row in rows if row["cells"] and row["cells"][-1]["now"] is not None]
    facts = {"most": most, "last": max(last, default=0), "hours": steps[-1] if steps else ""}
    return _course_text(is_one=len(rows) == 1, is_asked=bool(last), is_gone=facts["last"] == 0) % facts


def _course_text(*, is_one: bool, is_asked: bool, is_gone: bool) -> str:
    if is_one and not is_asked:
        return _("Soreness when asked was %(most)s at most")
    if is_one and is_gone:
        return _("Soreness when asked was %(most)s at most and was gone after %(hours)s hours")
    if is_one:
        return _("Soreness when asked was %(most)s at most and was at most %(last)s after %(hours)s hours")
    if not is_asked:
        return _("Soreness when asked stayed at %(most)s or below")
    if is_gone:
        return _("Soreness when asked stayed at %(most)s or below and was gone after %(hours)s hours")
    return _("Soreness when asked stayed at %(most)s or below and was at most %(last)s after %(hours)s hours")


def after_one(one: Treatment) -> str:
    """“Soreness after Apr 14 was 4 after 24 hours, 0 after 72 hours”"""
    reports = ", ".join(
        _("%(now)s after %(step)s hours") % {"now": sore.now, "step": sore.step} for sore in one.soreness
    )
    return _("Soreness after %(day)s was %(reports)s") % {
        "day": formats.short_day(one.on),
        "reports": reports,
    }


def _cell(sore: SorenessScore | None) -> dict:
    if sore is None:
        return {"now": None, "worst": None, "cls": ""}
    return {"now": sore.now, "worst": sore.worst, "cls": trends.class_of(sore.now, SORE_CLASSES)}
