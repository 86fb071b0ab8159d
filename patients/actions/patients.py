"""Registers patients and changes their details, and updates the search keys with them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import form_baseline
from clinic.models import Practice
from clinic.values import errors
from patients.models import Patient, PatientKey
from patients.rules import merged, patients
from patients.rules.identity import keys as keys_rules
from patients.rules.identity import likeness
from patients.rules.identity.keys import Identity
from patients.selectors.identity import possible_matches, restricted

PHONE_MARK = ("phone_wrong_at", "phone_wrong_by")
# The audit records that these changed, not their values: more people read the audit than the record.
REDACTED_FIELDS = ("phone", "email", "address", "external_id")


@transaction.atomic
def register(*, by, shown_matches: set[str] | None = None, **fields) -> Patient:
    """Register a patient. `shown_matches` are the references of possible matches that were shown before."""
    # row lock on the practice: two desks that register one person at once see each other
    Practice.objects.select_for_update(of=("self",)).get(pk=1)
    patient = Patient(**_normalised(fields), registered_by=by)
    new_matches = set() if shown_matches is None else _possible_match_refs(patient, by) - shown_matches
    errors.refuse(patients.name_reasons(patient) + patients.match_reasons(new_matches))

    keys = _set_keys(patient)
    patient.save()
    _store_keys(patient, keys)

    audit.record("patient.registered", patient, by=by, patient=patient)
    return patient


@transaction.atomic
def change(patient: Patient, *, by, baseline: dict | None = None, **fields) -> Patient:
    """Change details. With the form's `baseline`, what somebody else changed since is not overwritten."""
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    fields = _normalised(fields)
    before = {name: getattr(patient, name) for name in fields}
    message = _("Somebody changed these details while you had them open.")
    fields = form_baseline.changes(before, baseline, fields, message=message)
    for name, value in fields.items():
        setattr(patient, name, value)
    errors.refuse(merged.reasons(patient) + patients.name_reasons(patient))

    changes = audit.difference({name: before[name] for name in fields}, fields)
    if changes:
        keys = _set_keys(patient)
        if "phone" in changes:
            patient.phone_wrong_at = patient.phone_wrong_by = None
        patient.save(update_fields=[*fields, *PHONE_MARK, "name_key", "phone_key"])
        _store_keys(patient, keys)
        audit.record("patient.changed", patient, by=by, patient=patient, changes=_redacted(changes))
    return patient


@transaction.atomic
def mark_phone(patient: Patient, *, by, wrong: bool) -> None:
    """The number on file reaches somebody else, or the patient after all."""
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    was_wrong = patient.phone_wrong_at is not None
    if was_wrong == wrong or not patient.phone:
        return

    patient.phone_wrong_at, patient.phone_wrong_by = (timezone.now(), by) if wrong else (None, None)
    patient.save(update_fields=PHONE_MARK)

    audit.record(
        "patient.phone_marked", patient, by=by, patient=patient, changes={"wrong": [was_wrong, wrong]}
    )


def _normalised(fields: dict) -> dict:
    """Single spaces, and none at the ends."""
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value for name, value in fields.items()
    }


def _possible_match_refs(patient: Patient, by) -> set[str]:
    """The references of possible matches."""
    patient.phone_key = keys_rules.phone_key_of(patient.phone)
    identity = Identity.of(patient)
    named = restricted.named_records(likeness.name_keys_of(identity), identity.born, user=by)
    return {person.ref for person in possible_matches.candidates(identity, user=by, named=named.wholly)}


def _set_keys(patient: Patient) -> keys_rules.Keys:
    patient.phone_key = keys_rules.phone_key_of(patient.phone)
    keys = keys_rules.keys_for(Identity.of(patient))
    patient.name_key = keys.name_key
    return keys


def _store_keys(patient: Patient, keys: keys_rules.Keys) -> None:
    """Remove obsolete keys and add new ones; the others stay."""
    stored = set(patient.keys.values_list("kind", "value"))
    removed = stored - keys.rows
    stale = [key.pk for key in patient.keys.all() if (key.kind, key.value) in removed] if removed else []
    PatientKey.objects.filter(pk__in=stale).delete()
    PatientKey.objects.bulk_create(
        PatientKey(patient=patient, kind=kind, value=value) for kind, value in sorted(keys.rows - stored)
    )


def _redacted(changes: dict) -> dict:
    return {name: ["…", "…"] if name in REDACTED_FIELDS else pair for name, pair in changes.items()}
