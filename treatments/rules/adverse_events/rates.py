"""How often adverse events happen: events per sessions and per insertions, each with its numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from clinic.values.words import Text
from treatments.rules.adverse_events.event import SEVERITIES
from treatments.rules.reports import pooled
from treatments.rules.reports.pooled import Count, Shown
from treatments.rules.reports.report import Cell, Column, Report

COLUMNS = (
    Column(gettext_lazy("Severity")),
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Events"), is_number=True),
    Column(gettext_lazy("Per 100 sessions"), is_number=True),
    Column(gettext_lazy("Per 1,000 insertions"), is_number=True),
)
HINT = gettext_lazy(
    "Sessions that were held, signed or closed. Drafts, and notes and events marked as entered in error, are "
    "not counted."
)


@dataclass(frozen=True)
class Basis:
    """What the events of a period are counted against."""

    sessions: int
    insertions: int
    patients: int

    @property
    def is_small(self) -> bool:
        return Count(self.sessions, self.patients).is_small

    def per_100_sessions(self, events: int) -> float | None:
        return 100 * events / self.sessions if self.sessions else None

    def per_1000_insertions(self, events: int) -> float | None:
        return 1000 * events / self.insertions if self.insertions else None

    @property
    def one_event(self) -> float | None:
        """By how much one event more or less moves the rate of sessions."""
        return self.per_100_sessions(1)


@dataclass(frozen=True)
class KindCount:
    kind: str
    severity: int
    count: Count


@dataclass(frozen=True)
class EventCounts:
    """Of all, by severity, and by severity and kind; a severity without events is left out."""

    every: Count
    by_severity: dict[int, Count]
    kinds: tuple[KindCount, ...]


@dataclass(frozen=True)
class Told:
    """A line as it may be shown, of all kinds where `kind` is empty. `events`: None where it is withheld."""

    kind: str
    severity: int
    events: int | None


def report(counts: EventCounts, basis: Basis) -> Report:
    """A line for each severity, those without events too, and below it one for each of its kinds."""
    lines, total = told(counts)
    rows = tuple(_line(line, basis) for line in lines)
    withheld = dict.fromkeys((*total.notes, *_withheld(lines, counts)))
    return Report(_sentence(total, basis), COLUMNS, rows, notes=(*withheld, *_notes(basis)))


def told(counts: EventCounts) -> tuple[list[Told], Shown]:
    """The lines and all events together: severities are parts of them, kinds are parts of a severity."""
    order = sorted(SEVERITIES, reverse=True)
    severities = [counts.by_severity.get(severity, Count(0, 0)) for severity in order]
    shown = pooled.shown(severities, counts.every)
    lines: list[Told] = []
    for severity, count, events in zip(order, severities, shown.parts, strict=True):
        kinds = [row for row in counts.kinds if row.severity == severity]
        lines += [Told("", severity, events), *_kinds(kinds, count)]
    return lines, shown


def severity_text(severity: int) -> str:
    return f"{severity} {SEVERITIES[severity]}"


def _kinds(kinds: Sequence[KindCount], severity: Count) -> list[Told]:
    """The kinds of a severity; where one of few patients would be known from the rest, none of them."""
    shown = pooled.shown([row.count for row in kinds], severity)
    if shown.total is None and not severity.is_small:
        return []
    return [Told(row.kind, row.severity, part) for row, part in zip(kinds, shown.parts, strict=True)]


def _line(line: Told, basis: Basis) -> tuple[Cell, ...]:
    head = (Cell(severity_text(line.severity)), Cell(line.kind or _("All kinds")))
    if line.events is None:
        return (*head, *(Cell(pooled.FEW) for _column in range(3)))
    return (
        *head,
        Cell(line.events),
        Cell(_rate(basis.per_100_sessions(line.events))),
        Cell(_rate(basis.per_1000_insertions(line.events))),
    )


def _rate(value: float | None) -> str:
    return "–" if value is None else formats.decimal(value, 2)


def _withheld(lines: Sequence[Told], counts: EventCounts) -> Iterator[str]:
    if any(line.events is None for line in lines):
        yield pooled.note()
    if sum(bool(line.kind) for line in lines) < len(counts.kinds):
        yield _("Kinds are left out where one of fewer than %(number)s patients would be known by them.") % {
            "number": pooled.FEWEST_PATIENTS
        }


def _notes(basis: Basis) -> tuple[Text, ...]:
    step = None if basis.is_small else basis.one_event
    moved = (
        _("One event more or less moves the rate by %(number)s per 100 sessions here.")
        % {"number": formats.decimal(step, 2)}
        if step
        else ""
    )
    return (moved, HINT) if moved else (HINT,)


def _sentence(total: Shown, basis: Basis) -> str:
    within = _within(basis)
    if total.total is None:
        return _withheld_total(total, within)
    if not total.total:
        return _("No adverse event in %(within)s.") % {"within": within}
    rate = basis.per_100_sessions(total.total)
    return ngettext(
        "%(count)s adverse event in %(within)s: %(rate)s per 100 sessions.",
        "%(count)s adverse events in %(within)s: %(rate)s per 100 sessions.",
        total.total,
    ) % {"count": formats.whole(total.total), "within": within, "rate": _rate(rate)}


def _withheld_total(total: Shown, within: str) -> str:
    if total.least:
        return _("At least %(count)s adverse events in %(within)s.") % {
            "count": formats.whole(total.least),
            "within": within,
        }
    return _("Fewer than %(number)s patients with adverse events in %(within)s.") % {
        "number": pooled.FEWEST_PATIENTS,
        "within": within,
    }


def _within(basis: Basis) -> str:
    if basis.is_small:
        return _("the sessions of fewer than %(number)s patients") % {"number": pooled.FEWEST_PATIENTS}
    sessions = ngettext("%(count)s session", "%(count)s sessions", basis.sessions)
    insertions = ngettext("%(count)s insertion", "%(count)s insertions", basis.insertions)
    return _("%(sessions)s with %(insertions)s") % {
        "sessions": sessions % {"count": formats.whole(basis.sessions)},
        "insertions": insertions % {"count": formats.whole(basis.insertions)},
    }
