"""Whether a signed note may be co-signed now, by this person, and until when it should be."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from treatments.rules.signing import supervision


class Cosigner(NamedTuple):
    """Who supervises now. `is_stand_in`: not the one whom the sealed text names."""

    pk: int | None
    name: str
    is_stand_in: bool = False


@dataclass(frozen=True)
class CosigningFacts:
    """A note as its co-signature sees it. `missing` is what the supervisor lacked on the session's day."""

    state: str
    by: int
    supervisor: int | None = None
    supervisor_name: str = ""
    cosigned_by: str = ""
    in_error: bool = False
    agrees: bool = True
    missing: tuple[Reason, ...] = ()


def reasons(facts: CosigningFacts) -> list[Reason]:
    """Every reason against it at once."""
    return [
        *_note_reasons(facts),
        *_supervisor_reasons(facts),
        *(
            [
                Reason(
                    "already-co-signed",
                    _("%(cosigned_by)s has co-signed it.") % {"cosigned_by": facts.cosigned_by},
                )
            ]
            if facts.cosigned_by
            else []
        ),
    ]


def due_at(signed_at: dt.datetime, *, days: int) -> dt.datetime:
    return signed_at + dt.timedelta(days=days)


def is_late(signed_at: dt.datetime, *, now: dt.datetime, days: int) -> bool:
    return now > due_at(signed_at, days=days)


def cosigner_of(session) -> Cosigner:
    """The supervisor of the note, or who stands in. `session` comes from `with_note_rows`."""
    changes = supervision.changes_of(session.note_supervisors)
    if changes:
        newest = changes[-1]
        return Cosigner(newest.supervisor, newest.supervisor_name, newest.supervisor != session.supervisor_id)
    return Cosigner(session.supervisor_id, session.supervisor.display_name if session.supervisor else "")


def waits(session) -> bool:
    """Whether somebody is to co-sign it. `session` comes from `with_note_rows`."""
    later = [getattr(session, name, None) for name in ("cosignature", "error_mark")]
    return bool(session.signed_at and session.supervisor_id and not any(later))


def _note_reasons(facts: CosigningFacts) -> list[Reason]:
    found = []
    if facts.state != "signed":
        found.append(
            Reason("not-signed", _("A co-signature follows the author's, and the author has not signed."))
        )
    if facts.in_error:
        found.append(Reason("in-error", _("It is marked as entered in error. Such a note is not co-signed.")))
    if not facts.agrees:
        message = _("It differs from what its author signed. Open the note; it says whom to tell.")
        found.append(Reason("note-differs", message))
    return found


def _supervisor_reasons(facts: CosigningFacts) -> list[Reason]:
    if facts.supervisor is None:
        return [Reason("no-supervisor", _("No supervisor is named on it, so nobody co-signs it."))]
    if facts.supervisor != facts.by:
        return [
            Reason(
                "not-the-supervisor",
                _("%(supervisor_name)s is named as supervisor and co-signs it.")
                % {"supervisor_name": facts.supervisor_name},
            )
        ]
    if not facts.missing:
        return []
    missing = " ".join(str(reason.message) for reason in facts.missing)
    message = _("You were not qualified to supervise on the day of the session. %(missing)s") % {
        "missing": missing
    }
    return [Reason("not-qualified", message)]
