"""A therapist's morning: what was done last, whether it helped, what is unsigned, what patients said."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from clinic.django_internals.prepared import Prepared
from clinic.models import User
from clinic.models.rows import Rows
from patients.models import PatientAccess, PatientCondition
from treatments import calls
from treatments.models import NeedleSite, NeedlingSession, RedFlag, SessionCondition, SorenessReport

VISITS_SHOWN = 5
REPLIES_SINCE = dt.timedelta(days=2)
AT_MOST = 8
# The little chart: 120 by 40, one step of 24 per visit, 0 at the foot and 10 on top.
STEP_X, WIDTH_X, FOOT_Y, UNIT_Y = 24, 13, 37.0, 3.4


@dataclass(frozen=True)
class Slope:
    """Pain before and after one visit, as numbers and as places in the little chart."""

    before: int
    after: int
    x: int
    y: float
    x2: int
    y2: float


@dataclass(frozen=True)
class Story:
    """“Last: upper trapezius R 3. Pain 6 to 3. Sore 4 at 24 h.” and the slopes of the last visits."""

    about: str
    line: str
    slopes: tuple[Slope, ...]
    flat: bool

    @property
    def said(self) -> str:
        return ", ".join(f"{slope.before} to {slope.after}" for slope in self.slopes)


def with_stories(visits: QuerySet) -> QuerySet:
    """Visits that know the patient's last sessions: in the same query, whatever the history's length."""
    patient = OuterRef("patient")
    pains = SessionCondition.objects.filter(
        session__patient=patient,
        session__voided_at=None,
        session__visit__booked_for__lt=OuterRef("booked_for"),
        removed_at=None,
        pain_before__isnull=False,
        pain_after__isnull=False,
    ).order_by("-session__opened_at", "-session_id", "pk")
    last = (
        NeedlingSession.objects.counted()
        .filter(patient=OuterRef(OuterRef("patient")), visit__booked_for__lt=OuterRef(OuterRef("booked_for")))
        .order_by("-opened_at", "-pk")
        .values("pk")[:1]
    )
    sites = NeedleSite.objects.standing().filter(session=Subquery(last)).order_by("number")
    sore = SorenessReport.objects.filter(followup__session=Subquery(last), superseded_by=None)
    has = PatientCondition.objects.open().filter(episode__patient=patient, episode__discharged_at=None)
    muscle = Coalesce(NullIf(F("muscle__name"), Value("")), F("unlisted_name"))
    return visits.annotate(
        last_pain=Rows(
            pains[: VISITS_SHOWN * 3], session="session_id", before="pain_before", after="pain_after"
        ),
        last_sites=Rows(sites[:4], name=muscle, side="side", count="insertions"),
        last_sore=Rows(sore.order_by("-reported_at")[:1], worst="worst", now="now", step="followup__step"),
        treated_for=Rows(has.order_by("pk")[:2], name="condition__patient_term", side="side"),
    )


def story_of(visit) -> Story:
    slopes = _slopes(visit.last_pain)
    said = [f"Last: {calls.treated(visit.last_sites)}"] if visit.last_sites else []
    if slopes:
        said.append(f"Pain {slopes[-1].before} to {slopes[-1].after}")
    for report in visit.last_sore:
        said.append(f"Sore {report['worst'] or report['now']} at {report['step']} h")
    return Story(
        about=", ".join(_condition(row) for row in visit.treated_for),
        line=". ".join(said) + "." if said else "Nothing needled here before.",
        slopes=tuple(slopes),
        flat=is_flat([(slope.before, slope.after) for slope in slopes]),
    )


def is_flat(pains: list[tuple[int, int]]) -> bool:
    """Three visits in a row in which neither the pain before nor the pain after fell."""
    last = pains[-3:]
    return len(last) == 3 and min(after for _, after in last) >= last[0][1] and last[-1][0] >= last[0][0]


def red_flags_for(user, *, everybody: bool) -> list[RedFlag]:
    """Every warning sign that nobody has acted on, the oldest first; for a lead those of everybody."""
    return FLAGS(user=user.pk, at=timezone.now(), everybody=everybody)


def _flags(user: int, at: dt.datetime, everybody: bool) -> QuerySet:
    person = User(pk=user)
    waiting = RedFlag.objects.waiting() if everybody else RedFlag.objects.on_board_of(person)
    visible = waiting.filter(_open_to(person, "report__followup__session__patient", at=at))
    return visible.select_related("report__followup__session__patient", "therapist")


FLAGS = Prepared(_flags)


def replies_to(user, *, now: dt.datetime) -> list[SorenessReport]:
    """What patients said in the last two days of sessions of this therapist."""
    return REPLIES(user=user.pk, at=now, since=now - REPLIES_SINCE)


def _replies(user: int, at: dt.datetime, since: dt.datetime) -> QuerySet:
    # those of two days first: a therapist's reports of all years are many
    lately = SorenessReport.objects.filter(reported_at__gte=since).order_by()
    said = SorenessReport.objects.filter(
        pk__in=lately.values("pk"), followup__session__therapist=user, superseded_by=None
    )
    visible = said.filter(_open_to(User(pk=user), "followup__session__patient", at=at))
    return visible.select_related("followup__session__patient").order_by("-reported_at")[:AT_MOST]


REPLIES = Prepared(_replies)


def _open_to(user, patient: str, *, at: dt.datetime) -> Q:
    """Rows whose `patient` (the way there) is open to this person; restricted records are to few."""
    named = PatientAccess.objects.open_to(user, at=at).values("patient")
    return Q(**{f"{patient}__restricted_at": None}) | Q(**{f"{patient}__in": named})


def _slopes(rows: list[dict]) -> list[Slope]:
    """The worst pain of each of the last visits, oldest first, placed from the right edge."""
    visits: dict[int, tuple[int, int]] = {}
    for row in rows:
        before, after = visits.get(row["session"], (0, 0))
        visits[row["session"]] = (max(before, row["before"]), max(after, row["after"]))
    newest = list(visits.values())[:VISITS_SHOWN]
    pairs = newest[::-1]
    left = 4 + STEP_X * (VISITS_SHOWN - len(pairs))
    return [
        Slope(before, after, left + STEP_X * place, _y(before), left + STEP_X * place + WIDTH_X, _y(after))
        for place, (before, after) in enumerate(pairs)
    ]


def _y(pain: int) -> float:
    return round(FOOT_Y - UNIT_Y * pain, 1)


def _condition(row: dict) -> str:
    side = f"{row['side']} " if row["side"] in ("left", "right") else ""
    name = row["name"]
    keeps_case = name[1:2].isupper()  # "IT band syndrome"
    return f"{side}{name if keeps_case else name[:1].lower() + name[1:]}"
