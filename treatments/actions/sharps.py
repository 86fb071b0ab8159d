"""Injuries of staff by sharps are filed, corrected, and moved here out of a patient's record."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.audit import AuditEntry
from clinic.values import errors
from clinic.values.errors import StaleRecord
from treatments.actions import adverse_events
from treatments.models import SharpsInjury
from treatments.rules import sharps

# An earlier day is a slip of the hand.
EARLIEST = dt.date(1990, 1, 1)
# stands in the record: never translated
MOVED = "An injury of staff is not part of a patient's record. It was moved to the sharps injury log."


@transaction.atomic
def file(*, by, **fields) -> SharpsInjury:
    """File an injury. No patient and no session stands with it."""
    injury = _create(by=by, fields=fields)

    audit.record("sharps.filed", injury, by=by)
    return injury


@transaction.atomic
def correct(injury, *, by, reason: str, **fields) -> SharpsInjury:
    """File a version that supersedes the entry, which stays readable as it was."""
    standing = SharpsInjury.objects.select_for_update(of=("self",)).get(pk=injury.pk)
    newer = SharpsInjury.objects.filter(supersedes=standing).select_related("noted_by").first()
    if newer is not None:
        raise StaleRecord(
            _("%(noted_by)s corrected this entry meanwhile. Open the newer one.")
            % {"noted_by": newer.noted_by.display_name}
        )

    errors.refuse(sharps.correction_reasons(reason=reason))

    later = _create(
        by=by,
        fields=fields,
        supersedes=standing,
        first_version_id=standing.case_number,
        correction_reason=reason,
    )

    changed = [name for name in fields if getattr(standing, name) != getattr(later, name)]
    audit.record("sharps.corrected", later, by=by, changes={"corrected": [None, changed]}, reason=reason)
    return later


@transaction.atomic
def move(event, *, by, **fields) -> SharpsInjury:
    """File what stands in a patient's record as an adverse event, and withdraw it there."""
    event = adverse_events.lock(event)
    injury = _create(by=by, fields=fields)
    adverse_events.withdraw(event, by=by, reason=MOVED)

    patient = event.session.patient
    audit.record_many(
        [
            AuditEntry("sharps.filed", injury, by),
            AuditEntry("adverse_event.in_error", event, by, patient, reason=MOVED),
        ]
    )
    return injury


def _create(*, by, fields: dict, **beside) -> SharpsInjury:
    errors.refuse(sharps.reasons(fields, by=by, now=timezone.now(), opened=EARLIEST))

    return SharpsInjury.objects.create(noted_by=by, **fields, **beside)
