"""A record that was merged into another one is still read, and nothing new is written into it."""

from clinic.errors import Reason
from patients.models import Patient

MESSAGE = "This record was joined with another one. Open that one and write there."


def reasons(patient: Patient) -> list[Reason]:
    return [Reason("merged", MESSAGE)] if patient.merged_into_id else []
