"""The row locks that writing actions take: on a patient's record, on a therapist's day, on a room."""

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Room, User
from clinic.values import errors
from patients.models import Patient
from patients.rules import merged


def lock_record(pk: int) -> Patient:
    """Lock the record until the transaction ends; refuse it when it was merged into another."""
    patient = locked(pk)
    errors.refuse(merged.reasons(patient))
    return patient


def locked(pk: int) -> Patient:
    """Lock the record, merged or not."""
    (patient,) = LOCKED(pk=pk)
    return patient


def lock_merged(patient: Patient) -> list[Patient]:
    """Lock the records that were merged into this one: what protects one person protects all of them."""
    merged_from = Patient.objects.select_for_update(of=("self",)).filter(merged_into=patient)
    return list(merged_from.order_by("pk"))


LOCKED = PreparedQuery(lambda pk: Patient.objects.select_for_update(of=("self",)).order_by().filter(pk=pk))


def lock_diaries(*people: User) -> None:
    """Row locks on therapists whose times are judged: the second of two bookings sees the first.

    Without the key: an audit event of somebody else may still name them.
    """
    keys = [person.pk for person in people]
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))


def lock_slot(patient_id: int, therapist: User | None, room: Room | None) -> None:
    """Whoever books the same patient, therapist or room waits here, always in this order."""
    lock_record(patient_id)
    if therapist is not None:
        lock_diaries(therapist)
    if room is not None:
        Room.objects.select_for_update(of=("self",), no_key=True).get(pk=room.pk)
