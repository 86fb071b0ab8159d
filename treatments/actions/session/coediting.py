"""An open page reports that it is there, or that it closes. No row of the record is changed."""

import datetime as dt

from treatments.models import DraftPresence
from treatments.rules.session import coediting


def record_page(session, *, by, client_id, now: dt.datetime) -> None:
    """Record this page. A page's first report also removes pages that closed without a report."""
    if not session.knows_page:
        DraftPresence.objects.filter(seen_at__lt=now - coediting.PAGE_TIMEOUT).delete()
    DraftPresence.objects.bulk_create(
        [DraftPresence(session=session, client_id=client_id, user=by, seen_at=now)],
        update_conflicts=True,
        unique_fields=["session", "client_id"],
        update_fields=["user", "seen_at"],
    )


def remove_page(session, *, client_id) -> None:
    DraftPresence.objects.filter(session=session, client_id=client_id).delete()
