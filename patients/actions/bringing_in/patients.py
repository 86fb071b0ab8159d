"""Registers the people of a file: all of them, or nobody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.db import connection, transaction

from clinic import audit
from clinic.actions import practice
from clinic.audit import AuditEntry
from clinic.django_internals import many_rows
from clinic.values import errors
from patients.actions import patients
from patients.actions.bringing_in import files
from patients.actions.bringing_in.files import FileFacts
from patients.models import BroughtFile, Coverage, Patient, PatientKey
from patients.rules import patients as rules
from patients.rules.bringing_in import files as file_rules
from patients.rules.bringing_in import matches, rows
from patients.rules.bringing_in.matches import ignore_progress
from patients.rules.bringing_in.rows import BroughtPatient
from patients.selectors import bringing_in as selectors

# technical: patients whose rows are in memory at once
CHUNK = 500


@dataclass(frozen=True)
class Brought:
    """How many rows were written, and (row, reference) of those that stood already."""

    written: int
    standing: list[tuple[int, str]]


@transaction.atomic
def bring_in(
    people: list[BroughtPatient],
    *,
    by,
    file: BroughtFile | FileFacts,
    progress: Callable[[int], None] = ignore_progress,
) -> Brought:
    """`file` is what waits for this, or the facts of one that never waited. Raises RuleViolation."""
    # row lock on the practice, as registering takes it: nobody registers one of them meanwhile
    practice.locked()
    errors.refuse(file_rules.again_reasons(selectors.brought_before(file.digest, kind=file.kind)))
    judged = matches.judge(people, selectors.known_people(by))
    errors.refuse(rows.reasons_of(judged.faults))

    refs: dict[int, str] = {}
    events = []
    for place in range(0, len(judged.new), CHUNK):
        entries = list(_register(judged.new[place : place + CHUNK], judged.apart, refs, by))
        events.append((audit.unchained_columns(entries), audit.written_rows()))
        progress(min(place + CHUNK, len(judged.new)))
    finished = files.finish(file, by=by, written=len(judged.new))

    for unchained, written in events:
        audit.record_unchained(unchained, rows=written)
    changes = {"written": [0, len(judged.new)], "digest": [None, finished.digest]}
    audit.record("brought_file.registered", finished, by=by, changes=changes)
    return Brought(len(judged.new), judged.standing)


def _register(
    people: list[BroughtPatient], apart: dict[int, tuple[int | str, ...]], refs: dict[int, str], by
) -> Iterator[AuditEntry]:
    """Write a chunk; `refs` takes the reference of each row. Gives the events that registering has."""
    written = [Patient(**patients.normalised(one.details), registered_by=by) for one in people]
    keys = [patients.set_keys(patient) for patient in written]
    errors.refuse(chain.from_iterable(map(rules.name_reasons, written)))
    Patient.objects.bulk_create(written)
    key_rows = [
        (patient.pk, *row)
        for patient, of_patient in zip(written, keys, strict=True)
        for row in sorted(of_patient.rows)
    ]
    many_rows.insert(connection, PatientKey, ("patient_id", "kind", "value"), key_rows)
    refs |= {one.row: patient.ref for one, patient in zip(people, written, strict=True)}
    insured = _insure(people, written, by)
    for one, patient in zip(people, written, strict=True):
        yield AuditEntry("patient.registered", patient, by, patient)
        for other in apart.get(one.row, ()):
            changes = {"kept_apart_from": ["", refs[other] if isinstance(other, int) else other]}
            yield AuditEntry("patient.kept_apart", patient, by, patient, changes, one.apart_reason.strip())
        if one.row in insured:
            yield AuditEntry("coverage.noted", insured[one.row], by, patient)


def _insure(people: list[BroughtPatient], written: list[Patient], by) -> dict[int, Coverage]:
    """The insurance of each row that has one."""
    found = {
        one.row: Coverage(
            patient=patient, payer=one.payer, kind=one.payer_kind, member_id=one.member_id, noted_by=by
        )
        for one, patient in zip(people, written, strict=True)
        if one.has_insurance
    }
    Coverage.objects.bulk_create(found.values())
    return found
