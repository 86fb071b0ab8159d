"""The whole chart for paper: every session with its note in one statement, the patient with their lists."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from clinic.models.rows import RelatedRows
from patients.models import Allergy, Coverage, Episode, Medication, Patient, Referral, RelatedPerson
from patients.selectors import banner, notices
from treatments.models import Measurement, NeedleSite, NeedlingSession
from treatments.rules.record import printing
from treatments.rules.record.patient_sessions import Merged
from treatments.rules.signing.reading import Note
from treatments.selectors.record import patient_sessions
from treatments.selectors.signing import reading, seal

EPISODE = ("access", "opened_on", "visits_before", "target_visits", "discharged_at", "summary")
REFERRAL = ("by_whom", "profession", "diagnosis", "given_on", "expires_on", "for_dry_needling")
PERSON = ("kind", "name", "relationship", "phone")
COVERAGE = ("kind", "payer", "member_id", "noted_at", "ended_at")
ALLERGY = ("substance", "reaction", "noted_at", "ended_at")
MEDICATION = ("name", "dose", "thins_blood", "noted_at", "ended_at")


def patient(user: User, ref: str) -> Patient | None:
    """The patient with the lists of their chart, what ended included, if the record is open to this user."""
    return CHART.one(user=user.pk, at=timezone.now(), ref=ref)


def _chart(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return banner.with_risk_flags(Patient.objects.visible_to(User(pk=user), at=at).filter(ref=ref)).annotate(
        people_rows=_rows(RelatedPerson.objects.filter(ended_at=None).order_by("pk"), PERSON),
        chart_coverages=_rows(Coverage.objects.order_by("pk"), COVERAGE),
        chart_notices=notices.rows(),
        chart_episodes=_rows(Episode.objects.order_by("opened_on", "pk"), EPISODE),
        chart_referrals=_rows(Referral.objects.order_by("given_on", "pk"), REFERRAL),
        chart_allergies=_rows(Allergy.objects.order_by("pk"), ALLERGY),
        chart_medications=_rows(Medication.objects.order_by("pk"), MEDICATION),
    )


def sessions(patient: Patient, *, merged: Merged) -> list[NeedlingSession]:
    """All sessions with their notes, the oldest first; those of the `merged` records too."""
    rows = SESSIONS(patient=patient.pk, merged=tuple(merged) or None)
    return [reading.with_people(row) for row in reversed(rows)]


def _sessions(patient: int, merged: tuple[int, ...] | None) -> QuerySet:
    rows = reading.with_paper_rows(reading.with_note_rows(patient_sessions.sessions_of(patient, merged)))
    return rows.annotate(site_muscles=_muscles(NeedleSite), measured_muscles=_muscles(Measurement))


def notes(rows: list[NeedlingSession]) -> Iterator[tuple[NeedlingSession, Note]]:
    """Each session with its note: out of the seal, or out of the rows where no seal can be read."""
    for session in rows:
        yield session, printing.note_of(session, seal.locked_values(session))


def _rows(rows: QuerySet, columns: tuple[str, ...]) -> RelatedRows:
    return RelatedRows(rows.filter(patient=OuterRef("pk")), **{name: name for name in columns})


def _muscles(model: type[NeedleSite] | type[Measurement]) -> RelatedRows:
    parts = model.objects.filter(session=OuterRef("pk"), muscle__isnull=False)
    return RelatedRows(parts, pk="muscle", code="muscle__code", name="muscle__name")


CHART = PreparedQuery(_chart)
SESSIONS = PreparedQuery(_sessions)
