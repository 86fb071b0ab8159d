"""What a monitor is told of the record: when it was last backed up and checked, and how that ended."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max

from clinic.models import AuditEvent

BACKUP, WHOLE, NOT_WHOLE = "backup.made", "record.checked", "record.check_failed"


@dataclass(frozen=True)
class Upkeep:
    """Each None where it never happened."""

    backup_at: dt.datetime | None
    checked_at: dt.datetime | None
    is_whole: bool | None


def upkeep() -> Upkeep:
    """One statement, over the few events of these codes."""
    events = AuditEvent.objects.filter(code__in=(BACKUP, WHOLE, NOT_WHOLE)).order_by()
    last = dict(events.values_list("code").annotate(Max("at")))
    good, bad = last.get(WHOLE), last.get(NOT_WHOLE)
    is_whole = None if not (good or bad) else bad is None or (good is not None and good > bad)
    return Upkeep(last.get(BACKUP), max(filter(None, (good, bad)), default=None), is_whole)
