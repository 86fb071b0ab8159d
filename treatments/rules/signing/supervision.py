"""Another supervisor: who takes a draft over, or co-signs a note, in whose place, and what is against it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.models.rows import instant
from clinic.values.errors import Reason


@dataclass(frozen=True)
class Change:
    """Names as they were when it was changed."""

    supervisor: int
    supervisor_name: str
    instead_of_name: str
    reason: str
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class Successor:
    """Who is to take it over. `missing` is what they lacked on the day of the session."""

    pk: int
    name: str
    is_author: bool
    may_cosign: bool
    may_open: bool
    missing: tuple[Reason, ...] = ()


def changes_of(rows: Iterable[dict]) -> list[Change]:
    """The oldest first."""
    return [Change(**{**row, "at": instant(row["at"])}) for row in rows]


def after_signature(changes: Iterable[Change], *, signed_at: dt.datetime | None) -> list[Change]:
    """Those that the sealed text does not know."""
    return [change for change in changes if signed_at is not None and change.at >= signed_at]


def note_reasons(session, *, in_error: bool) -> list[Reason]:
    """Why nobody can take this one over."""
    if session.supervisor_id is None:
        return [Reason("no-supervisor", _("No supervisor is named on it, so there is nobody to replace."))]
    if in_error:
        return [Reason("in-error", _("It is marked as entered in error. Such a note is not co-signed."))]
    if session.state not in ("draft", "signed"):
        return [Reason("ended", _("This draft has ended without a signature. Nobody co-signs it."))]
    return []


def reasons(to: Successor, *, now: int | None, reason: str) -> list[Reason]:
    """What is against this successor. `now` is the supervisor who would be replaced."""
    found = [Reason("successor-refused", sentence, field="to") for sentence in _sentences(to, now)]
    if not reason.strip():
        found.append(Reason("reason-missing", _("Say why somebody else supervises."), field="reason"))
    return found


def _sentences(to: Successor, now: int | None) -> list[str]:
    name = {"name": to.name}
    if to.pk == now:
        return [_("%(name)s is the supervisor already. Choose somebody else.") % name]
    if to.is_author:
        return [_("%(name)s wrote it, and nobody co-signs their own note. Choose somebody else.") % name]
    found = [] if to.may_cosign else [_("%(name)s has no role that co-signs. Choose somebody else.") % name]
    if not to.may_open:
        message = _("The record is restricted and %(name)s is not named on it. Have them named first.")
        found.append(message % name)
    return [*found, *(str(reason.message) for reason in to.missing)]
