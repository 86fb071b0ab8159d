"""The summary on top of the record, in sentences made only from what was recorded."""

from clinic import formats
from patients.models import PatientCondition
from patients.rules.conditions import onset
from treatments.rules.record import soreness_trend, trends
from treatments.rules.record.patient_sessions import Treatment

MAX_CONDITIONS = 2
NUMBER_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def sentences(
    conditions: list[PatientCondition],
    treatments: list[Treatment],
    *,
    steps: list[int],
    total: int,
    visits_before: int = 0,
) -> list[str]:
    """The conditions and their onset, the number and effect of sessions, and the soreness afterwards."""
    parts = [_conditions(conditions), _visits(treatments, total=total, visits_before=visits_before)]
    points = next(iter(trends.series(treatments).values()), [])
    if points:
        parts += [trends.finding(points), trends.session_effect(points)]
    parts.append(soreness_trend.finding(soreness_trend.rows_of(treatments, steps), steps))
    return [f"{sentence}." for sentence in parts if sentence]


def _conditions(conditions: list[PatientCondition]) -> str:
    known = list(dict.fromkeys(_condition(row, conditions) for row in conditions))
    named = known[:MAX_CONDITIONS]
    if not named:
        return ""
    more = len(known) - len(named)
    text = "; ".join(named) + (f"; and {more} more" if more else "")
    return text[0].upper() + text[1:]


def _condition(row: PatientCondition, among: list[PatientCondition]) -> str:
    """“Cervicalgia, right, since February 2026”; left and right of one condition are “both sides”."""
    since = onset.onset_label(row.onset_on, row.onset_precision)
    name = row.label.removesuffix(f", {row.get_side_display().lower()}")
    sides = {other.side for other in among if _identity(other) == _identity(row)}
    where = "both sides" if {"left", "right"} <= sides else row.get_side_display().lower()
    return f"{name}, {where}, since {since}" if since else f"{name}, {where}"


def _identity(row: PatientCondition) -> tuple:
    return row.condition_id, row.variant_id, row.onset_on


def _visits(treatments: list[Treatment], *, total: int, visits_before: int) -> str:
    earlier = f", and {visits_before} made before Filiform" if visits_before else ""
    if not treatments:
        return f"No session yet{earlier}" if visits_before else ""
    days = [one.on for one in treatments]
    number = NUMBER_WORDS[total] if total < len(NUMBER_WORDS) else str(total)
    span = (max(days) - min(days)).days
    if total == 1:
        return f"One session, on {formats.short_day(days[0])}{earlier}"
    if total > len(treatments):
        return f"{number} sessions{earlier}"
    return f"{number} sessions in {_days(span)}{earlier}"


def _days(span: int) -> str:
    return "one day" if span == 0 else f"{span + 1} days"
