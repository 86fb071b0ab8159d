"""The open episode of care of a patient."""

from patients.models import Episode, Patient


def open_episode(patient: Patient) -> Episode | None:
    return patient.episodes.open().select_related("referral").first()
