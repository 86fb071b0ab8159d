"""Whether a note and the adverse events on file say the same: neither may contradict the other."""

from django.utils.translation import gettext as _

from clinic.values.addresses import reverse
from clinic.values.errors import Reason
from treatments.models import NeedlingSession
from treatments.rules.adverse_events.event import SERIOUS, EventOnFile

Tolerance = NeedlingSession.Tolerance


def reasons(ref: str, tolerance: str, events: tuple[EventOnFile, ...]) -> list[Reason]:
    """What stops the signature of this session; `tolerance` is blank where none is chosen."""
    says_event = tolerance == Tolerance.EVENT
    if says_event and not events:
        url = reverse("treatments:adverse-event", args=[ref])
        message = _("An adverse event is noted, and its details are missing.")
        return [
            Reason(
                "adverse-event-missing", message, field="tolerance", url=url, way_out=_("Record the event")
            )
        ]
    unsaid = [event for event in events if _is_unsaid(event, tolerance)]
    if says_event or not unsaid:
        return []
    listed = "; ".join(event.label for event in unsaid)
    message = _(
        "On file for this session: %(listed)s. The note says “%(tolerance)s”. Choose "
        "“Adverse event”, or mark the entry as entered in error."
    ) % {"listed": listed, "tolerance": Tolerance(tolerance).label}
    url = f"{reverse('treatments:session', args=[ref])}#div_id_tolerance"
    way_out = _("Correct how it was tolerated")
    return [Reason("adverse-event-unsaid", message, field="tolerance", url=url, way_out=way_out)]


def _is_unsaid(event: EventOnFile, tolerance: str) -> bool:
    """A serious event is an adverse event in the note; of a lesser one it may say sore, faint or stopped."""
    return tolerance == Tolerance.WELL or (bool(tolerance) and event.severity >= SERIOUS)
