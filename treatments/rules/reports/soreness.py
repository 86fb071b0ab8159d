"""How sore patients were after a muscle was needled with so many insertions."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinic import formats
from treatments.rules.reports.pooled import FEWEST_PATIENTS, Count
from treatments.rules.reports.report import Cell, Column, Report

COLUMNS = (
    Column("Muscle"),
    Column("Insertions"),
    Column("Patients", is_number=True),
    Column("Sites", is_number=True),
    Column("Sore when asked", is_number=True),
    Column("Sore at worst", is_number=True),
)
# The least number of insertions of each dose. Ours, so that each has enough sites to be read.
DOSES = (1, 4, 8)


@dataclass(frozen=True)
class DoseSoreness:
    """Sites of one muscle with a report; means of 0 to 10. `dose`: the least number of insertions."""

    muscle: str
    dose: int
    patients: int
    sites: int
    now: float | None
    worst: float | None


def report(rows: Sequence[DoseSoreness], *, step: int) -> Report:
    """`step`: hours after the session at which the patients were asked."""
    told = [row for row in rows if not Count(row.sites, row.patients).is_small]
    few = len(rows) - len(told)
    notes = [
        f"Means of 0 to 10, from the call {step} hours after the session. A muscle on one side is one site. "
        "What a patient reports is about the whole session, whichever muscle it stands beside."
    ]
    if few:
        notes.insert(0, f"Withheld: {few} more, each with fewer than {FEWEST_PATIENTS} patients.")
    ordered = sorted(told, key=_by_muscle)
    return Report(_sentence(told, few), COLUMNS, tuple(map(_line, ordered)), notes=tuple(notes))


def dose_text(dose: int) -> str:
    """“1 to 3”, “8 or more”"""
    after = next((least for least in DOSES if least > dose), None)
    return f"{dose} or more" if after is None else f"{dose} to {after - 1}"


def _by_muscle(row: DoseSoreness) -> tuple[str, int]:
    return row.muscle, row.dose


def _line(row: DoseSoreness) -> tuple[Cell, ...]:
    return (
        Cell(row.muscle), Cell(dose_text(row.dose)), Cell(row.patients), Cell(row.sites),
        Cell(_mean(row.now)), Cell(_mean(row.worst)),
    )  # fmt: skip


def _mean(value: float | None) -> str:
    return "not asked" if value is None else formats.decimal(value, 1)


def _sentence(told: Sequence[DoseSoreness], few: int) -> str:
    scored = [row for row in told if row.now is not None]
    if not scored:
        return "Too few patients were asked for a mean." if few else "Nobody was asked in these days."
    most = max(scored, key=_soreness)
    which = f"{most.muscle.lower()} with {dose_text(most.dose)} insertions"
    return f"Most sore when asked: {which}, {_mean(most.now)} of 10 on average in {most.patients} patients."


def _soreness(row: DoseSoreness) -> float:
    return row.now or 0
