"""Drafts whose needles were noted in on an earlier day and never out, as every board shows them first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from clinic.access import Permission, may
from clinic.models.rows import instant
from clinic.values.addresses import reverse

HIDDEN = _("Restricted record")


@dataclass(frozen=True)
class OvernightNeedles:
    """One draft. `url` is blank for a reader to whom the record is closed."""

    patient: str
    therapist: str
    needles: int
    since: dt.datetime
    url: str = ""
    is_mine: bool = False


def by_session(rows: Iterable[dict], *, user) -> list[OvernightNeedles]:
    """`rows` are sites, the needle that went in first on top; a draft has the time of its first."""
    drafts: dict[str, list[dict]] = {}
    for row in rows:
        drafts.setdefault(row["session"], []).append(row)
    return [_line(sites, user=user) for sites in drafts.values()]


def _line(sites: list[dict], *, user) -> OvernightNeedles:
    row = sites[0]
    is_mine = user.pk in (row["therapist"], row["supervisor"])
    is_hidden = bool(row["restricted_at"]) and not (row["is_open"] or is_mine)
    return OvernightNeedles(
        patient=str(HIDDEN)
        if is_hidden
        else ", ".join(name for name in (row["family"], row["given"]) if name),
        therapist=f"{row['first']} {row['last']}".strip(),
        needles=sum(site["needles"] for site in sites),
        since=_since(row),
        url="" if is_hidden else _url(row, user=user),
        is_mine=is_mine,
    )


def _since(row: dict) -> dt.datetime:
    at = instant(row["since"])
    if at is None:
        raise ValueError("Needles that are in went in at some time.")
    return at


def _url(row: dict, *, user) -> str:
    """The draft for whoever may read it; the desk calls the patient from the record."""
    if may(user, Permission.CHART_VIEW):
        return reverse("treatments:session", args=[row["session"]])
    return reverse("treatments:record", args=[row["patient"]])
