"""The record at a glance: the last plan, motion and tone and their change, and what was needled lately."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from treatments.rules.record import measures as measures_rules
from treatments.rules.record import trends, trends_page
from treatments.rules.record.patient_sessions import Treatment
from treatments.rules.session import sentences
from treatments.rules.session.parts import DraftMeasurement

# Sessions whose needles the small body map shows.
LATELY = 3


@dataclass(frozen=True)
class MeasureLine:
    """One thing that is measured: its first value, the one after the newest session, and the change."""

    what: str
    first: str
    first_on: str
    now: str
    now_on: str
    change: str


def contents(treatments: list[Treatment]) -> dict:
    """Of the newest sessions, the newest first. Drafts and notes in error say nothing here."""
    usable = trends.usable(treatments)
    planned = next((one for one in reversed(usable) if one.plan.strip()), None)
    return {
        "plan": planned.plan.strip() if planned else "",
        "plan_on": formats.short_day(planned.on) if planned else "",
        "measures": measures(usable),
        **_needled(usable[-LATELY:]),
    }


def measures(usable: list[Treatment]) -> list[MeasureLine]:
    """What was measured at the newest visit with a measurement of it, in the order of that visit."""
    return [_line(what, rows) for what, rows in measures_rules.by_what(usable).items()]


def _line(what: str, rows: list[tuple[Treatment, DraftMeasurement]]) -> MeasureLine:
    (began, oldest), (ended, newest) = rows[0], rows[-1]
    first, now = measures_rules.arrived(oldest), measures_rules.left(newest)
    return MeasureLine(
        what,
        first=measures_rules.text(oldest, first),
        first_on=formats.short_day(began.on),
        now=measures_rules.text(newest, now),
        now_on=formats.short_day(ended.on),
        change=_change(first, now, measures_rules.unit_of(newest)),
    )


def _change(first: Decimal | None, now: Decimal | None, unit: str) -> str:
    if first is None or now is None:
        return ""
    text = trends.signed_number(float(now - first))
    return _("no change") if text == "0" else f"{text}{unit}"


def _needled(lately: list[Treatment]) -> dict:
    """The body map of these sessions, its table and its sentence: one count for all three."""
    totals = trends.insertions(lately)
    marks = trends.marks(totals)
    return {
        "figures": trends_page.figures(marks),
        "regions": trends_page.region_rows(totals),
        "needled": _sentence(lately, sum(totals.values())),
    }


def _sentence(lately: list[Treatment], insertions: int) -> str:
    if not insertions:
        return ""
    sentence = ngettext(
        "%(insertions)s in the last session", "%(insertions)s in the last %(count)d sessions", len(lately)
    )
    return sentence % {"insertions": sentences.insertions(insertions), "count": len(lately)}
