"""Reasons against checking a patient out, or against undoing a step of a visit."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.values.errors import Reason


def needle_reasons(count: int) -> list[Reason]:
    if not count:
        return []
    message = ngettext(
        "%(count)d needle is still in this patient by the session's record. Take them out and note it, "
        "then check them out.",
        "%(count)d needles are still in this patient by the session's record. Take them out and note it, "
        "then check them out.",
        count,
    ) % {"count": count}
    return [Reason("needles-in", message)]


def session_reasons(has_session: bool) -> list[Reason]:
    if not has_session:
        return []
    message = _("A session stands for this visit. The therapist voids it first if it was opened by mistake.")
    return [Reason("session-stands", message)]
