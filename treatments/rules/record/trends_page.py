"""The trends page: pain of one condition, soreness, effects by muscle and where the needles went."""

from clinic.rules.body_chart import CROPS, regions_by_code, shapes
from clinic.rules.charts.chart import WIDE
from treatments.rules.record import (
    measures,
    pain_change,
    patient_sessions,
    pictures,
    soreness_pictures,
    soreness_trend,
    trends,
)
from treatments.rules.record.patient_sessions import Treatment

# The most treatments that one page shows; it says when there are older ones.
MAX_TREATMENTS = 100
CROPS_BY_SIZE = ("shoulders", "hips", "upper", "torso")
# space around a mark, in units of the figure
MARK_MARGIN = 16


def contents(newest: list[Treatment], *, wanted: str, steps: list[int], general: int) -> dict:
    """The context of the page, from the newest treatments: one more than `MAX_TREATMENTS` if there are.

    `general`: the change of pain that is felt, where a condition has no value of its own.
    """
    treatments = newest[:MAX_TREATMENTS]
    series = trends.series(treatments, general=general)
    chosen = next((key for key in series if str(key) == wanted), next(iter(series), None))
    points = series[chosen] if chosen is not None else []
    totals = trends.insertions(treatments)
    marks = trends.marks(totals)
    rows = soreness_trend.rows_of(treatments, steps)
    return {
        "problems": [_problem(treatments, key, key == chosen) for key in series],
        "chosen": patient_sessions.condition_name(treatments, chosen),
        "visits": len(points),
        "lead": _lead(points, rows, steps),
        "trend": pictures.pain(points) if points else None,
        "felt": _felt(treatments, chosen, points, general=general),
        "gaps": trends.missing_scores(points),
        "is_few": 0 < len(points) < trends.MIN_VISITS,
        "helped": trends.muscle_effects(treatments, chosen),
        "few": trends.MIN_VISITS,
        "soreness": pictures.soreness(treatments, steps, width=WIDE),
        "sore_by_insertions": soreness_pictures.by_insertions(treatments),
        "sore_by_region": soreness_pictures.by_region(treatments),
        "measures": measures.pictures(trends.usable(treatments)),
        "measures_told": measures.told(trends.usable(treatments)),
        "regions": region_rows(totals),
        "insertions": sum(totals.values()),
        "treated": len(trends.usable(treatments)),
        "figures": figures(marks),
        "is_cut": len(newest) > MAX_TREATMENTS,
        "most": MAX_TREATMENTS,
    }


def _felt(treatments: list[Treatment], chosen: int | None, points, *, general: int) -> list[str]:
    pain = patient_sessions.pain_of(treatments, chosen)
    felt = pain_change.felt_in(pain.region if pain else "", general=general)
    return pain_change.sentences([point.before for point in trends.drawn(points)], felt)


def figures(marks: dict[str, dict]) -> list[dict]:
    """The views of the body that have a mark."""
    return [_figure(view, part) for view in ("back", "front") if (part := _marks_of(view, marks))]


def region_rows(totals: dict[tuple[str, str], int]) -> list[dict]:
    """The table beside the figures."""
    return [_region(key, count) for key, count in totals.items()]


def _lead(points, rows, steps) -> str:
    sentences = [trends.finding(points), trends.session_effect(points)] if points else []
    sentences.append(soreness_trend.finding(rows, steps))
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _problem(treatments: list[Treatment], key: int, current: bool) -> dict:
    return {"key": key, "name": patient_sessions.condition_name(treatments, key), "current": current}


def _region(key: tuple[str, str], count: int) -> dict:
    code, side = key
    return {
        "name": trends.place_name(code, side),
        "count": count,
        "cls": trends.class_of(count, trends.HEAT_CLASSES),
    }


def _figure(view: str, marks: dict[str, dict]) -> dict:
    """The closest crop of the figure that still shows every mark."""
    places = [shape["badge"] for shape in shapes(view) if shape["code"] in marks]
    fitting = (name for name in CROPS_BY_SIZE if all(_within(CROPS[name], place) for place in places))
    return {"view": view, "marks": marks, "zoom": next(fitting, "whole")}


def _within(crop: tuple, place: tuple) -> bool:
    left, top, width, height = crop
    x, y = place
    return (
        left + MARK_MARGIN <= x <= left + width - MARK_MARGIN
        and top + MARK_MARGIN <= y <= top + height - MARK_MARGIN
    )


def _marks_of(view: str, marks: dict[str, dict]) -> dict[str, dict]:
    facts = regions_by_code()
    return {code: mark for code, mark in marks.items() if facts.get(code[:-2], {}).get("view") == view}
