"""What keeps a patient from leaving, or a step of a visit from being taken back."""

from django.db.models import Sum

from clinic.values.errors import Reason
from treatments.models import NeedleSite, NeedlingSession


def on_visit(visit, verb: str) -> list[Reason]:
    """Reasons against a step of a visit; patients.actions.visits asks."""
    if verb == "left":
        return needle_reasons(needles_in(visit))
    if verb == "take-back-arrived":
        standing = NeedlingSession.objects.counted().filter(visit=visit)
        return session_reasons(standing.exists())
    return []


def needles_in(visit) -> int:
    sites = NeedleSite.objects.with_needles_in().filter(session__visit=visit, session__voided_at=None)
    return sites.aggregate(n=Sum("needles"))["n"] or 0


def needle_reasons(count: int) -> list[Reason]:
    if not count:
        return []
    said = "1 needle is" if count == 1 else f"{count} needles are"
    message = f"{said} still in this patient by the session's record."
    return [Reason("needles-in", f"{message} Take them out and note it, then mark them left.")]


def session_reasons(has_session: bool) -> list[Reason]:
    if not has_session:
        return []
    message = "A session stands for this visit. The therapist voids it first if it was opened by mistake."
    return [Reason("session-stands", message)]
