"""What the record page reads of sessions and conditions."""

from clinic.models import User
from patients.models import Patient, PatientCondition
from patients.selectors import banner
from treatments.rules.record.page import SessionsPage
from treatments.selectors.record import panels, patient_sessions

SHOWN = 20


def patient_visible_to(user: User, ref: str) -> Patient | None:
    """The patient with the strip and the panels beside the page."""
    patients = panels.with_record_panels(Patient.objects.visible_to(user), user=user)
    return banner.with_risk_flags(patients).filter(ref=ref).first()


def sessions(patient: Patient, *, before: str) -> SessionsPage:
    """The newest twenty, or twenty before the session with that reference."""
    found = patient_sessions.sessions_of(patient)
    found = patient_sessions.older_sessions(found, before) if before else found
    read = patient_sessions.treatments_of(found[: SHOWN + 1])
    shown = read[:SHOWN]
    return SessionsPage(shown, older=shown[-1].ref if len(read) > SHOWN else "")


def conditions(patient: Patient) -> list[PatientCondition]:
    """What stands first, the newest first, then what was resolved."""
    rows = PatientCondition.objects.filter(episode__patient=patient).select_related("condition", "variant")
    return sorted(rows, key=_standing_first)


def _standing_first(row: PatientCondition) -> tuple:
    return row.resolved_at is not None, -row.pk
