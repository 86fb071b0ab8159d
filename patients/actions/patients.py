"""Registers patients and changes their details, and updates the search keys with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import form_baseline, practice
from clinic.django_internals.prepared import PreparedQuery
from clinic.values import errors
from clinic.values.errors import Reason
from patients.actions import identity, records
from patients.models import Patient, PatientKey
from patients.rules import merged, patients
from patients.rules.identity import keys as keys_rules
from patients.rules.identity import likeness
from patients.rules.identity.keys import Identity
from patients.rules.identity.likeness import ComparedPatient, Likeness
from patients.selectors.identity import possible_matches, restricted

PHONE_MARK = ("phone_wrong_at", "phone_wrong_by")
# The audit records that these changed, not their values: more people read the audit than the record.
REDACTED_FIELDS = ("phone", "email", "address", "external_id", "note")
# What makes somebody look like another person when it changes.
NAMES = ("family_name", "given_name", "preferred_name")
IDENTIFYING = {"family_name", "given_name", "born"}


@transaction.atomic
def register(*, by, shown_matches: set[str] | None = None, apart_reason: str = "", **fields) -> Patient:
    """Register a patient. `shown_matches` are the references of possible matches that were shown before.

    Beside somebody of the same name and birth date only with an `apart_reason`.
    """
    # row lock on the practice: two desks that register one person at once see each other
    practice.locked()
    patient = Patient(**normalised(fields), registered_by=by)
    apart = _Apart.asked(patient, by, shown_matches, apart_reason)
    errors.refuse(patients.name_reasons(patient) + apart.reasons)

    keys = set_keys(patient)
    patient.save()
    _add_keys(patient, keys.rows)

    audit.record("patient.registered", patient, by=by, patient=patient)
    apart.record(patient, by)
    return patient


@transaction.atomic
def change(
    patient: Patient,
    *,
    by,
    baseline: dict | None = None,
    shown_matches: set[str] | None = None,
    apart_reason: str = "",
    **fields,
) -> Patient:
    """Change details. With the form's `baseline`, what somebody else changed since is not overwritten.

    A name or birth date that makes the patient look like somebody else is asked about as at registration.
    """
    patient = records.locked(patient.pk)
    fields = normalised(fields)
    before = {name: getattr(patient, name) for name in fields}
    message = _("Somebody changed these details while you had them open.")
    fields = form_baseline.changes(before, baseline, fields, message=message)
    for name, value in fields.items():
        setattr(patient, name, value)
    changes = audit.difference({name: before[name] for name in fields}, fields)
    asked = shown_matches if IDENTIFYING & changes.keys() else None
    apart = _Apart.asked(patient, by, asked, apart_reason)
    errors.refuse(merged.reasons(patient) + patients.name_reasons(patient) + apart.reasons)

    if changes:
        keys = set_keys(patient)
        if "phone" in changes:
            patient.phone_wrong_at = patient.phone_wrong_by = None
        patient.save(update_fields=[*fields, *PHONE_MARK, "name_key", "phone_key"])
        _store_keys(patient, keys)
        former = [changes[name][0] or "" for name in NAMES if name in changes]
        identity.add_keys(patient, kind=keys_rules.FORMER, texts=former)
        audit.record("patient.changed", patient, by=by, patient=patient, changes=_redacted(changes))
        apart.record(patient, by)
    return patient


@transaction.atomic
def mark_phone(patient: Patient, *, by, wrong: bool) -> None:
    """The number on file reaches somebody else, or the patient after all."""
    patient = records.locked(patient.pk)
    was_wrong = patient.phone_wrong_at is not None
    if was_wrong == wrong or not patient.phone:
        return

    patient.phone_wrong_at, patient.phone_wrong_by = (timezone.now(), by) if wrong else (None, None)
    patient.save(update_fields=PHONE_MARK)

    audit.record(
        "patient.phone_marked", patient, by=by, patient=patient, changes={"wrong": [was_wrong, wrong]}
    )


def normalised(fields: dict) -> dict:
    """Single spaces, and none at the ends."""
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value for name, value in fields.items()
    }


@dataclass(frozen=True)
class _Apart:
    """Somebody who looks like others, with the reason why they are somebody else."""

    exact: frozenset[str]
    reason: str
    reasons: list[Reason]

    @classmethod
    def asked(cls, patient: Patient, by, shown: set[str] | None, reason: str) -> "_Apart":
        """Without `shown` nobody was there to answer."""
        found = {} if shown is None else _possible_matches(patient, by)
        exact = frozenset(person.ref for person, like in found.items() if like.is_exact)
        new = {person.ref for person in found} - (shown or set())
        reasons = patients.match_reasons(new) + patients.apart_reasons(exact - new, reason)
        return cls(exact, reason.strip(), reasons)

    def record(self, patient: Patient, by) -> None:
        for ref in sorted(self.exact):
            changes = {"kept_apart_from": ["", ref]}
            audit.record(
                "patient.kept_apart", patient, by=by, patient=patient, changes=changes, reason=self.reason
            )


def _possible_matches(patient: Patient, by) -> dict[ComparedPatient, Likeness]:
    patient.phone_key = keys_rules.phone_key_of(patient.phone)
    person = Identity.of(patient)
    named = restricted.named_records(likeness.name_keys_of(person), person.born, user=by)
    return possible_matches.candidates(person, user=by, named=named.wholly, apart_from=patient.pk)


def save_with_keys(patient: Patient, *, names: Iterable[str]) -> None:
    """Save these columns and the search keys that follow from them. The transaction is the caller's."""
    keys = set_keys(patient)
    patient.save(update_fields=[*names, "name_key", "phone_key"])
    _store_keys(patient, keys)


def set_keys(patient: Patient) -> keys_rules.Keys:
    """The columns by which the patient is found; the rows are for the caller to store."""
    patient.phone_key = keys_rules.phone_key_of(patient.phone)
    keys = keys_rules.keys_for(Identity.of(patient))
    patient.name_key = keys.name_key
    return keys


def _store_keys(patient: Patient, keys: keys_rules.Keys) -> None:
    """Remove obsolete keys and add new ones; the others stay."""
    stored = set(STORED_KEYS(patient=patient.pk))
    removed = stored - keys.rows
    stale = [key.pk for key in patient.keys.all() if (key.kind, key.value) in removed] if removed else []
    PatientKey.objects.filter(pk__in=stale).delete()
    _add_keys(patient, keys.rows - stored)


def _add_keys(patient: Patient, rows: Iterable[tuple[str, str]]) -> None:
    PatientKey.objects.bulk_create(
        PatientKey(patient=patient, kind=kind, value=value) for kind, value in sorted(rows)
    )


STORED_KEYS = PreparedQuery(
    lambda patient: (
        PatientKey.objects.filter(patient=patient)
        .exclude(kind__in=keys_rules.ADDED_KINDS)
        .values_list("kind", "value")
    )
)


def _redacted(changes: dict) -> dict:
    return {name: ["…", "…"] if name in REDACTED_FIELDS else pair for name, pair in changes.items()}
