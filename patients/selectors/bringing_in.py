"""Whom a file of patients is compared with, and files that were brought in before."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.models import Location, Role, Room, User
from patients.models import BroughtFile, Patient, Visit
from patients.rules.bringing_in.columns import folded
from patients.rules.bringing_in.diary import Diary
from patients.rules.bringing_in.matches import Known
from patients.rules.identity.likeness import COLUMNS
from patients.rules.visits import booking
from patients.selectors.identity import duplicates, former_names

# what began so long ago may still overlap what comes
LONGEST = dt.timedelta(minutes=booking.MAX_MINUTES)


def known_people(user) -> Known:
    """Everybody registered, merged records by who stands for them. Closed to the user are named as such."""
    # the merged ones first: a number that both have is that of the record that stands
    people = Patient.objects.order_by(F("merged_into").asc(nulls_last=True), "pk")
    rows = list(people.values_list("external_id", *COLUMNS, *duplicates.STANDING))
    former = former_names.of_everybody()
    read = [(duplicates.as_standing(tuple(columns), former), number) for number, *columns in rows]
    compared = [(standing, number) for (_person, standing), number in read]
    closed = frozenset(Patient.objects.closed_to(user).values_list(Coalesce("merged_into", "pk"), flat=True))
    # of a closed record nothing is told but its own reference, which stands for who was named
    before = {
        place: person.ref
        for place, ((person, standing), _number) in enumerate(read)
        if person is not standing and standing.pk not in closed
    }
    return Known(
        [person for person, _number in compared],
        {number: person for person, number in compared if number},
        closed,
        before,
    )


def closed_records(keys: frozenset[int]) -> list[Patient]:
    return list(Patient.objects.filter(pk__in=sorted(keys)).order_by("pk")) if keys else []


def brought_before(digest: str, *, kind: str) -> BroughtFile | None:
    """This very file, when it was brought in before."""
    files = BroughtFile.objects.filter(kind=kind, digest=digest, written__gt=0)
    return files.select_related("ended_by").order_by("pk").first()


def waiting_file(pk: int, *, user) -> BroughtFile | None:
    """A file that this user uploaded and that waits."""
    return BroughtFile.objects.filter(pk=pk, uploaded_by=user, ended_at=None).first()


def waiting_files(user) -> list[BroughtFile]:
    """Files that this user uploaded and neither brought in nor took away; without what they hold."""
    waiting = BroughtFile.objects.filter(uploaded_by=user, ended_at=None).defer("content")
    return list(waiting.order_by("pk"))


def diary(user, *, refs: Iterable[str], numbers: Iterable[str], now: dt.datetime, minutes: int) -> Diary:
    """Whom and what the bookings of a file may name, and what is booked from now on."""
    named = Q(ref__among=tuple({*refs})) | Q(external_id__among=tuple({*numbers} - {""}))
    people = list(Patient.objects.living_records().visible_to(user).filter(named).order_by("pk"))
    visits = Visit.objects.standing().filter(booked_for__gte=now - LONGEST, left_at=None)
    visits = list(visits.select_related("therapist", "room"))
    therapists = User.objects.holding(Role.THERAPIST, on=timezone.localdate(now))
    rooms = Room.objects.filter(retired_at=None)
    return Diary(
        now,
        minutes,
        patients={person.ref: person for person in people},
        numbers={person.external_id: person for person in people if person.external_id},
        therapists={name: person for person in therapists for name in _names_of(person)},
        places={
            folded(name): place
            for place in Location.objects.filter(retired_at=None)
            for name in (place.code, place.name)
        },
        rooms={(room.location_id, folded(room.name)): room for room in rooms},
        slots=tuple(map(booking.slot_of, visits)),
        standing={(visit.patient_id, visit.booked_for): visit.ref for visit in visits},
    )


def _names_of(person: User) -> set[str]:
    """What files call a therapist."""
    whole = f"{person.first_name} {person.last_name}"
    names = (person.username, person.display_name, whole, f"{person.last_name} {person.first_name}")
    return {folded(name) for name in names if name.strip()}
