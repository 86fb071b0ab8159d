"""The report on overrides: the names of the rules, and how often each was answered with a reason."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from treatments.rules.reports import pooled
from treatments.rules.reports.pooled import Count, Shown
from treatments.rules.reports.report import Cell, Column, Report, counted, local_day

COLUMNS = (
    Column("Rule"),
    Column("Overrides", is_number=True),
    Column("Sessions", is_number=True),
    Column("Therapists", is_number=True),
    Column("Last"),
)
HINT = (
    "A rule that is overridden again and again asks too much, or something is wrong. Limits are changed in "
    "the administration, with the name of who approved them."
)
# Short names of the rules; a rule about a region that the health answers name begins with `AVOID`.
RULE_NAMES = {
    "added-modality": "Other treatment with the needles",
    "both-lungs": "Both sides of the thorax in one session",
    "bleeding-deep": "A deep muscle with a bleeding risk",
    "chest-at-risk": "A site over a lung at risk",
    "consent-not-on-file": "A session without a consent on file",
    "code-of-the-day": "A second billing code on one day",
    "depth-over-limit": "Deeper than the practice's limit",
    "device-stimulated": "Stimulation with an electrical device in the body",
    "dwell-corrected": "Minutes left in other than the timer's",
    "dwell-over-limit": "Needles left in longer than the state rules allow",
    "dwell-over-session": "Needles left in longer than the session",
    "health-not-on-file": "A session without health questions on file",
    "insertions-over-needles": "More insertions than needles",
    "long-needle-at-abdomen": "A long needle near the abdomen",
    "long-needle-at-neck": "A long needle near the spinal canal",
    "muscle-not-recommended": "A muscle that should not be needled",
    "needles-differ": "Needles in and out differ",
    "needles-in-before-start": "Needles in before the session started",
    "needles-out-after-end": "Needles out after the session ended",
    "needles-over-insertions": "More needles than insertions",
    "opened-not-used": "Needles opened differ from those used",
    "outside-course": "A region that no episode of care covers",
    "point-not-local": "A point far from what is treated",
    "pregnancy-low": "Low back, pelvis or abdomen in pregnancy",
    "region-not-consented": "A region that the consent does not name",
    "session-long": "A session of many hours",
    "session-over-midnight": "A session over midnight",
    "stimulation-not-allowed": "Stimulation that the state rules do not allow",
}
AVOID = "avoid-"


@dataclass(frozen=True)
class OverrideCount:
    """How often one rule was answered with a reason."""

    name: str
    reasons: int
    sessions: int
    people: int
    patients: int
    last_at: dt.datetime


def rule_name(rule: str) -> str:
    if rule.startswith(AVOID):
        return f"A place that the health questions name: {rule.removeprefix(AVOID).replace('-', ' ')}"
    return RULE_NAMES.get(rule, rule)


def report(rows: Sequence[OverrideCount], *, patients: int) -> Report:
    """`patients`: how many there are behind all rows together."""
    parts = [Count(row.reasons, row.patients) for row in rows]
    shown = pooled.shown(parts, Count(sum(part.value for part in parts), patients))
    # rows that are withheld come last: their place among the others would say what they count
    told = sorted(zip(rows, shown.parts, strict=True), key=_most_often_first)
    notes = (*shown.notes, HINT) if rows else ()
    lines = tuple(_line(row, reasons) for row, reasons in told)
    return Report(_sentence(told, shown), COLUMNS, lines, notes=notes)


def _most_often_first(told: tuple[OverrideCount, int | None]) -> tuple:
    row, reasons = told
    return reasons is None, -(reasons or 0), row.name


def _line(row: OverrideCount, reasons: int | None) -> tuple[Cell, ...]:
    """A row of few patients says no more than that there is one."""
    if reasons is None:
        kept = Cell(pooled.FEW)
        return (Cell(row.name), kept, kept, Cell(row.people), kept)
    return (Cell(row.name), Cell(reasons), Cell(row.sessions), Cell(row.people), Cell(local_day(row.last_at)))


def _sentence(told: Sequence[tuple[OverrideCount, int | None]], shown: Shown) -> str:
    if not told:
        return "No rule was overridden in these days."
    rules = counted(len(told), "rule was", "rules were")
    if shown.total is None and not shown.least:
        return f"{rules} overridden, for fewer than {pooled.FEWEST_PATIENTS} patients each."
    times = "time" if shown.total == 1 else "times"
    (first, reasons), *others = told
    most = f"; most often: {first.name.lower()}" if others and reasons is not None else ""
    return f"{rules} overridden {shown.total_text} {times}{most}."
