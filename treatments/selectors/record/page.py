"""The record page: the patient, the sessions and the conditions."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.access import Permission, may
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from patients.models import Episode, Patient, PatientCondition
from patients.selectors import banner
from treatments.rules.record.page import SessionsPage
from treatments.rules.record.patient_sessions import Merged
from treatments.selectors.followups import red_flags
from treatments.selectors.record import panels, patient_sessions

SHOWN = 20


def patient_visible_to(user: User, ref: str) -> Patient | None:
    """The patient with what the banner and the panels show."""
    now = timezone.now()
    return VISIBLE.one(
        user=user.pk,
        ref=ref,
        at=now,
        midnight=timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0),
        reads_chart=may(user, Permission.CHART_VIEW),
    )


def _visible(user: int, ref: str, at: dt.datetime, midnight: dt.datetime, reads_chart: bool) -> QuerySet:
    reader = User(pk=user)
    patients = panels.with_record_panels(
        Patient.objects.visible_to(reader, at=at), user=reader, midnight=midnight, reads_chart=reads_chart
    )
    with_signs = banner.with_risk_flags(patients).annotate(
        waiting_signs=red_flags.waiting_of_patient(), sign_names=red_flags.sign_names()
    )
    return with_signs.filter(ref=ref)


VISIBLE = PreparedQuery(_visible)


def sessions(patient: Patient, *, before: str, merged: Merged) -> SessionsPage:
    """The newest twenty, or twenty before the session with that reference; of the `merged` records too."""
    treatments = patient_sessions.page_of_treatments(patient, before=before, at_most=SHOWN + 1, merged=merged)
    shown = treatments[:SHOWN]
    return SessionsPage(shown, older=shown[-1].ref if len(treatments) > SHOWN else "")


def conditions(patient: Patient, *, merged: Merged) -> list[PatientCondition]:
    """The open conditions, the newest first, then the resolved ones; of the `merged` records too."""
    return sorted(CONDITIONS(patient=patient.pk, merged=tuple(merged) or None), key=_open_first)


def _conditions(patient: int, merged: tuple[int, ...] | None) -> QuerySet:
    of_patient = Q(episode__patient=patient)
    of_person = of_patient | Q(episode__patient__among=merged) if merged else of_patient
    return PatientCondition.objects.filter(of_person).select_related("condition", "variant", "episode")


CONDITIONS = PreparedQuery(_conditions)


def open_merged(patient: Patient, *, user: User) -> dict[int, str]:
    """{key: reference} of the records merged into this one that are open to this user.

    `patient` with its risk flags, which say whether there is any: no statement where there is none.
    """
    if not patient.banner_merged:
        return {}
    return dict(OPEN_MERGED(patient=patient.pk, user=user.pk, at=timezone.now()))


def _open_merged(patient: int, user: int, at: dt.datetime) -> QuerySet:
    records = Patient.objects.visible_to(User(pk=user), at=at).filter(merged_into=patient)
    return records.order_by("merged_at", "pk").values_list("pk", "ref")


OPEN_MERGED = PreparedQuery(_open_merged)


def merged_episodes(merged: Merged) -> list[dict]:
    """The episodes of the merged records, the newest first, each with the reference of its record."""
    if not merged:
        return []
    rows = EPISODES(people=tuple(merged))
    return [{"record_ref": merged[row.patient_id], "episode": row} for row in rows]


EPISODES = PreparedQuery(
    lambda people: Episode.objects.filter(patient__among=people).order_by("-opened_on", "-pk")
)


def _open_first(row: PatientCondition) -> tuple:
    return row.resolved_at is not None, -row.pk
