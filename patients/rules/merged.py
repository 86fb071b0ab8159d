"""A record that was merged into another one is still read, and nothing new is written into it.

What was begun before may end: a visit under way, a draft and its calls, a copy of a sheet that is there.
"""

from clinic.values.errors import Reason
from patients.models import Patient


def reasons(patient: Patient) -> list[Reason]:
    standing = patient.merged_into
    if standing is None:
        return []
    message = f"This record was joined with {standing.ref}. Open that one and write there."
    return [Reason("merged", message, url=standing.get_absolute_url(), way_out=f"Open {standing.ref}")]
