"""What the entry of a site reads: the draft, its sites, the therapist's habits and the muscles."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import F, OuterRef, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import Prepared
from clinic.models import Practice, User
from clinic.models.rows import Rows
from treatments.models import Muscle, NeedleSite, NeedlingSession, SessionCondition
from treatments.rules.sites import origins, proposals
from treatments.selectors.session import draft_rows


def written_by(user, ref: str) -> NeedlingSession | None:
    """The session, if this user writes it, or wrote it."""
    return OWN.one(user=user.pk, at=timezone.now(), ref=ref)


def _own(user: int, at: dt.datetime, ref: str) -> QuerySet:
    person = User(pk=user)
    sessions = NeedlingSession.objects.visible_to(person, at=at).written_by(person).filter(ref=ref)
    conditions = SessionCondition.objects.filter(session=OuterRef("pk"), removed_at=None).order_by("pk")
    return sessions.select_related("jurisdiction").annotate(
        part_conditions=Rows(conditions, **{name: name for name in draft_rows.CONDITION_COLUMNS}),
        part_practice=Rows(Practice.objects.filter(pk=1), needle_stock="needle_stock"),
    )


OWN = Prepared(_own)


def muscles(hand: Iterable[NeedleSite], here: Iterable[NeedleSite] = ()) -> list[dict]:
    """Every muscle with what it proposes: the hand's last use of it, else the muscle's own setting.

    `hand` are sites that this therapist entered, `here` sites of this patient; both break ties.
    """
    hand = sorted(hand, key=_by_age)
    last = {site.muscle_id: site for site in hand}
    used = Counter(site.muscle_id for site in hand)
    known = Counter(site.muscle_id for site in here)
    current = CURRENT()
    found = [_option(muscle, last.get(muscle.pk)) for muscle in current]
    for row, muscle in zip(found, current, strict=True):
        row |= {"muscle": muscle, "used": used[muscle.pk], "known": known[muscle.pk]}
        if not row["needle"] and hand:
            # a muscle that proposes no needle of its own takes the one that the hand used last
            row |= {"needle": needle_of(hand[-1]), "needle_from": origins.NEEDLE}
    return found


CURRENT = Prepared(lambda: Muscle.objects.current().with_regions().order_by("name"))


def needle_of(site: NeedleSite) -> str:
    return f"{site.gauge_mm:.2f}x{site.length_mm}"


def _option(muscle: Muscle, habit: NeedleSite | None) -> dict:
    proposes = _from_habit(habit) if habit else _from_setting(muscle)
    if not proposals.may_propose("depth_mm", over_lung=muscle.over_lung):
        proposes["depth"] = ""
    return {
        "code": muscle.code,
        "name": muscle.name,
        "value": f"{muscle.name} ({muscle.code.upper()})",
        "regions": " ".join(row["code"] for row in muscle.in_regions),
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
        "source": f"{origins.HAND}@{timezone.localdate(habit.added_at).isoformat()}",
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


# Habits of the hand come from the therapist's newest sessions only: bounded, and they change with the hand.
HABIT_SESSIONS = 40


def sites_of(session: NeedlingSession) -> list[NeedleSite]:
    return SITES(pk=session.pk)


SITES = Prepared(
    lambda pk: (
        NeedleSite.objects.filter(session=pk).select_related("muscle", "region").order_by("number", "pk")
    )
)


def habits(session: NeedlingSession, *, of) -> tuple[list[NeedleSite], list[NeedleSite]]:
    """The newest sites that the therapist `of` entered, and the newest of this patient."""
    every = USED(therapist=of.pk, patient=session.patient_id)
    hand = [site for site in every if site.added_by_id == of.pk]
    return hand, [site for site in every if site.patient_id == session.patient_id]


def _used(therapist: int, patient: int) -> QuerySet:
    newest = NeedlingSession.objects.order_by("-opened_at").values("pk")
    hand, here = newest.filter(therapist=therapist), newest.filter(patient=patient)
    sessions = NeedlingSession.objects.order_by().in_any(hand[:HABIT_SESSIONS], here[:HABIT_SESSIONS])
    listed = NeedleSite.objects.standing().filter(session__in=sessions, muscle__isnull=False)
    return listed.annotate(patient_id=F("session__patient"))


USED = Prepared(_used)
