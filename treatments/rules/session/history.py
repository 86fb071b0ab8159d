"""The changes of a draft as its history page lists them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import audit as audit_clinic
from treatments.models import DraftEvent
from treatments.rules import audit

# of an instant that was noted, and of one that was taken back
NEEDLE_EVENTS = {
    "needle_in_at": (gettext_lazy("%(site)s: needles in"), gettext_lazy("%(site)s: needles in, taken back")),
    "needle_out_at": (
        gettext_lazy("%(site)s: needles out"),
        gettext_lazy("%(site)s: needles out, taken back"),
    ),
}
SITE_FIELDS = ("site", "site_struck")
# Not shown: keys of other rows, and the origins of values, which the read-back shows.
HIDDEN_COLUMNS = ("session_condition", "region", "origins")


@dataclass(frozen=True)
class KeyNames:
    """What keys of the journal stand for."""

    sites: dict[str, str]
    muscles: dict[int, str]
    conditions: dict[str, str]


def change_line(event: DraftEvent, names: KeyNames, can_go: bool) -> dict:
    return {
        "pk": event.pk,
        "at": event.at,
        "who": event.by.display_name,
        "origin": event.get_origin_display().lower() if event.origin != DraftEvent.Origin.TYPED else "",
        "adopted_from": event.adopted_from,
        "can_go": can_go,
        **_description(event, names),
    }


def _description(event: DraftEvent, names: KeyNames) -> dict:
    """{"what", "changes"} of one event."""
    if event.field in SITE_FIELDS or event.field in NEEDLE_EVENTS:
        return _of_site(event, names)
    if event.field.startswith("measurement"):
        return {"what": _measured(event), "changes": []}
    about = names.conditions.get(event.part, "")
    label = audit.column_label(event.field).capitalize()
    return {"what": f"{label}, {about}" if about else label, "changes": _pair("", event)}


def _of_site(event: DraftEvent, names: KeyNames) -> dict:
    site = {"site": names.sites.get(str(event.site_key)) or _("Site")}
    if event.field == "site":
        sentence = _("%(site)s: added") if event.old is None else _("%(site)s: changed")
        return {"what": sentence % site, "changes": _differences(event, names)}
    if event.field == "site_struck":
        sentence = _("%(site)s: removed") if event.new else _("%(site)s: put back")
        return {"what": sentence % site, "changes": []}
    noted, taken_back = NEEDLE_EVENTS[event.field]
    sentence = str(noted if event.new else taken_back)
    return {"what": sentence % site, "changes": _pair(_("time"), event) if event.new else []}


def _measured(event: DraftEvent) -> str:
    if event.field == "measurement":
        return _("Measured line added")
    return _("Measured line removed") if event.new else _("Measured line put back")


def _pair(label: str, event: DraftEvent) -> list[dict]:
    return [{"label": label, "before": audit.value_text(event.old), "after": audit.value_text(event.new)}]


def _differences(event: DraftEvent, names: KeyNames) -> list[dict]:
    """The columns of an added site, or those that differ; empty columns of a new one are left out."""
    pairs = audit_clinic.difference(event.old or {}, event.new or {})
    return [
        {
            "label": audit.column_label(name),
            "before": _value(name, before, names),
            "after": _value(name, after, names),
        }
        for name, (before, after) in pairs.items()
        if name not in HIDDEN_COLUMNS and (event.old is not None or after not in (None, "", False))
    ]


def _value(name: str, raw, names: KeyNames) -> str:
    return names.muscles.get(raw, "nothing") if name == "muscle" else audit.value_text(raw)
