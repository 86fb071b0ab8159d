"""Which notes are not signed, and in which the needles differ."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from treatments.rules.reports.report import Cell, Column, Report, cut, local_day

PATIENT = Column(gettext_lazy("Patient"), second=gettext_lazy("Reference"))
SESSION = Column(gettext_lazy("Session"), second=gettext_lazy("Session reference"))
UNSIGNED = (
    PATIENT,
    SESSION,
    Column(gettext_lazy("Therapist")),
    Column(gettext_lazy("Opened")),
    Column(gettext_lazy("Days"), is_number=True),
)
MISMATCHES = (
    PATIENT,
    SESSION,
    Column(gettext_lazy("Therapist")),
    Column(gettext_lazy("Opened"), is_number=True),
    Column(gettext_lazy("Not used"), is_number=True),
    Column(gettext_lazy("In"), is_number=True),
    Column(gettext_lazy("Out"), is_number=True),
    Column(gettext_lazy("What differs")),
)
MISMATCH_HINT = gettext_lazy(
    "In: the needles of all sites of the note. Sessions whose needles were not counted out are not listed."
)


@dataclass(frozen=True)
class NoteRow:
    """A session as lists show it."""

    patient_ref: str
    patient: str
    ref: str
    therapist: str
    at: dt.datetime
    opened_at: dt.datetime

    @property
    def cells(self) -> tuple[Cell, Cell, Cell]:
        return (
            Cell(self.patient, self.patient_ref, "treatments:record", self.patient_ref, is_name=True),
            Cell(local_day(self.at), self.ref, "treatments:session", self.ref),
            Cell(self.therapist),
        )


@dataclass(frozen=True)
class NeedleCounts:
    note: NoteRow
    opened: int | None
    unused: int | None
    used: int
    out: int

    @property
    def difference(self) -> str:
        """“1 more in than out; 1 opened and nowhere noted”"""
        opened = 0 if self.opened is None else self.opened - (self.unused or 0) - self.used
        return "; ".join(filter(None, (_in_and_out(self.used - self.out), _opened(opened))))


def unsigned(rows: Sequence[NoteRow], *, now: dt.datetime) -> Report:
    lines = tuple(
        (*row.cells, Cell(local_day(row.opened_at)), Cell((now - row.opened_at).days)) for row in rows
    )
    if not rows:
        return Report(_("Every note of these days is signed."), UNSIGNED, lines)
    sentence = ngettext(
        "%(count)s note is not signed; the oldest was opened on %(day)s.",
        "%(count)s notes are not signed; the oldest was opened on %(day)s.",
        len(rows),
    ) % {"count": formats.whole(len(rows)), "day": local_day(rows[0].opened_at)}
    return Report(sentence, UNSIGNED, lines, notes=cut(rows))


def mismatches(rows: Sequence[NeedleCounts]) -> Report:
    if not rows:
        return Report(
            _("The needles agree wherever they were counted."), MISMATCHES, (), notes=(MISMATCH_HINT,)
        )
    lines = tuple(map(_mismatch_line, rows))
    more_in = sum(row.used > row.out for row in rows)
    return Report(_differing(len(rows), more_in), MISMATCHES, lines, notes=(MISMATCH_HINT, *cut(rows)))


def _differing(sessions: int, more_in: int) -> str:
    counts = {"count": formats.whole(sessions), "more_in": formats.whole(more_in)}
    if not more_in:
        return (
            ngettext(
                "The needles differ in %(count)s session.",
                "The needles differ in %(count)s sessions.",
                sessions,
            )
            % counts
        )
    return (
        ngettext(
            "The needles differ in %(count)s session; in %(more_in)s more went in than came out.",
            "The needles differ in %(count)s sessions; in %(more_in)s more went in than came out.",
            sessions,
        )
        % counts
    )


def _mismatch_line(row: NeedleCounts) -> tuple[Cell, ...]:
    opened, unused = Cell(_number(row.opened)), Cell(_number(row.unused))
    return (*row.note.cells, opened, unused, Cell(row.used), Cell(row.out), Cell(row.difference))


def _number(value: int | None) -> int | str:
    return "–" if value is None else value


def _in_and_out(more: int) -> str:
    if not more:
        return ""
    sentence = _("%(number)s more in than out") if more > 0 else _("%(number)s more out than in")
    return sentence % {"number": abs(more)}


def _opened(more: int) -> str:
    if not more:
        return ""
    sentence = _("%(number)s opened and nowhere noted") if more > 0 else _("%(number)s noted and not opened")
    return sentence % {"number": abs(more)}
