"""When what runs by itself last ran, how that ended, and which run failed."""

from django.db.models import Max, QuerySet, TextField, Value

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import AuditEvent
from clinic.rules.upkeep import Upkeep

BACKUP, WHOLE, NOT_WHOLE = "backup.made", "record.checked", "record.check_failed"
DRILLED, NOT_RESTORABLE, FAILED = "backup.drilled", "backup.drill_failed", "upkeep.failed"


def upkeep() -> Upkeep:
    """One statement, over the few events of these codes."""
    rows = list(_LAST())
    last = {code: at for code, unit, at in rows if code != FAILED}
    checked_at, is_whole = _outcome(last.get(WHOLE), last.get(NOT_WHOLE))
    drilled_at, is_restorable = _outcome(last.get(DRILLED), last.get(NOT_RESTORABLE))
    return Upkeep(
        backup_at=last.get(BACKUP),
        checked_at=checked_at,
        is_whole=is_whole,
        drilled_at=drilled_at,
        is_restorable=is_restorable,
        failed_at={unit: at for code, unit, at in rows if code == FAILED},
    )


def _outcome(good, bad) -> tuple:
    """When it last ran, and whether that ended well; None where it never did."""
    if not (good or bad):
        return None, None
    return max(filter(None, (good, bad))), bad is None or (good is not None and good > bad)


def _last() -> QuerySet:
    """(code, unit, when), each once; the unit is that of a failed run, else empty.

    In two parts: the first, of years of nights, is read from an index alone.
    """
    noted = AuditEvent.objects.filter(code__in=(BACKUP, WHOLE, NOT_WHOLE, DRILLED, NOT_RESTORABLE)).order_by()
    failed = AuditEvent.objects.filter(code=FAILED).order_by()
    nothing = Value("", output_field=TextField())
    of_codes = noted.values("code").annotate(unit=nothing, last=Max("at"))
    of_units = failed.values("code", "reason").annotate(last=Max("at"))
    return of_codes.values_list("code", "unit", "last").union(
        of_units.values_list("code", "reason", "last"), all=True
    )


_LAST = PreparedQuery(_last)
