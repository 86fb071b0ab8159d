"""The call list as a file: what its page shows of each call, and the phone to call."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from clinic import formats
from treatments.rules.followups.calls import Call

HEAD = (
    _("Step"), _("Due"), _("Patient"), _("Reference"), _("Phone"), _("Therapist"), _("Now with"),
    _("Why on this list"),
)  # fmt: skip
# Only for readers of charts, as on the page.
TREATED = _("Treated")


def table(calls: Iterable[Call], *, reads: bool) -> tuple[tuple, Iterator[list]]:
    return (*HEAD, TREATED) if reads else HEAD, (_cells(call, reads=reads) for call in calls)


def _cells(call: Call, *, reads: bool) -> list:
    patient, session = call.patient, call.followup.session
    cells = [
        call.due, formats.moment(call.followup.due_at), patient.listed_name, patient.ref, patient.phone,
        session.therapist.display_name, call.now_with, call.why,
    ]  # fmt: skip
    return [*cells, call.treated] if reads else cells
