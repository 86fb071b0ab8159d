"""The changes of a draft in clinic words, the newest first, and which of them can be taken back."""

import re
from dataclasses import dataclass

from clinic import audit
from treatments import changes, drafts
from treatments.models import DraftEvent, Muscle, NeedlingSession

SHOWN = 50
TAKEN = {"needle_in_at": "needles in", "needle_out_at": "needles out"}
# Keys of other rows, which say nothing to people, and where each value came from, which the review shows.
UNSAID = ("session_condition", "region", "origins")


@dataclass(frozen=True)
class Names:
    """What keys of the journal stand for."""

    sites: dict[str, str]
    muscles: dict[int, str]
    conditions: dict[str, str]


def page(session: NeedlingSession, *, before: str, may_write: bool) -> dict:
    """Three statements, however long the draft was written on. Needs the session of `drafts.with_parts`."""
    rows = _events(session, before)
    shown = rows[:SHOWN]
    names, newest = _names(session, shown), set(drafts.versions(session).values())
    return {
        "lines": [_line(event, names, may_write and event.pk in newest) for event in shown],
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


def _line(event: DraftEvent, names: Names, can_go: bool) -> dict:
    return {
        "pk": event.pk,
        "at": event.at,
        "who": event.by.display_name,
        "origin": event.get_origin_display().lower() if event.origin != DraftEvent.Origin.TYPED else "",
        "adopted_from": event.adopted_from,
        "can_go": can_go,
        **_said(event, names),
    }


def _said(event: DraftEvent, names: Names) -> dict:
    """{"what", "changes"} of one event."""
    site = names.sites.get(drafts.site_key(event.site_key), "Site")
    if event.field == "site":
        verb = "added" if event.old is None else "changed"
        return {"what": f"{site}: {verb}", "changes": _differences(event, names)}
    if event.field == "site_struck":
        return {"what": f"{site}: {'removed' if event.new else 'put back'}", "changes": []}
    if event.field in TAKEN:
        verb = TAKEN[event.field] if event.new else f"{TAKEN[event.field]}, taken back"
        return {"what": f"{site}: {verb}", "changes": _pair("time", event) if event.new else []}
    if event.field.startswith("measurement"):
        return {"what": f"Measured line {_measured(event)}", "changes": []}
    about = names.conditions.get(event.part, "")
    label = changes.label(event.field).capitalize()
    return {"what": f"{label}, {about}" if about else label, "changes": _pair("", event)}


def _measured(event: DraftEvent) -> str:
    if event.field == "measurement":
        return "added"
    return "removed" if event.new else "put back"


def _pair(label: str, event: DraftEvent) -> list[dict]:
    return [{"label": label, "before": changes.value(event.old), "after": changes.value(event.new)}]


def _differences(event: DraftEvent, names: Names) -> list[dict]:
    """What an added site says, or what differs; empty columns of a new one are left out."""
    pairs = audit.difference(event.old or {}, event.new or {})
    return [
        {
            "label": changes.label(name),
            "before": _value(name, before, names),
            "after": _value(name, after, names),
        }
        for name, (before, after) in pairs.items()
        if name not in UNSAID and (event.old is not None or after not in (None, "", False))
    ]


def _value(name: str, raw, names: Names) -> str:
    return names.muscles.get(raw, "nothing") if name == "muscle" else changes.value(raw)
