"""The search of the audit: by person, patient, code, days or request."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from clinic.access import Permission, may, permissions_of
from clinic.models import AuditEvent, User
from patients.models import Patient
from patients.rules.visits.days import day_bounds
from treatments.rules.audit import AuditSearch, EventRow

SHOWN = 50
# Rows of an export that are held in memory at once.
CHUNK = 500


def matching_events(search: AuditSearch) -> QuerySet:
    """The newest first, filtered by the most selective term first."""
    found = AuditEvent.objects.select_related("actor").order_by("-at", "-seq")
    few = {"patient_ref": search.patient_ref, "request_id": search.request_id}
    found = found.filter(**_without_empty(few))
    if any(few.values()):
        found = _filter_few(found, actor=search.person, code=search.code)
    else:
        found = found.filter(**_without_empty({"actor": search.person, "code": search.code}))
    if search.first:
        found = found.filter(at__gte=day_bounds(search.first)[0])
    return found.filter(at__lt=day_bounds(search.last)[1]) if search.last else found


def _without_empty(values: dict) -> dict:
    return {name: value for name, value in values.items() if value}


def _filter_few(found: QuerySet, *, actor: User | None, code: str) -> QuerySet:
    """Compared as expressions, so that no engine walks everything that a person or a code has left instead of
    the few events of one patient or request: their indexes give the order, which looks cheap and is not."""
    if actor:
        found = found.annotate(by_whom=F("actor_id") + 0).filter(by_whom=actor.pk)
    if code:
        found = found.annotate(code_text=Concat("code", Value(""))).filter(code_text=code)
    return found


def older_events(found: QuerySet, at: dt.datetime, seq: int) -> QuerySet:
    """What comes after an event in the order of `find`."""
    return found.filter(Q(at__lt=at) | Q(seq__lt=seq), at__lte=at)


def page(search: AuditSearch, *, before: int | None, user) -> dict:
    """One page of rows, and the number of its last event where more come after it."""
    found = matching_events(search)
    if before:
        mark = AuditEvent.objects.filter(seq=before).values_list("at", flat=True).first()
        found = older_events(found, mark, before) if mark else found.none()
    events = list(found[: SHOWN + 1])
    rows = rows_of(events[:SHOWN], user=user, asked_for=search.patient_ref)
    return {"rows": rows, "older": events[SHOWN - 1].seq if len(events) > SHOWN else ""}


def rows_of(events: list[AuditEvent], *, user, asked_for: str = "") -> list[EventRow]:
    """Each with whether this reader may see its content: clinical text only of patients visible to them."""
    about = {_patient_of(event) for event in events} - {""}
    visible = set()
    if about and may(user, Permission.CHART_VIEW):
        visible = set(Patient.objects.visible_to(user).filter(ref__in=about).values_list("ref", flat=True))
    granted = permissions_of(user)
    return [
        EventRow(event, bool(_patient_of(event)) and _patient_of(event) not in visible, asked_for, granted)
        for event in events
    ]


def _patient_of(event: AuditEvent) -> str:
    return event.patient_ref or (event.object_ref if event.object_kind == "patients.patient" else "")


def export_rows(search: AuditSearch, *, until: int, user) -> Iterator[list]:
    """All of it, up to event `until`, row by row as HEAD names them."""
    found = matching_events(search).filter(seq__lte=until)
    events = list(found[:CHUNK])
    while events:
        rows = rows_of(events, user=user, asked_for=search.patient_ref)
        yield from (_cells(row) for row in rows)
        events = list(older_events(found, events[-1].at, events[-1].seq)[:CHUNK])


def _cells(row: EventRow) -> list:
    event, line = row.event, row.line
    changes = "; ".join(
        _("%(label)s: %(before)s, now %(after)s")
        % {"label": one["label"], "before": one["before"], "after": one["after"]}
        for one in line["changes"]
    )
    return [
        event.seq, event.at.isoformat(timespec="seconds"), line["who"], line["what"], event.code,
        event.object_kind, row.object_ref, row.patient_ref, changes, line["reason"], event.request_id,
        event.address,
    ]  # fmt: skip


def searched_patient(search: AuditSearch) -> Patient | None:
    """Whom the search is about: it is recorded as access to their record."""
    return Patient.objects.filter(ref=search.patient_ref).first() if search.patient_ref else None
