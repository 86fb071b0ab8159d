"""Which notes are not signed, and in which the needles differ."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from clinic import formats
from treatments.rules.reports.report import Cell, Column, Report, counted, cut, local_day

PATIENT = Column("Patient", second="Reference")
SESSION = Column("Session", second="Session reference")
UNSIGNED = (PATIENT, SESSION, Column("Therapist"), Column("Opened"), Column("Days", is_number=True))
MISMATCHES = (
    PATIENT,
    SESSION,
    Column("Therapist"),
    Column("Opened", is_number=True),
    Column("Not used", is_number=True),
    Column("In", is_number=True),
    Column("Out", is_number=True),
    Column("What differs"),
)
MISMATCH_HINT = (
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
        return Report("Every note of these days is signed.", UNSIGNED, lines)
    number = counted(len(rows), "note is", "notes are")
    sentence = f"{number} not signed; the oldest was opened on {local_day(rows[0].opened_at)}."
    return Report(sentence, UNSIGNED, lines, notes=cut(rows))


def mismatches(rows: Sequence[NeedleCounts]) -> Report:
    if not rows:
        return Report("The needles agree wherever they were counted.", MISMATCHES, (), notes=(MISMATCH_HINT,))
    lines = tuple(map(_mismatch_line, rows))
    more_in = sum(row.used > row.out for row in rows)
    left = f"; in {formats.whole(more_in)} more went in than came out" if more_in else ""
    sentence = f"The needles differ in {counted(len(rows), 'session')}{left}."
    return Report(sentence, MISMATCHES, lines, notes=(MISMATCH_HINT, *cut(rows)))


def _mismatch_line(row: NeedleCounts) -> tuple[Cell, ...]:
    opened, unused = Cell(_number(row.opened)), Cell(_number(row.unused))
    return (*row.note.cells, opened, unused, Cell(row.used), Cell(row.out), Cell(row.difference))


def _number(value: int | None) -> int | str:
    return "–" if value is None else value


def _in_and_out(more: int) -> str:
    if not more:
        return ""
    return f"{more} more in than out" if more > 0 else f"{-more} more out than in"


def _opened(more: int) -> str:
    if not more:
        return ""
    return f"{more} opened and nowhere noted" if more > 0 else f"{-more} noted and not opened"
