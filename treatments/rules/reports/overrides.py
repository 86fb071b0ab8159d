"""The report on overrides: the names of the rules, and how often each was answered with a reason."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from treatments.rules.reports import pooled
from treatments.rules.reports.pooled import Count, Shown
from treatments.rules.reports.report import Cell, Column, Report, local_day

COLUMNS = (
    Column(gettext_lazy("Rule")),
    Column(gettext_lazy("Overrides"), is_number=True),
    Column(gettext_lazy("Sessions"), is_number=True),
    Column(gettext_lazy("Therapists"), is_number=True),
    Column(gettext_lazy("Last")),
)
HINT = gettext_lazy(
    "A rule that is overridden again and again asks too much, or something is wrong. Limits are changed in "
    "the administration, with the name of who approved them."
)
# Short names of the rules; a rule about a region that the health answers name begins with `AVOID`.
RULE_NAMES = {
    "answers-unreviewed": gettext_lazy("Answers of the session that nobody reviewed"),
    "abdominal-wall": gettext_lazy("The abdominal wall"),
    "added-modality": gettext_lazy("Other treatment with the needles"),
    "both-lungs": gettext_lazy("Both sides of the thorax in one session"),
    "bleeding-deep": gettext_lazy("A deep muscle with a bleeding risk"),
    "chest-at-risk": gettext_lazy("A site over a lung at risk"),
    "consent-not-on-file": gettext_lazy("A session without a consent on file"),
    "consent-withdrawn": gettext_lazy("A consent that was withdrawn or refused in the session"),
    "code-changed": gettext_lazy("A condition whose code was changed"),
    "code-of-the-day": gettext_lazy("A second billing code on one day"),
    "depth-over-limit": gettext_lazy("Deeper than the practice's limit"),
    "depth-over-published": gettext_lazy("Deeper than published over the lung, no approved limit"),
    "device-stimulated": gettext_lazy("Stimulation with an electrical device in the body"),
    "dwell-corrected": gettext_lazy("Minutes left in other than the timer's"),
    "dwell-over-limit": gettext_lazy("Needles left in longer than the state rules allow"),
    "dwell-over-session": gettext_lazy("Needles left in longer than the session"),
    "health-not-on-file": gettext_lazy("A session without health questions on file"),
    "heart-beneath": gettext_lazy("The breastbone"),
    "insertions-over-needles": gettext_lazy("More insertions than needles"),
    "long-needle-at-abdomen": gettext_lazy("A long needle near the abdomen"),
    "long-needle-at-calf": gettext_lazy("A long needle in the calf"),
    "long-needle-at-neck": gettext_lazy("A long needle near the spinal canal"),
    "long-needle-at-spine": gettext_lazy("A long needle beside the thoracic spine"),
    "muscle-changed": gettext_lazy("A muscle whose hazards or billing were changed"),
    "muscle-not-recommended": gettext_lazy("A muscle that should not be needled"),
    "needles-differ": gettext_lazy("Needles in and out differ"),
    "needles-in-before-start": gettext_lazy("Needles in before the session started"),
    "needles-out-after-end": gettext_lazy("Needles out after the session ended"),
    "needles-over-insertions": gettext_lazy("More needles than insertions"),
    "opened-not-used": gettext_lazy("Needles opened differ from those used"),
    "outside-course": gettext_lazy("A region that no needling course covers"),
    "place-unknown": gettext_lazy("A muscle of no list at a place that nobody picked"),
    "point-not-local": gettext_lazy("A point far from what is treated"),
    "pregnancy-low": gettext_lazy("Low back, pelvis or abdomen in pregnancy"),
    "pudendal-nerve": gettext_lazy("The pelvic floor"),
    "region-not-consented": gettext_lazy("A region that the consent does not name"),
    "session-long": gettext_lazy("A session of many hours"),
    "session-over-midnight": gettext_lazy("A session over midnight"),
    "state-bars": gettext_lazy("A state that bars needling, on counsel’s word"),
    "stop-told": gettext_lazy("An answer of stop in the session"),
    "stimulation-not-allowed": gettext_lazy("Stimulation that the state rules do not allow"),
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
        return _("A place that the health questions name: %(place)s") % {
            "place": rule.removeprefix(AVOID).replace("-", " ")
        }
    return str(RULE_NAMES.get(rule, rule))


def report(rows: Sequence[OverrideCount], *, patients: int) -> Report:
    """`patients`: how many there are behind all rows together."""
    parts = [Count(row.reasons, row.patients) for row in rows]
    shown = pooled.shown(parts, Count(sum(part.value for part in parts), patients))
    # rows that are withheld come last: their place among the others would say what they count
    told = sorted(zip(rows, shown.parts, strict=True), key=_most_often_first)
    notes = (*shown.notes, str(HINT)) if rows else ()
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
        return _("No rule was overridden in these days.")
    rules = ngettext("%(count)s rule was overridden", "%(count)s rules were overridden", len(told)) % {
        "count": formats.whole(len(told))
    }
    if shown.total is None and not shown.least:
        return _("%(rules)s, for fewer than %(patients)s patients each.") % {
            "rules": rules,
            "patients": pooled.FEWEST_PATIENTS,
        }
    # a total that is withheld is more than one
    times = 2 if shown.total is None else shown.total
    said = ngettext("%(rules)s %(total)s time", "%(rules)s %(total)s times", times) % {
        "rules": rules,
        "total": shown.total_text,
    }
    (first, reasons), *others = told
    if not others or reasons is None:
        return f"{said}."
    return _("%(said)s; most often: %(rule)s.") % {"said": said, "rule": first.name.lower()}
