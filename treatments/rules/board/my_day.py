"""A therapist's day: what was done at a patient's last sessions, and whether it helped."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from treatments.rules.followups import calls, soreness
from treatments.rules.session.parts import side_text

VISITS_SHOWN = 5
# Pain before treatment at which nothing is left to treat.
# own choice: a hint for the eye, no rule depends on it
HARDLY_ANY = 1
# The small chart: 120 by 40 units, 24 for each visit; pain 0 is at the bottom and 10 at the top.
STEP_X, WIDTH_X, FOOT_Y, UNIT_Y = 24, 13, 37.0, 3.4


@dataclass(frozen=True)
class PainSlope:
    """Pain before and after one visit, as numbers and as coordinates of the small chart."""

    before: int
    after: int
    x: int
    y: float
    x2: int
    y2: float


@dataclass(frozen=True)
class TreatmentSummary:
    """The last visits. `sentences` reads “Last: upper trapezius R 3. Pain 6 to 3. Sore 4 at 24 h.”

    `advice` is what three visits without a change of pain ask for.
    """

    conditions: str
    sentences: str
    slopes: tuple[PainSlope, ...]
    advice: str = ""

    @property
    def slopes_text(self) -> str:
        return ", ".join(
            _("%(before)s to %(after)s") % {"before": slope.before, "after": slope.after}
            for slope in self.slopes
        )


def treatment_summary(visit) -> TreatmentSummary:
    slopes = _slopes(visit.last_pain)
    sentences = []
    if visit.last_sites:
        is_draft = visit.last_sites[0]["finished"] is None
        sentence = _("Last (draft): %(sites)s") if is_draft else _("Last: %(sites)s")
        sentences.append(sentence % {"sites": calls.treated_sites(visit.last_sites)})
    if slopes:
        sentences.append(
            _("Pain %(before)s to %(after)s") % {"before": slopes[-1].before, "after": slopes[-1].after}
        )
    for report in visit.last_sore:
        sentences.append(_after_words(report))
    return TreatmentSummary(
        conditions=", ".join(_condition(row) for row in visit.treated_for),
        sentences=". ".join(sentences) + "." if sentences else _("Nothing needled here before."),
        slopes=tuple(slopes),
        advice=advice([(slope.before, slope.after) for slope in slopes]),
    )


def advice(pains: list[tuple[int, int]]) -> str:
    """Where there is hardly any pain left to fall, it is not the treatment that has to change."""
    if not is_flat(pains):
        return ""
    is_over = all(before <= HARDLY_ANY and after == 0 for before, after in pains[-3:])
    return _("Consider discharge") if is_over else _("Consider a change")


def _after_words(report: dict) -> str:
    """“Sore 4 at 24 h”, at the time of the report; a warning sign is no soreness, however low that was."""
    now = None if report["triage"] == soreness.URGENT else report["now"]
    return soreness.short_words(now, report["step"], triage=report["triage"]).capitalize()


def is_flat(pains: list[tuple[int, int]]) -> bool:
    """Three visits in a row in which neither the pain before nor the pain after fell."""
    last = pains[-3:]
    return (
        len(last) == 3 and min(after for _before, after in last) >= last[0][1] and last[-1][0] >= last[0][0]
    )


def _slopes(rows: list[dict]) -> list[PainSlope]:
    """The worst pain of each of the last visits, oldest first, aligned to the right edge."""
    visits: dict[int, tuple[int, int]] = {}
    for row in rows:
        before, after = visits.get(row["session"], (0, 0))
        visits[row["session"]] = (max(before, row["before"]), max(after, row["after"]))
    newest = list(visits.values())[:VISITS_SHOWN]
    pairs = newest[::-1]
    left = 4 + STEP_X * (VISITS_SHOWN - len(pairs))
    return [
        PainSlope(
            before, after, left + STEP_X * place, _y(before), left + STEP_X * place + WIDTH_X, _y(after)
        )
        for place, (before, after) in enumerate(pairs)
    ]


def _y(pain: int) -> float:
    return round(FOOT_Y - UNIT_Y * pain, 1)


def _condition(row: dict) -> str:
    side = f"{side_text(row['side'])} " if row["side"] in ("left", "right") else ""
    name = row["name"]
    keeps_case = name[1:2].isupper()  # "IT band syndrome"
    return f"{side}{name if keeps_case else name[:1].lower() + name[1:]}"
