"""A merged record can still be read, but nothing new is written into it.

What was under way before may be finished: a visit, a draft and its calls, a copy of a consent.
"""

from django.utils.translation import gettext as _

from clinic.values.addresses import reverse
from clinic.values.errors import Reason
from patients.models import LikelyPair, Patient
from patients.rules.identity.likeness import Likeness


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


def apart_reasons(reason: str) -> list[Reason]:
    if reason.strip():
        return []
    message = _("Say why they are different people, such as “Twins” or “Father and son”.")
    return [Reason("apart-reason-missing", message, field="reason")]


def pair_lines(pair: LikelyPair, likeness: Likeness) -> dict:
    """Two records as the list of possible duplicates shows them, with what they have in common."""
    return {
        "people": (pair.one, pair.other),
        "why": ", ".join(map(str, likeness.same)).capitalize(),
        "before": likeness.before,
        "found_at": pair.found_at,
        "apart_url": reverse("patients:duplicate-apart", args=[pair.one.ref, pair.other.ref]),
    }
