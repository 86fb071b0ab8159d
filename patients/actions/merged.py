"""Keeps the list of likely duplicates, and the decision that two of them are different people."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from clinic import audit
from clinic.values import errors
from patients.actions import records
from patients.models import LikelyPair, Patient
from patients.rules import merged

# Rows of one statement.
BATCH = 500


@transaction.atomic
def list_pairs(pairs: Iterable[LikelyPair]) -> None:
    """Replace the list: `pairs` come the likeliest first, which their keys keep."""
    LikelyPair.objects.all().delete()
    LikelyPair.objects.bulk_create(pairs, batch_size=BATCH)


@transaction.atomic
def keep_apart(one: Patient, other: Patient, *, by, reason: str) -> None:
    """Two records are two people. The pair leaves the list and does not come back."""
    for pk in sorted((one.pk, other.pk)):
        records.lock_record(pk)
    errors.refuse(merged.apart_reasons(reason))

    pair = Q(one=one, other=other) | Q(one=other, other=one)
    LikelyPair.objects.filter(pair).delete()

    changes = {"kept_apart_from": ["", other.ref]}
    audit.record("patient.kept_apart", one, by=by, patient=one, changes=changes, reason=reason.strip())
