"""Warning signs are acknowledged."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit, formats
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from treatments.models import RedFlag


@transaction.atomic
def acknowledge(red_flag, *, by, action: str) -> RedFlag:
    """Acknowledge a warning sign with what was done; it leaves the board."""
    flag = (
        RedFlag.objects.select_for_update(of=("self",))
        .select_related("acknowledged_by", "report__followup__session__patient")
        .get(pk=red_flag.pk)
    )
    if flag.acknowledged_at:
        at = formats.clock(flag.acknowledged_at)
        raise StaleRecord(
            _("%(who)s acted on this warning sign at %(at)s.")
            % {"who": flag.acknowledged_by.short_name, "at": at},
            theirs=flag.action,
            mine=action,
        )

    if not action.strip():
        errors.refuse(
            [Reason("action-missing", _("Write what was done, such as who was called."), field="action")]
        )

    flag.action, flag.acknowledged_at, flag.acknowledged_by = action, timezone.now(), by
    flag.save(update_fields=["action", "acknowledged_at", "acknowledged_by"])

    patient = flag.report.followup.session.patient
    audit.record("redflag.acknowledged", flag, by=by, patient=patient, changes={"action": ["", action]})
    return flag
