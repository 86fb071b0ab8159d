"""The record page: the patient, the sessions and the conditions."""

from clinic.models import User
from patients.models import Patient, PatientCondition
from patients.selectors import banner
from treatments.rules.record.page import SessionsPage
from treatments.selectors.record import panels, patient_sessions

SHOWN = 20


def patient_visible_to(user: User, ref: str) -> Patient | None:
    """The patient with what the banner and the panels show."""
    patients = panels.with_record_panels(Patient.objects.visible_to(user), user=user)
    return banner.with_risk_flags(patients).filter(ref=ref).first()


def sessions(patient: Patient, *, before: str) -> SessionsPage:
    """The newest twenty, or twenty before the session with that reference."""
    rows = patient_sessions.sessions_of(patient)
    rows = patient_sessions.older_sessions(rows, before) if before else rows
    treatments = patient_sessions.treatments_of(rows[: SHOWN + 1])
    shown = treatments[:SHOWN]
    return SessionsPage(shown, older=shown[-1].ref if len(treatments) > SHOWN else "")


def conditions(patient: Patient) -> list[PatientCondition]:
    """The open conditions, the newest first, then the resolved ones."""
    rows = PatientCondition.objects.filter(episode__patient=patient).select_related(
        "condition", "variant", "episode"
    )
    return sorted(rows, key=_open_first)


def _open_first(row: PatientCondition) -> tuple:
    return row.resolved_at is not None, -row.pk
