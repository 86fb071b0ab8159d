"""How a draft is changed: locked, compared with what its writer saw, and written down change by change."""

import uuid
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Case, IntegerField, Q, When

from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from treatments.models import DraftEvent, NeedlingSession
from treatments.rules.session import draft_parts
from treatments.selectors.session import draft_rows


@dataclass(frozen=True)
class Stamp:
    """What a client says of its request. The same client and number twice is the same request.

    None stands for every number of a form that is sent as a whole.
    """

    client_id: uuid.UUID = field(default_factory=uuid.uuid4)
    seq: int | None = 1
    base_version: int = 0
    origin: str = DraftEvent.Origin.TYPED


class Conflict(StaleRecord):
    """The field has a newer version than the one that the change was based on."""

    def __init__(self, event: DraftEvent, mine):
        super().__init__(
            "Somebody changed this while you had it open.", theirs=str(event.new), mine=str(mine)
        )
        self.event = event


def lock(session, *, by) -> NeedlingSession:
    """The draft, locked until the transaction ends. Refuses a session that is closed, or somebody else's."""
    rows = NeedlingSession.objects.select_for_update(of=("self",))
    return _open(rows.select_related("patient", "location", "jurisdiction").get(pk=session.pk), by=by)


def lock_whole(session, *, by, stamp: Stamp) -> NeedlingSession:
    """The same with all its parts, as they stand under the lock, so that its page can be told at once.

    They are read in a second question: PostgreSQL reads the row anew after it has waited for a lock, and
    everything else as it stood before. On SQLite whoever writes has been alone since the transaction began.
    """
    if connection.features.has_select_for_update:
        NeedlingSession.objects.select_for_update(of=("self",)).values_list("pk").get(pk=session.pk)
    return _open(draft_rows.heard(session.pk, client_id=stamp.client_id, seq=stamp.seq), by=by)


def locked_reasons(session) -> list[Reason]:
    """Why nobody writes in it any more; none for a draft."""
    if session.is_draft:
        return []
    words = {
        "signed": "signed meanwhile. Nothing in it can be changed; add an addendum.",
        "voided": "voided meanwhile. Nothing in it can be changed.",
        "closed": "closed without a signature meanwhile. Nothing in it can be changed; add an addendum.",
    }
    return [Reason("session-locked", f"This session was {words[session.state]}")]


def seen(draft, stamp: Stamp, *, name: str, part: str = "", site_key=None) -> tuple:
    """(the event of this very request or None, the newest event of the field or None) in one question."""
    if _says_nothing_against(draft, stamp, (name, part, draft_parts.site_key(site_key))):
        return None, None
    same = Q(client_id=stamp.client_id, seq=stamp.seq)
    about = Q(field=name, part=part, site_key=site_key)
    events = DraftEvent.objects.select_related("by").filter(same | about, session=draft)
    first_same = Case(When(same, then=1), default=0, output_field=IntegerField())
    rows = list(events.annotate(is_same=first_same).order_by("-is_same", "-pk")[:2])
    repeated = rows.pop(0) if rows and rows[0].is_same else None
    if repeated is not None and (repeated.field, repeated.part, repeated.site_key) != (name, part, site_key):
        # one number for two things: taking it for a repetition would lose the second one in silence
        errors.refuse([Reason("number-used", "This page is out of date. Open it again.")])
    return repeated, rows[0] if rows else None


def compare(newest: DraftEvent | None, stamp: Stamp, new) -> None:
    """Refuse a change that was based on an older version, unless it says the same."""
    if newest is None or newest.pk == stamp.base_version or newest.new == new:
        return
    raise Conflict(newest, new)


def write(
    draft, stamp: Stamp, *, by, name, part="", site_key=None, old=None, new=None, adopted_from=None
) -> DraftEvent:
    said = {"old": old, "new": new, "adopted_from": adopted_from}
    event = event_of(draft, stamp, by=by, name=name, part=part, site_key=site_key, **said)
    return write_all(draft, [event])[0]


def event_of(draft, stamp: Stamp, *, by, name, part="", site_key=None, **said) -> DraftEvent:
    asked = {"client_id": stamp.client_id, "seq": stamp.seq, "base_version": stamp.base_version}
    about = {"field": name, "part": part, "site_key": site_key}
    return DraftEvent(session=draft, origin=stamp.origin, by=by, **asked, **about, **said)


def write_all(draft, events: list[DraftEvent]) -> list[DraftEvent]:
    """Write changes down in their order. A draft that was locked with its parts knows them from then on."""
    DraftEvent.objects.bulk_create(events)
    if hasattr(draft, "part_versions"):
        draft.part_versions += [
            {"field": event.field, "part": event.part, "key": event.site_key, "version": event.pk}
            for event in events
        ]
    return events


def _open(draft: NeedlingSession, *, by) -> NeedlingSession:
    errors.refuse(locked_reasons(draft))
    if by.pk not in (draft.therapist_id, draft.supervisor_id):
        message = "Only the author of this draft, and the supervisor named on it, may write in it."
        errors.refuse([Reason("not-your-draft", message)])
    return draft


def keep(row, *names: str) -> None:
    """Write these columns of a row of the draft; whoever holds the draft need not ask if it is locked."""
    type(row).objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names})


def _says_nothing_against(draft, stamp: Stamp, about: tuple[str, str, str]) -> bool:
    """Whether a draft that was locked with its parts knows this request for new, and based on what stands."""
    if not hasattr(draft, "has_heard") or draft.has_heard:
        return False
    return draft_parts.versions(draft).get(about, 0) in (0, stamp.base_version)
