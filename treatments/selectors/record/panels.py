"""A patient with what the record page shows beside the sessions, in one statement."""

import datetime as dt

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from clinic.models import User
from clinic.models.rows import RelatedRows
from patients.models import Consent, Coverage, Episode, Referral, RelatedPerson, Screening, Visit
from patients.selectors import retention, state_duties
from treatments.models import NeedleSite, NeedlingSession

SHOWN = 5


def with_record_panels(
    patients: QuerySet, *, user: User, midnight: dt.datetime, reads_chart: bool
) -> QuerySet:
    """Patients annotated with all that the panels show, and with the user's own draft."""
    of_patient = {"patient": OuterRef("pk")}
    sessions = NeedlingSession.objects.counted().filter(**of_patient).order_by()
    finished = NeedlingSession.objects.finished().filter(**of_patient).order_by()
    drafts = NeedlingSession.objects.drafts().written_by(user).filter(**of_patient)
    return retention.with_last_encounter(patients).annotate(
        **_contact_and_episode(of_patient),
        **_screenings_and_consents(of_patient),
        **state_duties.duty_rows(OuterRef("pk")),
        ahead_rows=_visits(Visit.objects.filter(booked_for__gte=midnight).order_by("booked_for")),
        past_rows=_visits(_past_visits(midnight, reads_chart).order_by("-booked_for")),
        session_count=_number_of(sessions),
        finished_count=_number_of(finished),
        my_draft=Subquery(drafts.values("ref")[:1]),
    )


def _number_of(sessions: QuerySet) -> Coalesce:
    return Coalesce(Subquery(sessions.values("patient").annotate(n=Count("pk")).values("n")), 0)


def _contact_and_episode(of_patient: dict) -> dict[str, RelatedRows]:
    people = RelatedPerson.objects.filter(**of_patient, ended_at=None).order_by("pk")
    coverages = Coverage.objects.filter(**of_patient, ended_at=None).order_by("pk")
    referrals = Referral.objects.filter(**of_patient)[:SHOWN]
    return {
        "people_rows": RelatedRows(
            people, kind="kind", name="name", relationship="relationship", phone="phone"
        ),
        "coverage_rows": RelatedRows(coverages, kind="kind", payer="payer"),
        "referral_rows": RelatedRows(
            referrals, by_whom="by_whom", given_on="given_on", expires_on="expires_on"
        ),
        "episode_rows": RelatedRows(
            Episode.objects.open().filter(**of_patient),
            access="access",
            opened_on="opened_on",
            target_visits="target_visits",
            visits_before="visits_before",
            certified_until="certified_until",
            made=_visits_made(),
        ),
    }


def _visits_made() -> Coalesce:
    """The visits with a session in the episode, counted as the number of a visit is."""
    sessions = NeedlingSession.objects.counted().filter(episode=OuterRef("pk"), error_mark=None).order_by()
    return Coalesce(
        Subquery(sessions.values("episode").annotate(n=Count("visit", distinct=True)).values("n")), 0
    )


def _screenings_and_consents(of_patient: dict) -> dict[str, RelatedRows]:
    return {
        "screening_rows": RelatedRows(
            Screening.objects.filter(**of_patient)[:SHOWN],
            pk="pk",
            kind="kind",
            taken_at="taken_at",
            level=Case(When(decided_level="", then="computed_level"), default="decided_level"),
            reviewed_at="reviewed_at",
            reviewer="reviewed_by__first_name",
        ),
        "consent_rows": RelatedRows(
            Consent.objects.filter(**of_patient)[:SHOWN],
            pk="pk",
            method="method",
            given_at="given_at",
            refused_at="refused_at",
            expires_on="expires_on",
            withdrawn="withdrawal__pk",
        ),
    }


def _past_visits(midnight: dt.datetime, reads_chart: bool) -> QuerySet:
    """Readers of the chart find visits with a note among the sessions."""
    past = Visit.objects.filter(booked_for__lt=midnight)
    noted = NeedlingSession.objects.counted().filter(visit=OuterRef("pk"))
    return past.exclude(Exists(noted)) if reads_chart else past


def _visits(rows: QuerySet) -> RelatedRows:
    stamps = ("arrived_at", "roomed_at", "left_at", "cancelled_at", "missed_at")
    return RelatedRows(
        rows.filter(patient=OuterRef("pk"))[:SHOWN],
        pk="pk",
        ref="ref",
        at="booked_for",
        kind="kind",
        therapist="therapist__first_name",
        therapist_pk="therapist_id",
        **{stamp: stamp for stamp in stamps},
        **_sessions_of_visit(),
    )


def _sessions_of_visit() -> dict[str, Exists]:
    """Whether the visit has a note, one that is still written, and needles that are in."""
    sessions = NeedlingSession.objects.counted().filter(visit=OuterRef("pk"))
    needles = NeedleSite.objects.with_needles_in().filter(session__visit=OuterRef("pk"))
    return {
        "noted": Exists(sessions),
        "unfinished": Exists(sessions.filter(ended_at=None, signed_at=None, closed_unsigned_at=None)),
        "needles": Exists(needles),
    }
