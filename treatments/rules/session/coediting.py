"""Co-editing of a draft: who else has it open, and which parts of the page a change touches."""

import datetime as dt

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treatments.models import DraftEvent, DraftPresence
from treatments.rules.session import fields

# A page polls every 15 seconds; after three missed polls it counts as closed.
PAGE_TIMEOUT = dt.timedelta(seconds=45)
SITE_PARTS = ("sites", "figures", "foot-facts", "plan", "first-hours")
# The other parts of the page that show a field: in the foot, or by the prompts of sites and session.
PARTS_OF_FIELD = {
    **dict.fromkeys(("needles_out", "started_at", "ended_at"), ("foot-facts", "sites")),
    **dict.fromkeys(("needles_opened", "needles_unused", "other_care", "not_needled"), ("sites",)),
    "billing_code": ("foot-facts",),
}


def others_sentence(rows: list[DraftPresence], *, user) -> str:
    """Who else has the draft open, as a sentence; empty for nobody."""
    names = list(dict.fromkeys(row.user.short_name for row in rows if row.user_id != user.pk))
    if names:
        sentence = ngettext(
            "%(names)s has this draft open too", "%(names)s have this draft open too", len(names)
        )
        return sentence % {"names": get_text_list(names, _("and"))}
    return _("You have this draft open on another page too") if rows else ""


def changed_fields(events: list[DraftEvent]) -> dict[str, dict]:
    """{name on the page: newest value and its version} of the fields among them."""
    found = {}
    for event in events:
        name = fields.join(event.field, event.part)
        if event.site_key is None and fields.is_known(name):
            found[name] = {"version": event.pk, "value": event.new}
    return found


def changed_parts(events: list[DraftEvent], *, with_reasons: bool) -> tuple[str, ...]:
    """The parts of the page that show the changes, each once; reasons are shown beside their prompts."""
    found = {"sites": None} if with_reasons else {}
    for event in events:
        if event.site_key is not None:
            found |= dict.fromkeys(SITE_PARTS)
        elif event.field.startswith("measurement"):
            found["measurements"] = None
        else:
            found |= dict.fromkeys(PARTS_OF_FIELD.get(event.field, ()))
    return tuple(found)
