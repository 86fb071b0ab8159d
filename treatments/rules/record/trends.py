"""Trends over the treatments of a patient: pain, the effect of sessions, and where the needles went."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from statistics import mean

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from clinic.rules.body_chart import regions_by_code
from treatments.rules.record import pain_change, patient_sessions
from treatments.rules.record.patient_sessions import PainScore, TreatedSite, Treatment
from treatments.rules.session.parts import side_text

# An effect of a muscle that was treated at fewer visits is marked as uncertain.
# own choice: two visits show no course
MIN_VISITS = 3
# Visits that fit side by side in a picture. Every sentence speaks of these too; tables have all visits.
MAX_SLOPES = 6
# Fixed classes, the same for every patient, so that two figures can be compared.
HEAT_CLASSES = ((15, "h5"), (10, "h4"), (6, "h3"), (3, "h2"), (1, "h1"))


@dataclass(frozen=True)
class PainPoint:
    """Pain at one visit for one condition. `felt`: from which change on it is felt there."""

    on: dt.date
    ref: str
    before: int | None
    after: int | None
    felt: float = pain_change.GENERAL_POINTS


@dataclass(frozen=True)
class MuscleEffect:
    """Mean change of pain over the visits at which a muscle was treated; below zero is better."""

    muscle: str
    change: float
    visits: int

    @property
    def is_few(self) -> bool:
        return self.visits < MIN_VISITS

    @property
    def change_text(self) -> str:
        return signed_number(self.change)

    @property
    def bar(self) -> int:
        """Length of the bar, at most 110; a change of 3 points or more fills it."""
        return min(round(abs(self.change) / 3 * 110), 110)


def usable(treatments: list[Treatment]) -> list[Treatment]:
    """Oldest first, without notes that were written in error and drafts, which may still change."""
    return sorted((one for one in treatments if not (one.in_error or one.is_draft)), key=_moment)


def reported(treatments: list[Treatment]) -> list[Treatment]:
    """Those with soreness that the patient reported, also of a draft: a report does not change."""
    return sorted((one for one in treatments if one.soreness and not one.in_error), key=_moment)


def series(treatments: list[Treatment], *, general: int) -> dict[int, list[PainPoint]]:
    """Points by condition, oldest first; the condition treated most often comes first.

    `general`: the change of pain that is felt, where a condition has no value of its own.
    """
    by_condition: dict[int, list[PainPoint]] = defaultdict(list)
    for one in usable(treatments):
        for pain in one.pains:
            felt = pain_change.felt_in(pain.region, general=general)
            point = PainPoint(one.on, one.ref, pain.before, pain.after, felt.points)
            by_condition[pain.condition].append(point)
    return dict(sorted(by_condition.items(), key=_fewest_last))


def drawn(points: list[PainPoint]) -> list[PainPoint]:
    """The newest visits, which picture and sentence show."""
    return points[-MAX_SLOPES:]


def finding(points: list[PainPoint]) -> str:
    """The sentence above the chart, about the visits in it.

    “Pain before treatment fell from 7 to 4 over the last 6 visits, with 1 on 3 May in between”
    """
    scored = [(point.before, point) for point in drawn(points) if point.before is not None]
    if not scored:
        return _("Pain before treatment was not asked yet")
    if len(scored) == 1:
        return _only_visit(scored[0][1], is_first=len(points) == 1)
    course = _course(scored[0][0], scored[-1][0], _over(len(scored), is_cut=len(points) > MAX_SLOPES))
    turn = _turn(scored)
    if turn is None:
        return course
    return _("%(course)s, with %(pain)s on %(day)s in between") % {
        "course": course,
        "pain": turn.before,
        "day": formats.short_day(turn.on),
    }


def _only_visit(point: PainPoint, *, is_first: bool) -> str:
    if point.after is None:
        sentence = (
            _("Pain was %(before)s before at the only visit so far")
            if is_first
            else _("Pain was %(before)s before at the only visit at which it was asked")
        )
        return sentence % {"before": point.before}
    sentence = (
        _("Pain was %(before)s before and %(after)s after at the only visit so far")
        if is_first
        else _("Pain was %(before)s before and %(after)s after at the only visit at which it was asked")
    )
    return sentence % {"before": point.before, "after": point.after}


def _over(number: int, *, is_cut: bool) -> str:
    if is_cut:
        visits = ngettext("the last %(count)d visit", "the last %(count)d visits", number)
    else:
        visits = ngettext("%(count)d visit", "%(count)d visits", number)
    return visits % {"count": number}


def _course(first: int, last: int, visits: str) -> str:
    if first == last:
        sentence = _("Pain before treatment stayed at %(first)s over %(visits)s")
    elif last < first:
        sentence = _("Pain before treatment fell from %(first)s to %(last)s over %(visits)s")
    else:
        sentence = _("Pain before treatment rose from %(first)s to %(last)s over %(visits)s")
    return sentence % {"first": first, "last": last, "visits": visits}


def _turn(scored: list[tuple[int, PainPoint]]) -> PainPoint | None:
    """The visit that lies furthest outside of where the course begins and ends, such as before a rebound."""
    low, high = sorted((scored[0][0], scored[-1][0]))
    beyond, point = max(
        ((max(low - before, before - high), point) for before, point in scored), key=itemgetter(0)
    )
    return point if beyond >= point.felt else None


def session_effect(points: list[PainPoint]) -> str:
    """The mean effect of a session, once two of the visits in the picture have scores before and after."""
    drops = _pain_drops(drawn(points))
    if len(drops) < 2:
        return ""
    change = mean(drops)
    # own choice: below what a whole-number scale can tell apart
    if abs(change) < 0.25:
        return _("After treatment it is about the same")
    sentence = (
        _("After treatment it is %(number)s lower on average")
        if change > 0
        else _("After treatment it is %(number)s higher on average")
    )
    return sentence % {"number": plain_number(abs(change))}


def missing_scores(points: list[PainPoint]) -> list[str]:
    """A text for each visit with a missing score: the chart has a gap there."""
    missing = []
    for point in points:
        if sentence := _missing(point):
            missing.append(sentence % {"day": formats.short_day(point.on)})
    return missing


def _missing(point: PainPoint) -> str:
    if point.before is None and point.after is None:
        return _("%(day)s: not asked before and after")
    if point.before is None:
        return _("%(day)s: not asked before")
    return _("%(day)s: not asked after") if point.after is None else ""


def muscle_effects(treatments: list[Treatment], condition: int | None = None) -> list[MuscleEffect]:
    """Mean change of pain by muscle and side, the best first and those with too few visits last. No cause."""
    drops: dict[str, list[float]] = defaultdict(list)
    for one in usable(treatments):
        for muscle in {site.short for site in one.sites}:
            drop = _drop_for(one, [site for site in one.sites if site.short == muscle], condition)
            if drop is not None:
                drops[muscle].append(drop)
    effects = [MuscleEffect(muscle, -mean(values), len(values)) for muscle, values in drops.items()]
    return sorted(effects, key=_best_first)


def insertions(treatments: list[Treatment]) -> dict[tuple[str, str], int]:
    """Insertions by region of the body chart and side, most first. Sites without a region are left out."""
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for one in usable(treatments):
        for site in one.sites:
            if site.region:
                totals[site.region, site.side] += site.insertions
    return dict(sorted(totals.items(), key=_most_first))


def place_name(region: str, side: str) -> str:
    """“Top of shoulder, right”, also of a region that the body chart does not know any more."""
    known = regions_by_code().get(region)
    return f"{known['name'] if known else region}, {side_text(side)}"


def marks(totals: dict[tuple[str, str], int]) -> dict[str, dict]:
    """The heat of the figure: {"b-utrap-r": {"cls": "h3", "badge": "7"}}. The midline shows on the right."""
    shown: dict[str, int] = defaultdict(int)
    for (region, side), count in totals.items():
        shown[f"{region}-{'l' if side == 'left' else 'r'}"] += count
    return {
        code: {"cls": class_of(count, HEAT_CLASSES), "badge": str(count)} for code, count in shown.items()
    }


def class_of(value: int, classes: tuple[tuple[int, str], ...]) -> str:
    return next((name for least, name in classes if value >= least), "")


def signed_number(change: float) -> str:
    """“−2.7”, with a minus and not a hyphen; “+0.5”; “0”."""
    if abs(change) < 0.05:
        return "0"
    return f"{'−' if change < 0 else '+'}{plain_number(abs(change))}"


def plain_number(value: float) -> str:
    return formats.short_decimal(value, 1)


def _drop_for(one: Treatment, sites: list[TreatedSite], condition: int | None) -> float | None:
    """The mean drop of the conditions these sites were for, else of all conditions treated that day."""
    targets = {site.condition for site in sites if site.condition is not None}
    if condition is not None and targets and condition not in targets:
        return None
    counted = {condition} if condition is not None else targets
    drops = _pain_drops(pain for pain in one.pains if not counted or pain.condition in counted)
    return mean(drops) if drops else None


def _pain_drops(scores: Iterable[PainScore | PainPoint]) -> list[int]:
    drops = (patient_sessions.pain_drop(score.before, score.after) for score in scores)
    return [drop for drop in drops if drop is not None]


def _moment(one: Treatment):
    return one.at


def _fewest_last(item) -> tuple[int, int]:
    return -len(item[1]), item[0]


def _best_first(one: MuscleEffect) -> tuple[bool, float, str]:
    return one.is_few, one.change, one.muscle


def _most_first(item) -> tuple:
    return -item[1], item[0]
