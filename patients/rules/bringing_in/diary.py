"""Matches the bookings of a file with patients, therapists, places and rooms, and with visits that stand."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from clinic.models import Location, Room, User
from clinic.values import references
from patients.models import Patient
from patients.rules.bringing_in.columns import folded
from patients.rules.bringing_in.rows import Fault, Judged
from patients.rules.visits import booking
from patients.rules.visits.booking import Slot


@dataclass(frozen=True)
class Diary:
    """Whom and what a booking may name, by what files call them, and the visits that stand from `now` on."""

    now: dt.datetime
    minutes: int
    patients: Mapping[str, Patient] = field(default_factory=dict)
    numbers: Mapping[str, Patient] = field(default_factory=dict)
    therapists: Mapping[str, User] = field(default_factory=dict)
    places: Mapping[str, Location] = field(default_factory=dict)
    rooms: Mapping[tuple[int, str], Room] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    # (key of the patient, start) of those visits: their references
    standing: Mapping[tuple[int, dt.datetime], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """What a row names, None where it names nothing that is known."""

    patient: Patient | None
    therapist: User | None
    place: Location | None
    room: Room | None


@dataclass(frozen=True)
class BroughtBooking:
    row: int
    patient: Patient
    therapist: User
    place: Location
    room: Room | None
    booked_for: dt.datetime
    minutes: int
    kind: str
    desk_note: str

    @property
    def slot(self) -> Slot:
        room = self.room.pk if self.room else None
        named = {"therapist": self.therapist.short_name, "room": self.room.name if self.room else ""}
        return Slot(self.booked_for, self.minutes, self.therapist.pk, self.patient.pk, room, **named)


def named(cells: Mapping[str, str], diary: Diary) -> tuple[Named, dict[str, str]]:
    """What a row names, and {column: sentence} of what it names in vain. One place needs no name."""
    wrong: dict[str, str] = {}
    patient = _patient(cells, diary, wrong)
    therapist = _one("therapist", cells, diary.therapists, wrong)
    place = _one("location", cells, diary.places, wrong)
    name, room = cells.get("room", ""), None
    if name and place:
        room = diary.rooms.get((place.pk, folded(name)))
        if room is None:
            wrong["room"] = _("%(place)s has no room “%(name)s”.") % {"place": place.name, "name": name}
    return Named(patient, therapist, place, room), wrong


def _patient(cells: Mapping[str, str], diary: Diary, wrong: dict[str, str]) -> Patient | None:
    ref, number = references.normalise(cells.get("ref", "")), cells.get("external_id", "")
    found = diary.patients.get(ref) if ref else diary.numbers.get(number)
    if found is None:
        message = _("Nobody is registered with “%(name)s”. Bring the patients in first.")
        if not (ref or number):
            message = _("The row says not whose visit it is.")
        wrong["ref" if ref else "external_id"] = message % {"name": ref or number}
    return found


def _one(name: str, cells: Mapping[str, str], known: Mapping[str, Any], wrong: dict[str, str]):
    text = cells.get(name, "")
    different = {one.pk: one for one in known.values()}
    if not text and len(different) == 1:
        return next(iter(different.values()))
    found = known.get(folded(text))
    if found is None:
        names = ", ".join(sorted({str(_shown(one)) for one in different.values()}))
        message = _("“%(name)s” is not known here. Known: %(names)s.")
        if not text:
            message = _("It is empty. Choose one of: %(names)s.")
        wrong[name] = message % {"name": text, "names": names}
    return found


def _shown(one: User | Location) -> str:
    return one.display_name if isinstance(one, User) else one.name


def judge(rows: Iterable[BroughtBooking], diary: Diary) -> Judged:
    """What is to be booked; `likely` are sentences about double bookings, which may be meant."""
    found = Judged()
    seen: dict[tuple[int, dt.datetime], int] = {}
    slots: dict[dt.date, list[Slot]] = defaultdict(list)
    for slot in diary.slots:
        slots[slot.starts_at.date()].append(slot)
    for row in rows:
        key = (row.patient.pk, row.booked_for)
        if key in diary.standing:
            found.standing.append((row.row, diary.standing[key]))
            continue
        reasons = [
            Fault(row.row, reason.field, reason.message, reason.code)
            for reason in booking.reasons(row.patient, row.place.pk, row.room, row.minutes)
        ]
        if row.patient.ref not in diary.patients:
            message = _("This record was merged, or closed to you, meanwhile. Read the file again.")
            reasons.append(Fault(row.row, "", message, "patient-gone"))
        if key in seen:
            message = _("Row %(row)s books this patient for the same time.") % {"row": seen[key]}
            reasons.append(Fault(row.row, "", message, "booked-twice"))
        found.faults.extend(reasons)
        if not reasons:
            found.likely.extend(_cautions(row, slots, diary.now))
        found.new.append(row)
        seen[key] = row.row
        slots[row.booked_for.date()].append(row.slot)
    return found


def _cautions(row: BroughtBooking, slots: Mapping[dt.date, list[Slot]], now: dt.datetime) -> list[str]:
    days = [row.booked_for.date() + dt.timedelta(days=days) for days in (-1, 0, 1)]
    near = [slot for day in days for slot in slots.get(day, ())]
    return [
        _("Row %(row)s: %(message)s") % {"row": row.row, "message": reason.message}
        for reason in booking.cautions(row.slot, near, now=now)
    ]
