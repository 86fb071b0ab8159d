"""Which patients were not reached after a session. No clinical word: the desk reads it too."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from treatments.rules.reports.report import Cell, Column, Report, counted, cut, local_day

COLUMNS = (
    Column("Patient", second="Reference"),
    Column("Phone"),
    Column("Therapist"),
    Column("Due"),
    Column("Attempts", is_number=True),
    Column("Last attempt"),
    Column("Status", second="Call"),
)
GIVEN_UP, OPEN = "Not reached", "Still open"


@dataclass(frozen=True)
class CallRow:
    """`closed`: the call was given up; else somebody tried and it is still open."""

    ref: str
    patient_ref: str
    patient: str
    phone: str
    therapist: str
    due_at: dt.datetime
    attempts: int
    last_at: dt.datetime | None
    closed: bool


def report(rows: Sequence[CallRow]) -> Report:
    return Report(_sentence(rows), COLUMNS, tuple(map(_line, rows)), notes=cut(rows))


def _line(row: CallRow) -> tuple[Cell, ...]:
    return (
        Cell(row.patient, row.patient_ref, "treatments:record", row.patient_ref, is_name=True),
        Cell(row.phone, is_name=True),
        Cell(row.therapist),
        Cell(local_day(row.due_at)),
        Cell(row.attempts),
        Cell(local_day(row.last_at)),
        Cell(GIVEN_UP if row.closed else OPEN, row.ref, "treatments:followup", row.ref),
    )


def _sentence(rows: Sequence[CallRow]) -> str:
    if not rows:
        return "Everybody who was called in these days was reached."
    patients = len({row.patient_ref for row in rows})
    still_open = sum(not row.closed for row in rows)
    waiting = f"; {counted(still_open, 'call is', 'calls are')} still open" if still_open else ""
    return f"{counted(patients, 'patient was', 'patients were')} not reached{waiting}."
