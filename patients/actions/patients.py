"""Registering a patient and changing who they are; the search keys are kept with every change."""

from django.db import transaction

from clinic import audit
from clinic.models import Practice
from clinic.rules import form_baseline as shown
from clinic.values import errors
from clinic.values.errors import StaleRecord
from patients.models import Patient, PatientKey
from patients.rules import merged, patients
from patients.rules.identity import keys as keys_rules
from patients.rules.identity.keys import Identity
from patients.selectors.identity import possible_matches

LABELS = {field.name: field.verbose_name for field in Patient._meta.fields}
# Free text and contact details are noted as changed, not word for word: the audit is read by more people.
REDACTED_FIELDS = ("phone", "email", "address", "external_id")


@transaction.atomic
def register(*, by, shown_matches: set[str] | None = None, **fields) -> Patient:
    """A new patient. Who may be the same person was shown before, by these references, and never blocks."""
    # the practice's row is the lock: two desks that register one person at once see each other
    Practice.objects.select_for_update(of=("self",)).get(pk=1)
    patient = Patient(**_tidy(fields), registered_by=by)
    unseen = set() if shown_matches is None else _alike(patient) - shown_matches
    errors.refuse(patients.name_reasons(patient) + patients.match_reasons(unseen))

    keys = _set_keys(patient)
    patient.save()
    _store_keys(patient, keys)

    audit.record("patient.registered", patient, by=by, patient=patient)
    return patient


@transaction.atomic
def change(patient: Patient, *, by, seen: dict | None = None, **fields) -> Patient:
    """Change details. `seen` is what the form showed: what somebody else changed since is not overwritten."""
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    fields = _tidy(fields)
    before = {name: getattr(patient, name) for name in fields}
    lost = shown.overwritten_fields(before, seen or {}, fields)
    _refuse_overwriting(before, fields, lost)
    fields = shown.changed_fields(fields, seen or {})
    for name, value in fields.items():
        setattr(patient, name, value)
    errors.refuse(merged.reasons(patient) + patients.name_reasons(patient))

    changes = audit.difference({name: before[name] for name in fields}, fields)
    if changes:
        keys = _set_keys(patient)
        patient.save(update_fields=[*fields, "name_key", "phone_key"])
        _store_keys(patient, keys)
        audit.record("patient.changed", patient, by=by, patient=patient, changes=_quiet(changes))
    return patient


def _tidy(fields: dict) -> dict:
    """Single spaces, and none at the ends."""
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value for name, value in fields.items()
    }


def _alike(patient: Patient) -> set[str]:
    """References of people who may be the same person."""
    patient.phone_key = keys_rules.phone_key_of(patient.phone)
    return {person.ref for person in possible_matches.candidates(Identity.of(patient))}


def _refuse_overwriting(stored: dict, wanted: dict, lost: list[str]) -> None:
    if lost:
        words = ", ".join(str(LABELS[name]) for name in lost)
        raise StaleRecord(
            f"Somebody changed these details while you had them open: {words}.",
            theirs="; ".join(str(stored[name] or "empty") for name in lost),
            mine="; ".join(str(wanted[name] or "empty") for name in lost),
        )


def _set_keys(patient: Patient) -> keys_rules.Keys:
    patient.phone_key = keys_rules.phone_key_of(patient.phone)
    keys = keys_rules.keys_for(Identity.of(patient))
    patient.name_key = keys.name_key
    return keys


def _store_keys(patient: Patient, keys: keys_rules.Keys) -> None:
    """Keys that are no longer true go, new ones come; the others stay untouched."""
    standing = set(patient.keys.values_list("kind", "value"))
    gone = standing - keys.rows
    stale = [key.pk for key in patient.keys.all() if (key.kind, key.value) in gone] if gone else []
    PatientKey.objects.filter(pk__in=stale).delete()
    PatientKey.objects.bulk_create(
        PatientKey(patient=patient, kind=kind, value=value) for kind, value in sorted(keys.rows - standing)
    )


def _quiet(changes: dict) -> dict:
    return {name: ["…", "…"] if name in REDACTED_FIELDS else pair for name, pair in changes.items()}
