"""Records and ends allergies, medicines, related persons, coverages, notices, referrals and duties."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clinic import audit
from clinic.values import errors
from patients.actions import identity, records
from patients.models import (
    Allergy,
    Coverage,
    Medication,
    NonCoverageNotice,
    Patient,
    Referral,
    RelatedPerson,
    StateDuty,
)
from patients.rules import alerts
from patients.rules.identity import keys

# The noun of each model in audit codes, and the field of the statement “none known” that a new row ends.
AUDIT_NOUNS = {
    Allergy: "allergy",
    Medication: "medication",
    RelatedPerson: "related",
    Coverage: "coverage",
    NonCoverageNotice: "notice",
}
WRITTEN_ONCE = {Referral: "referral", StateDuty: "duty"}
NONE_KNOWN_FIELDS = {"allergy": "allergies_none", "medication": "medications_none"}


@transaction.atomic
def add(model, patient: Patient, *, by, **fields):
    """Record a new row. A first allergy or medicine clears “none known”."""
    patient = records.lock_record(patient.pk)

    row = model.objects.create(patient=patient, noted_by=by, **fields)
    if model is RelatedPerson:
        identity.add_keys(patient, kind=keys.RELATED, texts=[row.name])
    noun = WRITTEN_ONCE.get(model) or AUDIT_NOUNS[model]
    _clear_none(patient, NONE_KNOWN_FIELDS.get(noun))

    audit.record(f"{noun}.noted", row, by=by, patient=patient)
    return row


@transaction.atomic
def end(row, *, by, of: Patient | None = None):
    """Mark the row as no longer true. A second call changes nothing.

    `of` is the record on whose page it stands: its own, or the one that its record was merged into.
    """
    patient = records.lock_record(of.pk if of and of.pk == row.patient.merged_into_id else row.patient_id)
    now = timezone.now()
    ended = type(row).objects.filter(pk=row.pk, ended_at=None).update(ended_at=now, ended_by=by)
    if ended:
        audit.record(f"{AUDIT_NOUNS[type(row)]}.ended", row, by=by, patient=patient)
    return row


@transaction.atomic
def record_none_known(patient: Patient, *, by, noun: str) -> Patient:
    """Record that none are known as of today, which an empty list does not say."""
    patient = records.lock_record(patient.pk)
    model = {"allergy": Allergy, "medication": Medication}[noun]
    of_one = Q(patient=patient) | Q(patient__merged_into=patient)
    listed = model.objects.filter(of_one, ended_at=None).exists()
    errors.refuse(alerts.none_known_reasons(noun, listed=listed))

    name = NONE_KNOWN_FIELDS[noun]
    setattr(patient, f"{name}_at", timezone.now())
    setattr(patient, f"{name}_by", by)
    patient.save(update_fields=[f"{name}_at", f"{name}_by"])

    audit.record(f"{noun}.none", patient, by=by, patient=patient)
    return patient


def _clear_none(patient: Patient, name: str | None) -> None:
    if name and getattr(patient, f"{name}_at"):
        setattr(patient, f"{name}_at", None)
        setattr(patient, f"{name}_by", None)
        patient.save(update_fields=[f"{name}_at", f"{name}_by"])
