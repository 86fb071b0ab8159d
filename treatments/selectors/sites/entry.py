"""What the entry of a site reads: the muscles, with what the therapist's last sites propose."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import F, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from treatments.models import Muscle, NeedleSite, NeedlingSession
from treatments.rules.sites import origins, proposals


def muscle_options(own_sites: Iterable[NeedleSite], patient_sites: Iterable[NeedleSite] = ()) -> list[dict]:
    """Every muscle with what it proposes: the therapist's last use of it, else the muscle's own setting.

    `own_sites` are those that this therapist entered, `patient_sites` of this patient; both break ties.
    """
    own_sites = sorted(own_sites, key=_by_age)
    last = {site.muscle_id: site for site in own_sites}
    times_used = Counter(site.muscle_id for site in own_sites)
    times_known = Counter(site.muscle_id for site in patient_sites)
    current = CURRENT_MUSCLES()
    found = [_option(muscle, muscle.in_regions, last.get(muscle.pk)) for muscle in current]
    for row, muscle in zip(found, current, strict=True):
        row |= {"muscle": muscle, "used": times_used[muscle.pk], "known": times_known[muscle.pk]}
        if not row["needle"] and own_sites:
            # a muscle without a proposed needle takes the one that the therapist used last
            row |= {"needle": needle_of(own_sites[-1]), "needle_from": origins.NEEDLE}
    return found


CURRENT_MUSCLES = PreparedQuery(lambda: Muscle.objects.current().with_regions().order_by("name"))


def needle_of(site: NeedleSite) -> str:
    return f"{site.gauge_mm:.2f}x{site.length_mm}"


def _option(muscle: Muscle, regions: list[dict], habit: NeedleSite | None) -> dict:
    proposes = _from_habit(habit) if habit else _from_setting(muscle)
    if not proposals.may_propose("depth_mm", over_lung=muscle.over_lung):
        proposes["depth"] = ""
    return {
        "code": muscle.code,
        "name": muscle.name,
        "value": f"{muscle.name} ({muscle.code.upper()})",
        "regions": " ".join(row["code"] for row in regions),
        "over_lung": muscle.over_lung,
        "limit": muscle.depth_limit_mm,
        "limit_by": muscle.limit_approved_by,
        "limit_on": muscle.limit_approved_on,
        "note": muscle.angle_note,
        "standing": muscle.default_status,
        "needle_from": "",
        **proposes,
    }


def _from_habit(habit: NeedleSite) -> dict:
    """Equipment and technique only."""
    return {
        "needle": needle_of(habit),
        "technique": habit.technique,
        "dwell": "" if habit.dwell_seconds is None else round(habit.dwell_seconds / 60),
        "tissue": habit.tissue,
        "depth": "" if habit.depth_mm is None else habit.depth_mm,
        "source": f"{origins.OWN_LAST}@{timezone.localdate(habit.added_at).isoformat()}",
    }


def _from_setting(muscle: Muscle) -> dict:
    sized = muscle.gauge_mm and muscle.length_max_mm
    return {
        "needle": f"{muscle.gauge_mm:.2f}x{muscle.length_max_mm}" if sized else "",
        "technique": NeedleSite.Technique.IN_OUT.value,
        "dwell": "",
        "tissue": NeedleSite.Tissue.TRIGGER_POINT.value,
        "depth": "" if muscle.usual_depth_mm is None else muscle.usual_depth_mm,
        "source": origins.USUAL,
    }


def _by_age(site: NeedleSite) -> dt.datetime:
    return site.added_at


# Habits come from the therapist's newest sessions only: the number is bounded, and old habits drop out.
HABIT_SESSIONS = 40


def habits(patient: int, *, of) -> tuple[list[NeedleSite], list[NeedleSite]]:
    """The newest sites that the therapist `of` entered, and the newest of a patient."""
    every = RECENT_SITES(therapist=of.pk, patient=patient)
    own_sites = [site for site in every if site.added_by_id == of.pk]
    return own_sites, [site for site in every if site.patient_id == patient]


def _recent_sites(therapist: int, patient: int) -> QuerySet:
    newest = NeedlingSession.objects.order_by("-opened_at").values("pk")
    own, of_patient = newest.filter(therapist=therapist), newest.filter(patient=patient)
    sessions = NeedlingSession.objects.order_by().in_any(own[:HABIT_SESSIONS], of_patient[:HABIT_SESSIONS])
    listed = NeedleSite.objects.standing().filter(session__in=sessions, muscle__isnull=False)
    return listed.annotate(patient_id=F("session__patient"))


RECENT_SITES = PreparedQuery(_recent_sites)
