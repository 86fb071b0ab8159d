"""A merged record can still be read, but nothing new is written into it.

What was under way before may be finished: a visit, a draft and its calls, a copy of a consent.
"""

from clinic.values.errors import Reason
from patients.models import Patient


def reasons(patient: Patient) -> list[Reason]:
    survivor = patient.merged_into
    if survivor is None:
        return []
    message = f"This record was merged into {survivor.ref}. Open that one and write there."
    return [Reason("merged", message, url=survivor.get_absolute_url(), way_out=f"Open {survivor.ref}")]
