"""Reasons against an addendum to a locked note, and against closing a draft without a signature."""

from django.utils.translation import gettext as _

from clinic.values.errors import Reason


def addendum_reasons(note, *, reason: str, text: str) -> list[Reason]:
    found = []
    if note.state not in ("signed", "closed"):
        found.append(
            Reason(
                "not-locked", _("An addendum belongs to a note that is signed or closed. Write in the draft.")
            )
        )
    if not text.strip():
        found.append(Reason("text-missing", _("Write what is to be added."), field="text"))
    if not reason.strip():
        found.append(Reason("reason-missing", _("Say why it is added."), field="reason"))
    return found


def close_reasons(reason: str, *, still_in, needles_checked: bool) -> list[Reason]:
    found = []
    if not reason.strip():
        message = _("Say why the draft is closed without a signature.")
        found.append(Reason("reason-missing", message, field="reason"))
    if still_in and not needles_checked:
        sites = ", ".join(str(site.number) for site in still_in)
        message = _(
            "Needles are noted as still in (site %(sites)s). Ask the therapist or call the patient, "
            "and tick the box once you know that none is left."
        ) % {"sites": sites}
        found.append(Reason("needles-still-in", message, field="needles_checked"))
    return found
