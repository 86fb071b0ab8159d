"""Booking: what refuses a visit, and what only cautions, such as a double-booked room or person."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import formats
from clinic.models import Room, User
from clinic.values.errors import CAUTION, Reason
from patients.models import Patient, Visit
from patients.rules import merged

# own choice: a visit is within one working day
MIN_MINUTES, MAX_MINUTES = 5, 480
# own choice: a visit that began so long ago was not meant
TYPED_LATE = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Slot:
    """A taken or wanted time, with the names that a caution shows."""

    starts_at: dt.datetime
    minutes: int
    therapist_id: int
    patient_id: int
    room_id: int | None = None
    therapist: str = ""
    room: str = ""

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    @property
    def key(self) -> str:
        """Identifies the time that “Keep this time” confirms, with the cautions; any change asks again."""
        return f"{self.starts_at:%Y%m%d%H%M}-{self.minutes}-{self.therapist_id}-{self.room_id or 0}"


@dataclass(frozen=True)
class ExpectedVisit:
    """A visit that is booked for the day and has not started."""

    ref: str
    booked_for: dt.datetime
    therapist: User


def slot_of(visit: Visit) -> Slot:
    return Slot(
        visit.booked_for,
        visit.minutes,
        visit.therapist_id,
        visit.patient_id,
        visit.room_id,
        visit.therapist.short_name,
        visit.room.name if visit.room else "",
    )


def reasons(patient: Patient, location_id: int, room: Room | None, minutes: int) -> list[Reason]:
    """Why this visit cannot be booked."""
    found = merged.reasons(patient)
    if patient.deceased_on:
        found.append(Reason("deceased", _("This patient has died; visits are not booked.")))
    found += room_reasons(location_id, room)
    if not MIN_MINUTES <= minutes <= MAX_MINUTES:
        found.append(Reason("minutes", _("A visit lasts 5 to 480 minutes."), field="minutes"))
    return found


def room_reasons(location_id: int, room: Room | None) -> list[Reason]:
    if room is None or room.location_id == location_id:
        return []
    return [
        Reason("room-elsewhere", _("This room belongs to another location. Choose one here."), field="room")
    ]


def cautions(requested: Slot, taken: list[Slot], *, now: dt.datetime, is_closed=False) -> list[Reason]:
    """The cautions about the wanted time, such as double bookings. `is_closed`: nobody is there that day."""
    starts_at, ends_at = requested.starts_at, requested.ends_at
    overlapping = [slot for slot in taken if slot.starts_at < ends_at and starts_at < slot.ends_at]
    reasons = [reason for slot in overlapping for reason in _clashes(requested, slot)]
    if is_closed:
        message = _("The practice is closed on %(day)s.") % {"day": formats.day(requested.starts_at)}
        reasons.append(Reason("closed-day", message, CAUTION, field="booked_for"))
    if requested.starts_at < now - TYPED_LATE:
        reasons.append(Reason("in-the-past", _("This time has passed."), CAUTION, field="booked_for"))
    return reasons


def _clashes(requested: Slot, slot: Slot) -> list[Reason]:
    when = time_range(slot)
    found = []
    if slot.patient_id == requested.patient_id:
        found.append(
            Reason(
                "patient-twice", _("This patient has a visit at %(when)s already.") % {"when": when}, CAUTION
            )
        )
    if slot.therapist_id == requested.therapist_id:
        found.append(
            Reason(
                "therapist-twice",
                _("%(therapist)s has another visit at %(when)s.")
                % {"therapist": slot.therapist, "when": when},
                CAUTION,
            )
        )
    if slot.room_id and slot.room_id == requested.room_id:
        found.append(
            Reason(
                "room-twice",
                _("Room %(room)s is taken at %(when)s.") % {"room": slot.room, "when": when},
                CAUTION,
            )
        )
    return found


def time_range(slot: Slot) -> str:
    return _("%(start)s to %(end)s") % {
        "start": formats.clock(slot.starts_at),
        "end": formats.clock(slot.ends_at),
    }
