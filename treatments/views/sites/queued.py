"""Rows that waited on the page: several in one request, each judged by itself and answered in its place."""

from collections.abc import Sequence

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import entry as site_entry
from treatments.actions.sites.correction import SavedSite
from treatments.actions.sites.entry import NewSite, SiteGroup
from treatments.forms.sites import queued
from treatments.forms.sites.queued import QueuedRow
from treatments.models import NeedlingSession
from treatments.rules.session import coediting
from treatments.rules.session.draft import SiteEntry
from treatments.selectors.sites import entry as entry_selectors
from treatments.views.session import page_parts


def answer(request: HttpRequest, entry: SiteEntry) -> JsonResponse:
    """The changed parts of the page, and for each row in its place its key, with errors if it was refused."""
    rows = _read(request, entry)
    valid = [row for row in rows if row.form.is_valid()]
    try:
        saved = _save(request, entry, valid)
    except RuleViolation as refused:
        return page_parts.refusal_as_data(refused)
    more = {"rows": [{"key": row.key, **({"errors": row.errors} if row.errors else {})} for row in rows]}
    if not saved:
        return JsonResponse(more, status=_status(rows))
    more["said"] = " ".join(_said(row, found) for row, found in saved)
    return page_parts.answer(request, saved[-1][1][0].draft, *coediting.SITE_PARTS, **more)


def _status(rows: Sequence[QueuedRow]) -> int:
    """Of an answer to rows of which none was saved."""
    is_used = any(row.form.has_error(NON_FIELD_ERRORS, code=site_entry.KEY_USED) for row in rows)
    return responses.CONFLICT if is_used else responses.UNPROCESSABLE


def _read(request: HttpRequest, entry: SiteEntry) -> list[QueuedRow]:
    """All rows; the muscles are read once, however many there are."""
    posted, options, muscles = queued.posted_rows(request.POST), [], None
    lines = [row for row in posted if queued.is_line(row)]
    if lines:
        habits = entry_selectors.habits(entry.patient, of=request.user)
        options = entry_selectors.muscle_options(*habits, health_answers=entry.health_answers)
    if 1 < len(posted) != len(lines):
        muscles = entry_selectors.EVERY_MUSCLE()
    return queued.read(posted, choices=entry.choices, options=options, muscles=muscles)


def _save(
    request: HttpRequest, entry: SiteEntry, rows: Sequence[QueuedRow]
) -> list[tuple[QueuedRow, list[SavedSite]]]:
    """The rows that were saved; the others get their errors."""
    if not rows:
        return []
    plans = _plans(entry, rows)
    groups = [_group(row, plans) for row in rows]
    saved = []
    for row, outcome in zip(rows, site_entry.add_each(entry, by=request.user, groups=groups), strict=True):
        if isinstance(outcome, RuleViolation):
            errors.add_to_form(row.form, outcome)
        else:
            saved.append((row, outcome))
    return saved


def _group(row: QueuedRow, plans: dict[str, NeedlingSession]) -> SiteGroup:
    if row.is_line:
        lines = zip(row.form.keys(), row.form.rows, strict=True)
        new = [NewSite(key, line.form.values(), line.value_origins) for key, line in lines]
        return SiteGroup(new, _stamp(row, "typed"))
    data = row.form.cleaned_data
    plan = plans[data["adopted_from"]] if data["adopted_from"] else None
    new = [NewSite(data["key"], row.form.values(), row.form.value_origins())]
    return SiteGroup(new, _stamp(row, "adopted" if plan else "typed"), plan)


def _plans(entry: SiteEntry, rows: Sequence[QueuedRow]) -> dict[str, NeedlingSession]:
    """The sessions that rows were adopted from; 404 for a plan of another patient."""
    wanted = {row.form.cleaned_data.get("adopted_from") for row in rows} - {"", None}
    if not wanted:
        return {}
    found = NeedlingSession.objects.filter(patient=entry.patient, ref__in=wanted)
    plans = {session.ref: session for session in found}
    if wanted - plans.keys():
        raise Http404
    return plans


def _stamp(row: QueuedRow, origin: str) -> Stamp:
    return Stamp(**{**row.stamp.values(), "origin": origin}) if row.stamp.is_valid() else Stamp(origin=origin)


def _said(row: QueuedRow, saved: list[SavedSite]) -> str:
    if row.is_line:
        return _("%(number)s kept: %(printed)s.") % {"number": len(saved), "printed": row.form.printed}
    return _("Site %(number)s kept.") % {"number": saved[0].site.number}
