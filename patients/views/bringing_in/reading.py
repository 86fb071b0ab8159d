"""How a file of each kind is read, worded and brought in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from clinic import audit
from clinic.models import Practice, User
from clinic.rules.csv_import import Table
from patients.actions.bringing_in import bookings, patients
from patients.forms.bringing_in import bookings as booking_rows
from patients.forms.bringing_in import people as patient_rows
from patients.models import BroughtFile
from patients.rules.bringing_in import diary, matches, wording
from patients.rules.bringing_in.rows import Fault, Judged
from patients.rules.bringing_in.wording import Words
from patients.selectors import bringing_in as selectors
from patients.views import visibility


@dataclass(frozen=True)
class Reading:
    """The rows that can be read, and what is wrong with the others and among them, by their numbers."""

    rows: list[Any]
    faults: list[Fault]
    judged: Judged


@dataclass(frozen=True)
class Kind:
    """`read` takes a request, the table and what its columns hold; `bring` gives what it did in words."""

    read: Callable[[Any, Table, list[str]], Reading]
    words: Callable[[Judged], Words]
    bring: Callable[[Reading, BroughtFile, User], str]


def _read_patients(request, table: Table, mapping: list[str]) -> Reading:
    """Every row, compared with the record; the look is recorded as a search is."""
    people, faults = patient_rows.read_patients(table, mapping)
    judged = matches.judge(people, selectors.known_people(request.user))
    audit.look("patient.found", None, by=request.user)
    visibility.record_restricted(
        request,
        shown=selectors.closed_records(judged.named),
        guessed=selectors.closed_records(judged.guessed),
    )
    return _reading(people, faults, judged)


def _read_bookings(request, table: Table, mapping: list[str]) -> Reading:
    """Every row, with whom and what it names; that patients were looked up is recorded."""
    refs, numbers = booking_rows.named_people(table, mapping)
    minutes = Practice.objects.get(pk=1).visit_minutes
    known = selectors.diary(request.user, refs=refs, numbers=numbers, now=timezone.now(), minutes=minutes)
    found, faults = booking_rows.read_bookings(table, mapping, known)
    audit.look("patient.found", None, by=request.user)
    return _reading(found, faults, diary.judge(found, known))


def _reading(rows: list, faults: list[Fault], judged: Judged) -> Reading:
    return Reading(rows, sorted([*faults, *judged.faults], key=lambda fault: fault.row), judged)


def _register(reading: Reading, file: BroughtFile, by: User) -> str:
    return wording.registered(patients.bring_in(reading.rows, by=by, file=file).written)


def _book(reading: Reading, file: BroughtFile, by: User) -> str:
    return wording.booked(bookings.book(reading.rows, by=by, file=file, now=timezone.now()).written)


KINDS = {
    BroughtFile.Kind.PATIENTS.value: Kind(_read_patients, wording.of_patients, _register),
    BroughtFile.Kind.BOOKINGS.value: Kind(_read_bookings, wording.of_bookings, _book),
}
