"""How sore patients were after a muscle was needled with so many insertions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from treatments.rules.reports import soreness_picture
from treatments.rules.reports.pooled import FEWEST_PATIENTS, Count
from treatments.rules.reports.report import Cell, Column, Report
from treatments.rules.reports.soreness_picture import SorenessMeans

COLUMNS = (
    Column(gettext_lazy("Muscle")),
    Column(gettext_lazy("Insertions")),
    Column(gettext_lazy("Patients"), is_number=True),
    Column(gettext_lazy("Sites"), is_number=True),
    Column(gettext_lazy("Sore when asked"), is_number=True),
    Column(gettext_lazy("Sore at worst"), is_number=True),
)
# The least number of insertions of each dose.
# own choice: each has enough sites to be read; trials count twitches, 0, 4, 6 and all (pubmed 29857165)
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
        _(
            "Means of 0 to 10, from the call %(step)s hours after the session. A muscle on one side "
            "is one site. What a patient reports is about the whole session, whichever muscle it "
            "stands beside."
        )
        % {"step": step}
    ]
    if few:
        notes.insert(
            0,
            _("Withheld: %(few)s more, each with fewer than %(number)s patients.")
            % {"few": few, "number": FEWEST_PATIENTS},
        )
    ordered = sorted(told, key=_by_muscle)
    picture = soreness_picture.of([_means(row) for row in told], few)
    return Report(
        _sentence(told, few), COLUMNS, tuple(map(_line, ordered)), notes=tuple(notes), picture=picture
    )


def _means(row: DoseSoreness) -> SorenessMeans:
    return SorenessMeans(f"{row.muscle}, {dose_text(row.dose)}", row.now, row.worst)


def dose_text(dose: int) -> str:
    """“1 to 3”, “8 or more”"""
    after = next((least for least in DOSES if least > dose), None)
    if after is None:
        return _("%(dose)s or more") % {"dose": dose}
    return _("%(dose)s to %(most)s") % {"dose": dose, "most": after - 1}


def _by_muscle(row: DoseSoreness) -> tuple[str, int]:
    return row.muscle, row.dose


def _line(row: DoseSoreness) -> tuple[Cell, ...]:
    return (
        Cell(row.muscle), Cell(dose_text(row.dose)), Cell(row.patients), Cell(row.sites),
        Cell(_mean(row.now)), Cell(_mean(row.worst)),
    )  # fmt: skip


def _mean(value: float | None) -> str:
    return _("not asked") if value is None else formats.short_decimal(value, 1)


def _sentence(told: Sequence[DoseSoreness], few: int) -> str:
    scored = [row for row in told if row.now is not None]
    if not scored:
        return _("Too few patients were asked for a mean.") if few else _("Nobody was asked in these days.")
    most = max(scored, key=_soreness)
    return _(
        "Most sore when asked: %(muscle)s with %(dose)s insertions, %(mean)s of 10 on average in "
        "%(patients)s patients."
    ) % {
        "muscle": most.muscle.lower(),
        "dose": dose_text(most.dose),
        "mean": _mean(most.now),
        "patients": most.patients,
    }


def _soreness(row: DoseSoreness) -> float:
    return row.now or 0
