"""Soreness by muscle and dose as bars. What is withheld is drawn as words, never as a value."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.rules.charts import bars
from clinic.rules.charts.axes import Scale
from clinic.rules.charts.bars import Category
from clinic.rules.charts.chart import Chart, Table, row_of, written
from treatments.rules.reports.pooled import FEW

MAX_BARS = 10


@dataclass(frozen=True)
class SorenessMeans:
    """Means of 0 to 10, of five patients or more. None: nobody was asked."""

    name: str
    now: float | None
    worst: float | None


def of(means: Sequence[SorenessMeans], withheld: int) -> Chart | None:
    """The most sore first; `withheld`: how many more there are, each of few patients."""
    if not means and not withheld:
        return None
    shown = sorted(means, key=_most_sore)[:MAX_BARS]
    categories = [Category(one.name, (_rounded(one.now), _rounded(one.worst))) for one in shown]
    rows = [row_of(one.name, _text(one.now), _text(one.worst)) for one in shown]
    if withheld:
        name = ngettext("%(n)s more is withheld", "%(n)s more are withheld", withheld) % {"n": withheld}
        categories.append(Category(name, (), FEW))
        rows.append(row_of(name, FEW, FEW))
    series = (_("Sore when asked"), _("Sore at worst"))
    return bars.lying(
        _("The most sore first, %(shown)s of %(all)s that may be shown")
        % {"shown": len(shown), "all": len(means)},
        categories,
        Table((_("Muscle and insertions"), *series), tuple(rows)),
        scale=Scale(0, 10, 5),
        series=series,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 1)


def _text(value: float | None) -> str:
    rounded = _rounded(value)
    return _("Not asked") if rounded is None else written(rounded)


def _most_sore(one: SorenessMeans) -> tuple[float, float, str]:
    return -(one.now or 0), -(one.worst or 0), one.name
