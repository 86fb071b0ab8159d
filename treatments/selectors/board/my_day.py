"""What the day of a therapist shows: last sessions, warning signs and replies."""

import datetime as dt

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from clinic.models.rows import RelatedRows
from patients.models import PatientAccess, PatientCondition
from treatments.models import NeedleSite, NeedlingSession, RedFlag, SessionCondition, SorenessReport
from treatments.rules.board.my_day import VISITS_SHOWN
from treatments.selectors.followups import red_flags

REPLIES_SINCE = dt.timedelta(days=2)
MAX_REPLIES = 8
# Nobody writes these sessions any more; a begun draft is no visit that was made.
OF_FINISHED = Q(session__signed_at__isnull=False) | Q(session__closed_unsigned_at__isnull=False)


def with_last_treatments(visits: QuerySet) -> QuerySet:
    """Visits annotated with the patient's last sessions, in the same query however long the history is."""
    patient = OuterRef("patient")
    pains = SessionCondition.objects.filter(
        OF_FINISHED,
        session__patient=patient,
        session__voided_at=None,
        session__error_mark=None,
        session__visit__booked_for__lt=OuterRef("booked_for"),
        removed_at=None,
        pain_before__isnull=False,
        pain_after__isnull=False,
    ).order_by("-session__opened_at", "-session_id", "pk")
    last = (
        NeedlingSession.objects.counted()
        .filter(patient=OuterRef(OuterRef("patient")), visit__booked_for__lt=OuterRef(OuterRef("booked_for")))
        .filter(error_mark=None)
        .order_by("-opened_at", "-pk")
        .values("pk")[:1]
    )
    sites = NeedleSite.objects.standing().filter(session=Subquery(last)).order_by("number")
    sore = SorenessReport.objects.filter(followup__session=Subquery(last), superseded_by=None)
    has = PatientCondition.objects.open().filter(episode__patient=patient, episode__discharged_at=None)
    muscle = Coalesce(NullIf(F("muscle__name"), Value("")), F("unlisted_name"))
    return visits.annotate(
        last_pain=RelatedRows(
            pains[: VISITS_SHOWN * 3], session="session_id", before="pain_before", after="pain_after"
        ),
        last_sites=RelatedRows(
            sites[:4],
            name=muscle,
            side="side",
            count="insertions",
            finished=Coalesce("session__signed_at", "session__closed_unsigned_at"),
        ),
        last_sore=RelatedRows(
            sore.order_by("-reported_at")[:1],
            now="now",
            step="followup__step",
            triage="triage",
        ),
        treated_for=RelatedRows(has.order_by("pk")[:2], name=_name_of_condition(), side="side"),
    )


def _name_of_condition() -> Case:
    """As patients say it; where that means one thing or another, what the therapist chose."""
    chosen = When(condition__ambiguous=True, variant__isnull=False, then="variant__label")
    return Case(chosen, default="condition__patient_term")


def red_flags_for(user, *, everybody: bool) -> list[RedFlag]:
    """Every warning sign that nobody has acted on, the oldest first; for a lead those of everybody."""
    return FLAGS(user=user.pk, at=timezone.now(), everybody=everybody)


def _flags(user: int, at: dt.datetime, everybody: bool) -> QuerySet:
    person = User(pk=user)
    waiting = RedFlag.objects.waiting() if everybody else RedFlag.objects.on_board_of(person)
    visible = waiting.filter(_visible_records(person, "report__followup__session__patient", at=at))
    return visible.select_related(
        "report__followup__session__patient", "report__followup__session__therapist",
        "report__followup__assigned_to", "therapist",
    ).annotate(
        current_reports=red_flags.standing_reports("report__followup"), sign_names=red_flags.sign_names()
    )  # fmt: skip


FLAGS = PreparedQuery(_flags)


def replies_to(user, *, now: dt.datetime) -> list[SorenessReport]:
    """Reports of the last two days: of this therapist's patients, and of calls that were moved to them."""
    return REPLIES(user=user.pk, at=now, since=now - REPLIES_SINCE)


def _replies(user: int, at: dt.datetime, since: dt.datetime) -> QuerySet:
    # the last two days first: all reports of a therapist are many
    lately = SorenessReport.objects.filter(reported_at__gte=since).order_by()
    mine = Q(followup__session__therapist=user) | Q(followup__assigned_to=user)
    reports = SorenessReport.objects.filter(mine, pk__in=lately.values("pk"), superseded_by=None)
    visible = reports.filter(_visible_records(User(pk=user), "followup__session__patient", at=at))
    named = visible.select_related("followup__session__patient").annotate(sign_names=red_flags.sign_names())
    return named.order_by("-reported_at")[:MAX_REPLIES]


REPLIES = PreparedQuery(_replies)


def _visible_records(user, patient: str, *, at: dt.datetime) -> Q:
    """Rows whose patient, at the lookup path `patient`, this person may open."""
    named = PatientAccess.objects.open_to(user, at=at).values("patient")
    return Q(**{f"{patient}__restricted_at": None}) | Q(**{f"{patient}__in": named})
