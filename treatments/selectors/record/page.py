"""The record page: the patient, the sessions and the conditions."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from clinic.access import Permission, may
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from patients.models import Patient, PatientCondition
from patients.selectors import banner
from treatments.rules.record.page import SessionsPage
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


def sessions(patient: Patient, *, before: str) -> SessionsPage:
    """The newest twenty, or twenty before the session with that reference."""
    treatments = patient_sessions.page_of_treatments(patient, before=before, at_most=SHOWN + 1)
    shown = treatments[:SHOWN]
    return SessionsPage(shown, older=shown[-1].ref if len(treatments) > SHOWN else "")


def conditions(patient: Patient) -> list[PatientCondition]:
    """The open conditions, the newest first, then the resolved ones."""
    return sorted(CONDITIONS(patient=patient.pk), key=_open_first)


CONDITIONS = PreparedQuery(
    lambda patient: PatientCondition.objects.filter(episode__patient=patient).select_related(
        "condition", "variant", "episode"
    )
)


def _open_first(row: PatientCondition) -> tuple:
    return row.resolved_at is not None, -row.pk
