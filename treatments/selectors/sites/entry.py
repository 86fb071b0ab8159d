"""What the entry of a site reads: the muscles, with what the therapist's last sites propose."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Set

from django.db.models import F, QuerySet
from django.utils import timezone

from clinic.django_internals.catalogue_rows import CatalogueQuery
from clinic.django_internals.prepared import PreparedQuery
from treatments.models import Muscle, NeedleSite, NeedlingSession
from treatments.models.sites.catalogues import put_regions
from treatments.rules.sites import depth_bound, depth_limits, origins, over_lung, proposals
from treatments.rules.sites.depth_bound import DepthBound
from treatments.rules.sites.needled_site import NeedledSite


def muscle_options(
    own_sites: Iterable[NeedleSite],
    patient_sites: Iterable[NeedleSite] = (),
    *,
    health_answers: Set[str] = frozenset(),
) -> list[dict]:
    """Every muscle with what it proposes: the therapist's last use of it, else the muscle's own setting.

    `own_sites` are those that this therapist entered, `patient_sites` of this patient; both break ties.
    Over the lung only this patient's last site proposes. `health_answers` are the patient's of concern.
    """
    own_sites, patient_sites = sorted(own_sites, key=_by_age), sorted(patient_sites, key=_by_age)
    last, last_here = ({site.muscle_id: site for site in sites} for sites in (own_sites, patient_sites))
    times_used = Counter(site.muscle_id for site in own_sites)
    times_known = Counter(site.muscle_id for site in patient_sites)
    found = []
    # a muscle without a proposed needle takes the one that the therapist used last
    needle = {"needle": needle_of(own_sites[-1]), "needle_from": origins.NEEDLE} if own_sites else {}
    for muscle, setting in CURRENT_MUSCLES().once(_settings):
        habit = last_here.get(muscle.pk) if setting["near_lung"] else last.get(muscle.pk)
        row = setting | (_proposals(habit, setting, health_answers) if habit else {})
        if not row["needle"] and not row["near_lung"]:
            row |= needle
        row["used"], row["known"] = times_used[muscle.pk], times_known[muscle.pk]
        found.append(row)
    return found


def _settings(muscles: Iterable[Muscle]) -> list[tuple[Muscle, dict]]:
    return [(muscle, _option(muscle)) for muscle in muscles]


CURRENT_MUSCLES = CatalogueQuery(
    lambda: Muscle.objects.current().order_by("name").with_every_region(), complete=put_regions
)
# Retired ones too: a typed row that names one is told so.
EVERY_MUSCLE = PreparedQuery(lambda: Muscle.objects.with_regions().order_by("name"))


def needle_of(site: NeedleSite) -> str:
    return f"{site.gauge_mm:.2f}x{site.length_mm}"


def places_over_lung(muscle: Muscle) -> list[bool]:
    """For each place of a muscle that was asked for `with_regions`."""
    return [over_lung.row_is_over_lung(muscle.hazards, row["over_lung"]) for row in muscle.region_rows]


def _option(muscle: Muscle) -> dict:
    """A muscle with its own settings.

    `lung`: the depth from which a reason is asked, if all its places lie over the lung, and `limit` the
    practice's own; `near_lung`: whether any place does.
    """
    codes = [row["code"] for row in muscle.region_rows]
    over = places_over_lung(muscle)
    bound = _bound(muscle, codes[0]) if all(over) else None
    return {
        "muscle": muscle,
        "code": muscle.code,
        "name": muscle.name,
        "value": f"{muscle.name} ({muscle.code.upper()})",
        "regions": " ".join(codes),
        "lung": bound.asks_from_mm if bound else None,
        "near_lung": any(over),
        "limit": bound.mm if bound and bound.is_limit else None,
        "limit_by": muscle.limit_approved_by,
        "limit_on": muscle.limit_approved_on,
        "note": muscle.angle_note,
        "needle_from": "",
        # how it is drawn while nothing else proposes
        "drawings": {},
        **_from_setting(muscle, near_lung=any(over)),
    }


def _bound(muscle: Muscle, region: str) -> DepthBound | None:
    """Of a muscle whose first place, the `region`, lies over the lung."""
    site = NeedledSite(
        key="",
        number=0,
        name=muscle.name,
        hazards=frozenset({over_lung.LUNG}),
        depth_limit_mm=muscle.depth_limit_mm,
        limit_is_approved=not depth_limits.lacks_approved_limit(muscle),
        region_code=region,
        muscle_code=muscle.code,
    )
    return depth_bound.of(site)


def _proposals(habit: NeedleSite, row: dict, health_answers: Set[str]) -> dict:
    """Equipment and technique of an earlier site; no technique where a health answer may speak against it."""
    source = origins.HERE if row["near_lung"] else origins.OWN_LAST
    found = {
        "needle": needle_of(habit),
        "depth": "" if habit.depth_mm is None or row["near_lung"] else habit.depth_mm,
        "source": f"{source}@{timezone.localdate(habit.added_at).isoformat()}",
    }
    if health_answers:
        return found
    return found | {
        "technique": habit.technique,
        "dwell": "" if habit.dwell_seconds is None else round(habit.dwell_seconds / 60),
        "tissue": habit.tissue,
    }


def _from_setting(muscle: Muscle, *, near_lung: bool) -> dict:
    sized = muscle.gauge_mm and muscle.length_max_mm and not near_lung
    may_propose_depth = proposals.may_propose("depth_mm", over_lung=near_lung)
    return {
        "needle": f"{muscle.gauge_mm:.2f}x{muscle.length_max_mm}" if sized else "",
        "technique": NeedleSite.Technique.IN_OUT.value,
        "dwell": "",
        "tissue": NeedleSite.Tissue.TRIGGER_POINT.value,
        "depth": muscle.usual_depth_mm if may_propose_depth and muscle.usual_depth_mm else "",
        "source": origins.USUAL,
    }


def _by_age(site: NeedleSite) -> dt.datetime:
    return site.added_at


# What a habit proposes, and whose it is: a site has four times as many columns.
HABIT = (
    "muscle_id", "added_by_id", "added_at", "gauge_mm", "length_mm", "depth_mm", "technique", "dwell_seconds",
    "tissue",
)  # fmt: skip
# Habits come from the therapist's newest sessions only: the number is bounded, and old habits drop out.
HABIT_SESSIONS = 40


def habits(patient: int, *, of) -> tuple[list, list]:
    """What proposes, of the newest sites that the therapist `of` entered, and of a patient's newest."""
    every = RECENT_SITES(therapist=of.pk, patient=patient)
    own_sites = [site for site in every if site.added_by_id == of.pk]
    return own_sites, [site for site in every if site.patient_id == patient]


def _recent_sites(therapist: int, patient: int) -> QuerySet:
    newest = NeedlingSession.objects.order_by("-opened_at").values("pk")
    own, of_patient = newest.filter(therapist=therapist), newest.filter(patient=patient)
    sessions = NeedlingSession.objects.order_by().in_any(own[:HABIT_SESSIONS], of_patient[:HABIT_SESSIONS])
    listed = NeedleSite.objects.standing().filter(session__in=sessions, muscle__isnull=False)
    return listed.annotate(patient_id=F("session__patient")).values_list(*HABIT, "patient_id", named=True)


RECENT_SITES = PreparedQuery(_recent_sites)
