"""Legal holds and disclosures."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.values import errors
from clinic.values.errors import StaleRecord
from patients.actions import records
from patients.models import Disclosure, Patient
from patients.rules import merged, retention


@transaction.atomic
def set_hold(patient: Patient, *, by, reason: str) -> Patient:
    """Retain the record beyond its retention period, until the hold is lifted."""
    patient = _lock(patient)
    errors.refuse(merged.reasons(patient))
    if patient.legal_hold_at:
        raise StaleRecord(_("Somebody has put the record on hold already."))
    _hold(patient, at=timezone.now(), by=by)

    audit.record("hold.set", patient, by=by, patient=patient, reason=reason)
    return patient


@transaction.atomic
def lift_hold(patient: Patient, *, by, reason: str) -> Patient:
    patient = _lock(patient)
    errors.refuse(merged.reasons(patient))
    if patient.legal_hold_at is None:
        raise StaleRecord(_("Somebody has lifted the hold already."))
    _hold(patient, at=None, by=None)

    audit.record("hold.lifted", patient, by=by, patient=patient, reason=reason)
    return patient


@transaction.atomic
def record_disclosure(patient: Patient, *, by, corrects: Disclosure | None = None, **fields) -> Disclosure:
    """Record a disclosure. A correction is a row of its own and replaces the former one."""
    patient = _lock(patient)
    corrected = corrects is not None and Disclosure.objects.filter(corrects=corrects).exists()
    future_reasons = retention.day_reasons(fields["given_on"], today=timezone.localdate())
    other_reasons = retention.correction_reasons(patient, corrects, corrected=corrected)
    errors.refuse(merged.reasons(patient) + future_reasons + other_reasons)

    row = Disclosure.objects.create(patient=patient, corrects=corrects, recorded_by=by, **fields)

    code = "disclosure.corrected" if corrects else "disclosure.recorded"
    audit.record(code, row, by=by, patient=patient, changes={"purpose": [None, row.purpose]})
    return row


def _hold(patient: Patient, *, at: dt.datetime | None, by) -> None:
    """Of this record and of those merged into it."""
    patient.legal_hold_at, patient.legal_hold_by = at, by
    patient.save(update_fields=["legal_hold_at", "legal_hold_by"])
    records.lock_merged(patient)
    Patient.objects.filter(merged_into=patient).update(legal_hold_at=at, legal_hold_by=by)


def _lock(patient: Patient) -> Patient:
    return Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
