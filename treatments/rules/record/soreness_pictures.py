"""Soreness against the number of insertions, and by the region that was needled."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from clinic.rules.charts import axes, bars, courses
from clinic.rules.charts.axes import Scale
from clinic.rules.charts.bars import Category
from clinic.rules.charts.chart import Chart, Table, row_of, written
from clinic.rules.charts.courses import Point, Series
from treatments.rules.record import pictures, trends
from treatments.rules.record.patient_sessions import SorenessScore, Treatment

# Of fewer answers no means are compared.
# own choice: means of fewer say nothing
MIN_ANSWERS = 4
MAX_REGIONS = 8
SHAPES = (("ch-before", "disc"), ("ch-after", "diamond"), ("ch-after", "square"), ("ch-before", "diamond"))


@dataclass(frozen=True)
class Answer:
    """The worst soreness of one follow-up, beside what was needled. `row`: the visit in the table."""

    day: str
    insertions: int
    step: int
    worst: int
    row: int


def by_insertions(treatments: list[Treatment]) -> Chart | None:
    """Each follow-up's worst soreness at the number of insertions of its session, of all visits."""
    visits = _answered(treatments)
    if not visits:
        return None
    steps = sorted({sore.step for one in visits for sore in one.soreness})
    answers = [
        Answer(formats.short_day(one.on), insertions_of(one), sore.step, worst_of(sore), row)
        for row, one in enumerate(visits)
        for sore in one.soreness
    ]
    across = axes.around([answer.insertions for answer in answers])
    series = [
        Series(
            tuple(
                Point(answer.insertions, answer.worst, answer.row, column + 2)
                for answer in answers
                if answer.step == step
            ),
            _("after %(hours)s hours") % {"hours": step},
            *SHAPES[column % len(SHAPES)],
        )
        for column, step in enumerate(steps)
    ]
    return courses.over_numbers(
        _insertions_sentence(answers), series, _insertions_table(visits, steps),
        scale=axes.TO_TEN, across=across, ticks=[(value, written(value)) for value in across.values],
    )  # fmt: skip


def by_region(treatments: list[Treatment]) -> Chart | None:
    """The mean of the worst soreness after the visits at which a region was needled, the highest first."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in _answered(treatments):
        worst = max(worst_of(sore) for sore in one.soreness)
        for place in {(site.region, site.side) for site in one.sites if site.region}:
            found[place].append(worst)
    means = sorted(
        ((round(mean(values), 1), len(values), trends.place_name(*place)) for place, values in found.items()),
        key=_most_sore,
    )
    if not means:
        return None
    table = Table(
        (_("Region"), _("Worst soreness, mean"), _("Visits")),
        tuple(row_of(name, written(value), str(visits)) for value, visits, name in means),
    )
    categories = [Category(name, (value,)) for value, _visits, name in means[:MAX_REGIONS]]
    return bars.lying(_region_sentence(means[0]), categories, table, scale=Scale(0, 10, 5))


def insertions_of(one: Treatment) -> int:
    return sum(site.insertions for site in one.sites)


def worst_of(sore: SorenessScore) -> int:
    """The worst since the session; of a report without it, the soreness when asked."""
    return sore.now if sore.worst is None else sore.worst


def _answered(treatments: list[Treatment]) -> list[Treatment]:
    """Oldest first, and no drafts: their sites may still change."""
    return [one for one in trends.usable(treatments) if one.soreness and one.sites]


def _insertions_table(visits: list[Treatment], steps: Sequence[int]) -> Table:
    rows = []
    for one in visits:
        by_step = {sore.step: str(worst_of(sore)) for sore in one.soreness}
        cells = (by_step.get(step, _("No report")) for step in steps)
        rows.append(row_of(formats.short_day(one.on), str(insertions_of(one)), *cells))
    return Table((_("Visit"), _("Insertions"), *map(pictures.hours_text, steps)), tuple(rows))


def _insertions_sentence(answers: list[Answer]) -> str:
    """“After 9 insertions or more the worst soreness was 4.7 on average, after fewer 3.1, in 8 answers”"""
    counts = sorted({answer.insertions for answer in answers})
    number = ngettext("%(n)s answer", "%(n)s answers", len(answers)) % {"n": len(answers)}
    if len(answers) < MIN_ANSWERS or len(counts) == 1:
        most = max(answers, key=_worst)
        return ngettext(
            "The worst soreness was %(worst)s, after %(n)s insertion on %(day)s, in %(answers)s",
            "The worst soreness was %(worst)s, after %(n)s insertions on %(day)s, in %(answers)s",
            most.insertions,
        ) % {"worst": most.worst, "n": most.insertions, "day": most.day, "answers": number}
    cut = counts[len(counts) // 2]
    many = mean(answer.worst for answer in answers if answer.insertions >= cut)
    fewer = mean(answer.worst for answer in answers if answer.insertions < cut)
    return _(
        "After %(n)s insertions or more the worst soreness was %(many)s on average, after fewer %(fewer)s, "
        "in %(answers)s"
    ) % {
        "n": cut,
        "many": formats.short_decimal(many, 1),
        "fewer": formats.short_decimal(fewer, 1),
        "answers": number,
    }


def _region_sentence(most: tuple[float, int, str]) -> str:
    value, visits, name = most
    return ngettext(
        "Most sore after %(region)s: %(mean)s of 10 at worst, after %(n)s visit",
        "Most sore after %(region)s: %(mean)s of 10 at worst on average, after %(n)s visits",
        visits,
    ) % {"region": name, "mean": written(value), "n": visits}


def _most_sore(row: tuple[float, int, str]) -> tuple:
    value, visits, name = row
    return -value, -visits, name


def _worst(answer: Answer) -> int:
    return answer.worst
