"""The muscles as the page sends them: found while typing, with the equipment that the hand used last."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import OuterRef
from django.utils import timezone

from clinic.models import BodyRegion
from clinic.models.rows import Rows
from treatments.models import Muscle, NeedleSite


def muscles(habits: Iterable[NeedleSite]) -> list[dict]:
    """Every muscle, with what it proposes: the hand's last use, else the muscle's own setting."""
    last: dict[int, NeedleSite] = {}
    used: dict[int, int] = {}
    for site in sorted(habits, key=_by_age):
        last[site.muscle_id] = site
        used[site.muscle_id] = used.get(site.muscle_id, 0) + 1
    hand = next(
        (f"{site.gauge_mm:.2f}x{site.length_mm}" for site in sorted(habits, key=_by_age, reverse=True)), ""
    )
    regions = BodyRegion.objects.filter(muscles=OuterRef("pk")).order_by("position")
    current = Muscle.objects.current().annotate(in_regions=Rows(regions, code="code")).order_by("name")
    found = [_option(muscle, last.get(muscle.pk), used.get(muscle.pk, 0)) for muscle in current]
    # a muscle that proposes no needle of its own takes the one that the hand used last
    return [row if row["needle"] else {**row, "needle": hand, "from": "your last needle"} for row in found]


def _option(muscle: Muscle, habit: NeedleSite | None, used: int) -> dict:
    over_lung = muscle.over_lung
    return {
        "code": muscle.code,
        "name": muscle.name,
        "value": f"{muscle.name} ({muscle.code.upper()})",
        "regions": " ".join(row["code"] for row in muscle.in_regions),
        "over_lung": over_lung,
        "limit": muscle.depth_limit_mm,
        "limit_by": muscle.limit_approved_by,
        "limit_on": muscle.limit_approved_on,
        "note": muscle.angle_note,
        "standing": muscle.default_status,
        "used": used,
        **(_from_habit(habit, over_lung) if habit else _from_setting(muscle, over_lung)),
    }


def _from_habit(habit: NeedleSite, over_lung: bool) -> dict:
    """Equipment and technique only. A depth over the lung is never proposed."""
    return {
        "needle": f"{habit.gauge_mm:.2f}x{habit.length_mm}",
        "technique": habit.technique,
        "dwell": "" if habit.dwell_seconds is None else round(habit.dwell_seconds / 60),
        "tissue": habit.tissue,
        "depth": "" if over_lung or habit.depth_mm is None else habit.depth_mm,
        "from": f"your last, {timezone.localdate(habit.added_at):%-d %b}",
    }


def _from_setting(muscle: Muscle, over_lung: bool) -> dict:
    needle = (
        f"{muscle.gauge_mm:.2f}x{muscle.length_max_mm}" if muscle.gauge_mm and muscle.length_max_mm else ""
    )
    depth = "" if over_lung or muscle.usual_depth_mm is None else muscle.usual_depth_mm
    return {
        "needle": needle,
        "technique": NeedleSite.Technique.IN_OUT,
        "dwell": "",
        "tissue": NeedleSite.Tissue.TRIGGER_POINT,
        "depth": depth,
        "from": "usual",
    }


def _by_age(site: NeedleSite) -> dt.datetime:
    return site.added_at
