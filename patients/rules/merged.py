"""A merged record can still be read, but nothing new is written into it.

What was under way before may be finished: a visit, a draft and its calls, a copy of a consent.
"""

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from patients.models import Patient


def reasons(patient: Patient) -> list[Reason]:
    survivor = patient.merged_into
    if survivor is None:
        return []
    message = _("This record was merged into %(ref)s. Open that one and write there.") % {"ref": survivor.ref}
    return [
        Reason(
            "merged",
            message,
            url=survivor.get_absolute_url(),
            way_out=_("Open %(ref)s") % {"ref": survivor.ref},
        )
    ]
