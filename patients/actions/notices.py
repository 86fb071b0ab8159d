"""Records a Medicare notice of non-coverage that was given."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from clinic.values import errors
from patients.actions import alerts
from patients.models import NonCoverageNotice, Patient
from patients.rules import notices


@transaction.atomic
def give(patient: Patient, *, by, given_at: dt.datetime, **fields) -> NonCoverageNotice:
    """`given_at` is when the patient had it in hand, and signed it where it is signed."""
    errors.refuse(notices.new_reasons(given_at=given_at, now=timezone.now(), **fields))

    given = {"given_at": given_at, "given_on": timezone.localdate(given_at)}
    return alerts.add(NonCoverageNotice, patient, by=by, **given, **fields)
