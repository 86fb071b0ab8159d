"""One page of a draft's changes, the newest first, with those that can be undone."""

import re

from django.utils.translation import gettext as _

from treatments.models import DraftEvent, Muscle
from treatments.rules.session import history
from treatments.rules.session.draft import Draft
from treatments.rules.session.history import KeyNames
from treatments.rules.session.parts import side_text

SHOWN = 50


def page(draft: Draft, *, before: str, may_write: bool) -> dict:
    """Two statements, however long the draft was written on."""
    rows = _events(draft.session.pk, before)
    shown = rows[:SHOWN]
    names, newest = _names(draft, shown), {event.version for event in draft.events}
    return {
        "lines": [history.change_line(event, names, may_write and event.pk in newest) for event in shown],
        "older": shown[-1].pk if len(rows) > SHOWN else "",
    }


def _events(session: int, before: str) -> list[DraftEvent]:
    rows = DraftEvent.objects.filter(session=session).select_related("by", "adopted_from").order_by("-pk")
    if re.fullmatch(r"[0-9]{1,18}", before):
        rows = rows.filter(pk__lt=int(before))
    return list(rows[: SHOWN + 1])


def _names(draft: Draft, events: list[DraftEvent]) -> KeyNames:
    entries = (values for event in events for values in (event.old, event.new) if isinstance(values, dict))
    muscles = {values["muscle"] for values in entries if values.get("muscle")}
    return KeyNames(
        {
            site.key: _("Site %(number)s, %(side)s") % {"number": site.number, "side": side_text(site.side)}
            for site in draft.sites
        },
        dict(Muscle.objects.filter(pk__in=muscles).values_list("pk", "name")) if muscles else {},
        {str(row.pk): row.name for row in draft.conditions},
    )
