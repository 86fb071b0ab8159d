"""Visits from booking to check-out: each step sets one stamp once, and can be undone with a reason."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit, formats
from clinic.actions import form_baseline
from clinic.audit import AuditEntry
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Location, Practice, Room
from clinic.rules import practice
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from patients.actions import records
from patients.models import Patient, StampWithdrawal, Visit
from patients.rules import merged
from patients.rules.visits import booking, steps
from patients.rules.visits.booking import Slot
from patients.selectors import visits as visits_selectors

# Callables (visit, by) that a higher floor registers, called after check-out.
AFTER_CHECK_OUT: list[Callable] = []
# Callables (visit, verb) -> reasons that a higher floor registers: what prevents a step or its undoing.
STEP_BLOCKERS: list[Callable] = []


@transaction.atomic
def book(
    patient: Patient, *, by, therapist, location, booked_for, minutes, kind, room=None, desk_note="",
    kept: str | None = None,
) -> Visit:  # fmt: skip
    """Book a visit. A double booking may be meant: `kept` is what the desk confirmed of the cautions.

    None where nobody is asked, such as for a patient who stands at the desk.
    """
    errors.refuse(booking.reasons(patient, location.pk, room, minutes))
    if kept is not None:
        records.lock_slot(patient.pk, therapist, room)
        _ask_about(Slot(booked_for, minutes, therapist.pk, patient.pk, room.pk if room else None), kept=kept)

    visit = Visit.objects.create(
        patient=patient,
        therapist=therapist,
        location=location,
        booked_for=booked_for,
        minutes=minutes,
        kind=kind,
        room=room,
        desk_note=desk_note,
        booked_by=by,
    )

    audit.record("visit.booked", visit, by=by, patient=patient, changes={"booked_for": [None, booked_for]})
    return visit


@transaction.atomic
def walk_in(patient: Patient, *, by, therapist, location, minutes, kind, room=None, desk_note="") -> Visit:
    """Start a visit now. A patient who is here already is not checked in twice."""
    # row lock on the patient: two desks that start the same walk-in make one visit
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    now = timezone.now()
    here = _visit_under_way(patient, since=now - steps.SAME_VISIT)
    errors.refuse(steps.walk_in_reasons(here))

    visit = book(
        patient,
        by=by,
        therapist=therapist,
        location=location,
        booked_for=now.replace(second=0, microsecond=0),
        minutes=minutes,
        kind=kind,
        room=room,
        desk_note=desk_note,
    )
    return check_in(visit, by=by)


@transaction.atomic
def record_past(patient: Patient, *, by, therapist, location, came_at, left_at) -> Visit:
    """A visit that took place and stands in no book: checked in and out at its times, by who records it."""
    errors.refuse(merged.reasons(patient))
    length = round((left_at - came_at) / dt.timedelta(minutes=1))
    been_here = patient.visits.filter(arrived_at__lt=came_at).exists()
    stamps = {"arrived_at": came_at, "arrived_by": by, "left_at": left_at, "left_by": by}
    visit = Visit.objects.create(
        patient=patient,
        therapist=therapist,
        location=location,
        booked_for=came_at,
        minutes=min(max(length, booking.MIN_MINUTES), booking.MAX_MINUTES),
        kind=Visit.Kind.FOLLOW_UP if been_here else Visit.Kind.FIRST,
        booked_by=by,
        **stamps,
    )

    changes = {"booked_for": [None, came_at], "arrived_at": [None, came_at], "left_at": [None, left_at]}
    audit.record("visit.recorded", visit, by=by, patient=patient, changes=changes)
    return visit


@transaction.atomic
def change(visit: Visit, *, by, baseline: dict | None = None, kept: str | None = None, **fields) -> Visit:
    """Change the booking. With the form's `baseline`, what a colleague changed since is kept.

    `kept` as in `book`.
    """
    if kept is not None:
        records.lock_slot(visit.patient_id, fields.get("therapist"), fields.get("room"))
    visit = _lock(visit)
    booked = booking.slot_of(visit)
    before = {name: getattr(visit, name) for name in fields}
    message = _("Somebody changed this visit while you had it open.")
    fields = form_baseline.changes(before, baseline, fields, message=message)
    before = {name: before[name] for name in fields}
    for name, value in fields.items():
        setattr(visit, name, value)
    errors.refuse(booking.reasons(visit.patient, visit.location_id, visit.room, visit.minutes))
    requested = booking.slot_of(visit)
    if kept is not None and requested.key != booked.key:
        _ask_about(requested, kept=kept, except_visit=visit)

    changes = audit.difference(_plain_values(before), _plain_values(fields))
    if changes:
        visit.save(update_fields=list(fields))
        audit.record("visit.changed", visit, by=by, patient=visit.patient, changes=changes)
    return visit


@transaction.atomic
def check_in(visit: Visit, *, by) -> Visit:
    records.lock_record(visit.patient_id)
    return _stamp(
        visit, "arrived", by=by, code="visit.arrived", conditions={"cancelled_at": None, "missed_at": None}
    )


@transaction.atomic
def take_to_room(visit: Visit, *, by, room: Room | None = None) -> Visit:
    """Take the patient to `room`, else to the booked room, else to the first free one."""
    records.lock_record(visit.patient_id)
    errors.refuse(booking.room_reasons(visit.location_id, room))
    # row lock on the location: two desks do not take two patients to one free room
    Location.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.location_id)
    room = room or visit.room or _free_room(visit)
    conditions = {"arrived_at__isnull": False, "left_at": None}
    return _stamp(visit, "roomed", by=by, code="visit.roomed", conditions=conditions, room=room)


@transaction.atomic
def check_out(visit: Visit, *, by) -> Visit:
    visit = _stamp(visit, "left", by=by, code="visit.left", conditions={"arrived_at__isnull": False})
    for follow in AFTER_CHECK_OUT:
        follow(visit, by)
    return visit


@transaction.atomic
def cancel(visit: Visit, *, by, reason: str) -> Visit:
    return _end(visit, "cancelled", by=by, reason=reason)


@transaction.atomic
def mark_missed(visit: Visit, *, by, reason: str = "") -> Visit:
    return _end(visit, "missed", by=by, reason=reason)


@transaction.atomic
def undo_step(visit: Visit, *, by, stamp: str, reason: str) -> Visit:
    """Undo the newest step. Its stamp is preserved as a row of its own, with the reason."""
    visit = _lock(visit)
    refused = steps.undo_reasons(visit, stamp, reason)
    errors.refuse(refused or _blocked_reasons(visit, f"take-back-{stamp}"))

    at, who = getattr(visit, f"{stamp}_at"), getattr(visit, f"{stamp}_by")
    StampWithdrawal.objects.create(
        visit=visit, stamp=stamp, stamped_at=at, stamped_by=who, reason=reason, withdrawn_by=by
    )
    setattr(visit, f"{stamp}_at", None)
    setattr(visit, f"{stamp}_by", None)
    visit.save(update_fields=[f"{stamp}_at", f"{stamp}_by"])

    changes = {f"{stamp}_at": [at, None]}
    audit.record("visit.taken_back", visit, by=by, patient=visit.patient, changes=changes, reason=reason)
    return visit


@transaction.atomic
def reassign(visits: Iterable[Visit], *, by, to) -> list[Visit]:
    """Give visits that have not begun to another therapist, with one audit event each."""
    keys = [visit.pk for visit in visits]
    expected = Visit.objects.expected().select_for_update(of=("self",)).select_related("patient", "therapist")
    moved = [visit for visit in expected.filter(pk__in=keys) if visit.therapist_id != to.pk]

    entries = [
        AuditEntry(
            "visit.moved", visit, by, visit.patient, {"therapist": [visit.therapist.username, to.username]}
        )
        for visit in moved
    ]
    Visit.objects.filter(pk__in=[visit.pk for visit in moved]).update(therapist=to)
    if entries:
        audit.record_many(entries)
    return moved


def _ask_about(requested: Slot, *, kept: str, except_visit: Visit | None = None) -> None:
    """Ask about what stands against the time now, under its locks, unless just that was confirmed."""
    taken = visits_selectors.slots_near(requested, except_visit=except_visit)
    closed_days = Practice.objects.values_list("closed_days", flat=True).get(pk=1)
    is_closed = practice.is_closed(closed_days, timezone.localdate(requested.starts_at))
    cautions = booking.cautions(requested, taken, now=timezone.now(), is_closed=is_closed)
    errors.ask(cautions, about=requested.key, confirmed=kept)


def _lock(visit: Visit) -> Visit:
    (locked,) = LOCKED(pk=visit.pk)
    return locked


def _locked(pk: int) -> QuerySet:
    beside = ("patient", "therapist", "room")
    return Visit.objects.select_for_update(of=("self",)).order_by().select_related(*beside).filter(pk=pk)


LOCKED = PreparedQuery(_locked)


def _stamp(visit: Visit, name: str, *, by, code: str, conditions: dict, **more) -> Visit:
    """Set the stamp of a step once; a second attempt is refused with who did it first."""
    errors.refuse(_blocked_reasons(visit, name))
    now = timezone.now()
    pair = {f"{name}_at": now, f"{name}_by": by}
    changed = Visit.objects.filter(pk=visit.pk, **{**conditions, f"{name}_at": None}).update(**pair, **more)
    if not changed:
        _refuse_second(visit, name)
    visit = Visit.objects.select_related("patient", "therapist", "room").get(pk=visit.pk)
    audit.record(code, visit, by=by, patient=visit.patient)
    return visit


def _end(visit: Visit, name: str, *, by, reason: str) -> Visit:
    conditions = {"arrived_at": None, "cancelled_at": None, "missed_at": None}
    return _stamp(visit, name, by=by, code=f"visit.{name}", conditions=conditions, end_reason=reason)


def _refuse_second(visit: Visit, name: str) -> None:
    stored = Visit.objects.select_related(*(f"{stamp}_by" for stamp in steps.STAMPS)).get(pk=visit.pk)
    done = name if getattr(stored, f"{name}_at") else steps.newest_stamp(stored)
    if not done:
        raise StaleRecord(_("This patient is no longer checked in. Look at the board again."))
    at, who = formats.clock(getattr(stored, f"{done}_at")), getattr(stored, f"{done}_by")
    texts = steps.DONE_TEXTS[done]
    raise StaleRecord(
        texts.sentence % {"at": at, "name": who.display_name},
        theirs=texts.stands % {"at": at},
        mine=str(steps.DONE_TEXTS[name].sent),
    )


def _plain_values(fields: dict) -> dict:
    return {name: getattr(value, "pk", value) for name, value in fields.items()}


def _free_room(visit: Visit) -> Room | None:
    taken = Visit.objects.present().filter(roomed_at__isnull=False, room__isnull=False).values("room")
    rooms = Room.objects.filter(location=visit.location_id, retired_at=None)
    return rooms.exclude(pk__in=taken).first() or rooms.first()


def _visit_under_way(patient: Patient, *, since: dt.datetime) -> Visit | None:
    return patient.visits.present().filter(arrived_at__gte=since).select_related("therapist").first()


def _blocked_reasons(visit: Visit, verb: str) -> list[Reason]:
    return [reason for blocker in STEP_BLOCKERS for reason in blocker(visit, verb)]
