"""One page of a draft's changes, the newest first, with those that can be taken back."""

import re

from treatments.models import DraftEvent, Muscle, NeedlingSession
from treatments.rules.session import draft_parts, history
from treatments.rules.session.history import Names

SHOWN = 50


def page(session: NeedlingSession, *, before: str, may_write: bool) -> dict:
    """Three statements, however long the draft was written on. Needs the session of `drafts.with_parts`."""
    rows = _events(session, before)
    shown = rows[:SHOWN]
    names, newest = _names(session, shown), set(draft_parts.versions(session).values())
    return {
        "lines": [history.line(event, names, may_write and event.pk in newest) for event in shown],
        "older": shown[-1].pk if len(rows) > SHOWN else "",
    }


def _events(session, before: str) -> list[DraftEvent]:
    rows = DraftEvent.objects.filter(session=session).select_related("by", "adopted_from").order_by("-pk")
    if re.fullmatch(r"[0-9]{1,18}", before):
        rows = rows.filter(pk__lt=int(before))
    return list(rows[: SHOWN + 1])


def _names(session, events: list[DraftEvent]) -> Names:
    rows = session.sites.order_by("number").values_list("key", "number", "side")
    said = (values for event in events for values in (event.old, event.new) if isinstance(values, dict))
    muscles = {values["muscle"] for values in said if values.get("muscle")}
    return Names(
        {str(key): f"Site {number}, {side}" for key, number, side in rows},
        dict(Muscle.objects.filter(pk__in=muscles).values_list("pk", "name")) if muscles else {},
        {str(row["pk"]): row["name"] for row in session.part_conditions},
    )
