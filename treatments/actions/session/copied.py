"""Copied values are confirmed, each as a change of its own that leaves the value as it is."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic import audit
from clinic.values import errors
from clinic.values.errors import Reason
from treatments.actions.session import draft_events
from treatments.actions.session.draft_events import Stamp
from treatments.models import DraftEvent
from treatments.rules.session import copied
from treatments.rules.sites import origins

NONE_CHOSEN = Reason("nothing-confirmed", _("Tick what is true of this patient."), field="values")


@transaction.atomic
def confirm(session, *, by, versions: Iterable[int]) -> int:
    """Confirm the copies of these numbers. One that was changed since is no copy and is passed over."""
    locked = draft_events.lock_with_parts(session, by=by, stamp=Stamp())
    waiting = {event.version for event in copied.unconfirmed_events(locked.draft)}
    chosen = waiting & set(versions)
    errors.refuse([] if chosen else [NONE_CHOSEN])

    rows = DraftEvent.objects.filter(session=locked.row, pk__in=chosen).order_by("pk")
    client_id = uuid.uuid4()
    confirmed = [
        _confirmation(locked.row, row, Stamp(client_id, seq, row.pk, DraftEvent.Origin.CONFIRMED), by=by)
        for seq, row in enumerate(rows, start=1)
    ]
    draft_events.write_all(locked, confirmed)

    changes = {"values": [None, len(confirmed)]}
    audit.record("session.copies_confirmed", locked.row, by=by, patient=locked.row.patient, changes=changes)
    return len(confirmed)


def _confirmation(session, row: DraftEvent, stamp: Stamp, *, by) -> DraftEvent:
    """The copy once more, now with who confirmed it. A site's values name their origin each."""
    old = new = row.new
    if isinstance(row.new, dict):
        old = {name: value for name, value in row.new.items() if name != "origins"}
        new = {**old, "origins": dict.fromkeys(row.new["origins"], origins.CONFIRMED)}
    return draft_events.event_of(
        session, stamp, by=by, name=row.field, part=row.part, site_key=row.site_key, old=old, new=new
    )
