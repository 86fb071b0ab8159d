"""Books the visits of a file: all of them, or none."""

from django.db import transaction

from clinic import audit
from clinic.actions import practice
from clinic.audit import AuditEntry
from clinic.values import errors
from patients.actions.bringing_in import files
from patients.actions.bringing_in.files import FileFacts
from patients.actions.bringing_in.patients import CHUNK, Brought
from patients.models import BroughtFile, Visit
from patients.rules.bringing_in import diary as rules
from patients.rules.bringing_in import files as file_rules
from patients.rules.bringing_in import rows
from patients.rules.bringing_in.diary import BroughtBooking
from patients.selectors import bringing_in as selectors


@transaction.atomic
def book(bookings: list[BroughtBooking], *, by, file: BroughtFile | FileFacts, now) -> Brought:
    """`file` is what waits for this, or the facts of one that never waited. Raises RuleViolation.

    Double bookings are booked as they are: the dry run named them.
    """
    # row lock on the practice: nobody brings the same file in meanwhile
    minutes = practice.locked().visit_minutes
    errors.refuse(file_rules.again_reasons(selectors.brought_before(file.digest, kind=file.kind)))
    refs = {one.patient.ref for one in bookings}
    known = selectors.diary(by, refs=refs, numbers=(), now=now, minutes=minutes)
    judged = rules.judge(bookings, known)
    errors.refuse(rows.reasons_of(judged.faults))

    for place in range(0, len(judged.new), CHUNK):
        audit.record_many(_book(judged.new[place : place + CHUNK], by))
    finished = files.finish(file, by=by, written=len(judged.new))

    changes = {"written": [0, len(judged.new)], "digest": [None, finished.digest]}
    audit.record("brought_file.booked", finished, by=by, changes=changes)
    return Brought(len(judged.new), judged.standing)


def _book(bookings: list[BroughtBooking], by) -> list[AuditEntry]:
    visits = [
        Visit(
            patient=one.patient,
            therapist=one.therapist,
            location=one.place,
            room=one.room,
            booked_for=one.booked_for,
            minutes=one.minutes,
            kind=one.kind,
            desk_note=one.desk_note,
            booked_by=by,
        )
        for one in bookings
    ]
    Visit.objects.bulk_create(visits)
    return [
        AuditEntry("visit.booked", visit, by, visit.patient, {"booked_for": [None, visit.booked_for]})
        for visit in visits
    ]
