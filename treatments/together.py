"""Two at one draft: who else has it open, and what other pages changed since this one last asked."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import get_text_list

from treatments import fields
from treatments.models import DraftEvent, DraftPresence, Override

# A page asks every 15 seconds; three questions that did not come, and it is taken for closed.
GONE_AFTER = dt.timedelta(seconds=45)
SITE_PARTS = ("sites", "figures", "foot-facts", "plan")
# What else on the page shows a field: what the foot says, what the rows and the session ask.
PART_OF = {
    **dict.fromkeys(("needles_out", "started_at", "ended_at", "billing_code"), "foot-facts"),
    "other_care": "sites",
}


def others(session, *, client_id, now: dt.datetime) -> list[DraftPresence]:
    """The other pages that have this draft open."""
    here = DraftPresence.objects.filter(session=session, seen_at__gte=now - GONE_AFTER)
    return list(here.exclude(client_id=client_id).select_related("user").order_by("pk"))


def words(rows: list[DraftPresence], *, user) -> str:
    """Who else, in a sentence, or nothing."""
    names = list(dict.fromkeys(row.user.short_name for row in rows if row.user_id != user.pk))
    if names:
        verb = "has" if len(names) == 1 else "have"
        return f"{get_text_list(names, 'and')} {verb} this draft open too"
    return "You have this draft open on another page too" if rows else ""


def known(sessions: QuerySet, client_id) -> QuerySet:
    """Sessions that know whether this page was heard of before, and the newest reason for a rule."""
    mine = DraftPresence.objects.filter(session=OuterRef("pk"), client_id=client_id)
    reasons = Override.objects.filter(session=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return sessions.annotate(knows_page=Exists(mine), newest_reason=Coalesce(Subquery(reasons), 0))


def changes(session, *, client_id, after: int) -> list[DraftEvent]:
    """What other pages changed since the change with this number, the oldest first.

    A draft is locked while it is written, so that within one draft a later number is a later change.
    """
    return list(DraftEvent.objects.filter(session=session, pk__gt=after).exclude(client_id=client_id))


def fields_of(events: list[DraftEvent]) -> dict[str, dict]:
    """{name on the page: newest value and its version} of the fields among them."""
    found = {}
    for event in events:
        name = fields.join(event.field, event.part)
        if event.site_key is None and fields.is_known(name):
            found[name] = {"version": event.pk, "value": event.new}
    return found


def parts_of(events: list[DraftEvent], *, with_reasons: bool) -> tuple[str, ...]:
    """The parts of the page that show what they changed, each once; reasons stand where they were asked."""
    found = {"sites": None} if with_reasons else {}
    for event in events:
        if event.site_key is not None:
            found |= dict.fromkeys(SITE_PARTS)
        elif event.field.startswith("measurement"):
            found["measurements"] = None
        elif event.field in PART_OF:
            found[PART_OF[event.field]] = None
    return tuple(found)
