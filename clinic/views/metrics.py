"""Counts for a monitor, in the text format of Prometheus; nothing of a patient, nobody's name."""

import datetime as dt
import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.audit import gaps
from clinic.rules import upkeep as rules
from clinic.selectors import upkeep as selectors
from clinic.web import metrics as counts
from clinic.web.address import is_loopback

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@login_not_required
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Without the token there is no such page. It does not travel without TLS, but on this machine."""
    if not (_may_be_read(request) and _knows_the_token(request)):
        raise Http404
    lines = [
        *counts.COUNTS.lines(),
        *counts.gauge("filiform_process_start_time_seconds", counts.STARTED_AT),
        *counts.gauge("filiform_audit_gaps", gaps.count()),
        *_of_the_database(),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT)


def _may_be_read(request: HttpRequest) -> bool:
    return request.is_secure() or is_loopback(request.META.get("REMOTE_ADDR", ""))


def _knows_the_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(
        given.encode(), settings.METRICS_TOKEN.encode()
    )


def _of_the_database() -> list[str]:
    """What it does not answer is left out: the monitor sees that it is away."""
    try:
        return [*_upkeep(), *_gauges(), *counts.gauge("filiform_database_up", 1)]
    except (DatabaseError, InterfaceError):
        return counts.gauge("filiform_database_up", 0)


def _gauges() -> list[str]:
    return [line for name, read in sorted(counts.GAUGES.items()) for line in counts.gauge(name, read())]


def _upkeep() -> list[str]:
    """What never happened has no line."""
    last, now = selectors.upkeep(), timezone.now()
    values = {
        "filiform_backup_age_seconds": _age(last.backup_at, now),
        "filiform_verification_age_seconds": _age(last.checked_at, now),
        "filiform_verification_ok": last.is_whole,
        "filiform_drill_age_seconds": _age(last.drilled_at, now),
        "filiform_drill_ok": last.is_restorable,
        "filiform_failed_runs": len(rules.failures(last, now=now)),
    }
    known = {name: value for name, value in values.items() if value is not None}
    return [line for name, value in known.items() for line in counts.gauge(name, value)]


def _age(at: dt.datetime | None, now: dt.datetime) -> int | None:
    """In seconds."""
    return None if at is None else round((now - at).total_seconds())
