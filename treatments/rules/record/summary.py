"""The summary on top of the record, in sentences made only from what was recorded."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from patients.models import PatientCondition
from patients.rules.conditions import onset
from treatments.rules.record import soreness_trend, trends
from treatments.rules.record.patient_sessions import Treatment

MAX_CONDITIONS = 2
NUMBER_WORDS = (
    gettext_lazy("No"),
    gettext_lazy("One"),
    gettext_lazy("Two"),
    gettext_lazy("Three"),
    gettext_lazy("Four"),
    gettext_lazy("Five"),
    gettext_lazy("Six"),
    gettext_lazy("Seven"),
    gettext_lazy("Eight"),
    gettext_lazy("Nine"),
    gettext_lazy("Ten"),
)


def sentences(
    conditions: list[PatientCondition],
    treatments: list[Treatment],
    *,
    steps: list[int],
    general: int,
    total: int,
    visits_before: int = 0,
) -> list[str]:
    """The conditions and their onset, the number and effect of sessions, and the soreness afterwards."""
    parts = [_conditions(conditions), _visits(treatments, total=total, visits_before=visits_before)]
    points = next(iter(trends.series(treatments, general=general).values()), [])
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
    text = "; ".join(named)
    if more:
        text = _("%(conditions)s; and %(number)s more") % {"conditions": text, "number": more}
    return text[0].upper() + text[1:]


def _condition(row: PatientCondition, among: list[PatientCondition]) -> str:
    """“Cervicalgia, right, since February 2026”; left and right of one condition are “both sides”."""
    since = onset.onset_label(row.onset_on, row.onset_precision)
    name = row.label.removesuffix(f", {row.get_side_display().lower()}")
    sides = {other.side for other in among if _identity(other) == _identity(row)}
    where = _("both sides") if {"left", "right"} <= sides else row.get_side_display().lower()
    if not since:
        return f"{name}, {where}"
    return _("%(name)s, %(where)s, since %(since)s") % {"name": name, "where": where, "since": since}


def _identity(row: PatientCondition) -> tuple:
    return row.condition_id, row.variant_id, row.onset_on


def _visits(treatments: list[Treatment], *, total: int, visits_before: int) -> str:
    return _with_earlier(_here(treatments, total=total), visits_before)


def _with_earlier(here: str, visits_before: int) -> str:
    """`here` with the visits that were made before the record was kept here."""
    if not visits_before:
        return here
    return _("%(sessions)s, and %(visits)s made before Filiform") % {
        "sessions": here or _("No session yet"),
        "visits": visits_before,
    }


def _here(treatments: list[Treatment], *, total: int) -> str:
    if not treatments:
        return ""
    days = [one.on for one in treatments]
    if total == 1:
        return _("One session, on %(day)s") % {"day": formats.short_day(days[0])}
    number = NUMBER_WORDS[total] if total < len(NUMBER_WORDS) else str(total)
    if total > len(treatments):
        return _("%(number)s sessions") % {"number": number}
    return _("%(number)s sessions in %(days)s") % {
        "number": number,
        "days": _days((max(days) - min(days)).days),
    }


def _days(span: int) -> str:
    if span == 0:
        return _("one day")
    return ngettext("%(count)d day", "%(count)d days", span + 1) % {"count": span + 1}
