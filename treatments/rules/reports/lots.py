"""Who had needles of a lot."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from treatments.rules.reports.report import Cell, Column, Report, counted, cut, local_day

COLUMNS = (
    Column("Patient", second="Reference"),
    Column("Phone"),
    Column("Session", second="Session reference"),
    Column("Therapist"),
    Column("Needles", is_number=True),
)
HINT = "Lot numbers are recorded when the practice asks for them, and only as they were typed."


@dataclass(frozen=True)
class LotRow:
    session: str
    at: dt.datetime
    patient_ref: str
    patient: str
    phone: str
    therapist: str
    needles: int


def report(rows: Sequence[LotRow]) -> Report:
    if not rows:
        return Report("Nobody had needles of this lot.", COLUMNS, (), notes=(HINT,))
    patients = counted(len({row.patient_ref for row in rows}), "patient")
    sessions = counted(len(rows), "session")
    sentence = f"{patients} had needles of this lot, in {sessions}; the last on {local_day(rows[0].at)}."
    return Report(sentence, COLUMNS, tuple(map(_line, rows)), notes=(HINT, *cut(rows)))


def _line(row: LotRow) -> tuple[Cell, ...]:
    return (
        Cell(row.patient, row.patient_ref, "treatments:record", row.patient_ref, is_name=True),
        Cell(row.phone, is_name=True),
        Cell(local_day(row.at), row.session, "treatments:session", row.session),
        Cell(row.therapist),
        Cell(row.needles),
    )
