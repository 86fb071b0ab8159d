"""Lists of patients for the front desk: identity, visits, and what can be done next."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.access import Permission, may
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import AuditEvent
from clinic.values.words import Text
from patients.models import Patient, PatientAccess, Visit
from patients.rules.ages import age_words
from patients.rules.identity.likeness import MergedRecord
from patients.rules.visits.days import day_bounds

RECENT_AT_MOST = 8
EVENTS_LOOKED_AT = 60


@dataclass(frozen=True)
class ListedPatient:
    """One line of a list. A restricted record shows its reference, which was asked for, and nothing else."""

    ref: str
    restricted: bool
    name: str = ""
    preferred: str = ""
    born: dt.date | None = None
    age: str = ""
    phone: str = ""
    url: str = ""
    # the label of the link when the record is restricted
    way: str = ""
    # why a search found the patient
    why: str = ""
    # the merged record by which it did
    before: MergedRecord | None = None
    # what the page puts the focus on: the step, or the name where the step may be somebody else's
    focus: str = ""
    namesake: bool = False
    deceased: bool = False
    seen_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    expected_ref: str = ""
    here_since: dt.datetime | None = None


def listed_patients(people: Iterable[Patient], *, user, on: dt.date) -> list[ListedPatient]:
    """One line per person in the order of `people`, in one query."""
    keys = tuple(person.pk for person in people)
    if not keys:
        return []
    found = LISTED(user=user.pk if user else None, at=timezone.now(), keys=keys, **_bounds(on))
    rows = {person.pk: person for person in found}
    return lines([rows[pk] for pk in keys if pk in rows], user=user, on=on)


def with_reference(ref: str, *, user, on: dt.date) -> list[Patient]:
    """The patient of this reference, or the one with whom it was merged, read for `lines`."""
    return OF_REFERENCE(user=user.pk if user else None, at=timezone.now(), ref=ref, **_bounds(on))


def lines(people: Iterable[Patient], *, user, on: dt.date) -> list[ListedPatient]:
    """The lines of patients who were read for them."""
    return [_listed(person, on, user) for person in people]


def with_reasons(
    rows: list[ListedPatient], reasons: Iterable[Iterable[Text]], before: Iterable[MergedRecord | None]
) -> list[ListedPatient]:
    """The rows of a search. The first one's step has the focus, but none that may be a namesake's."""
    told = [
        row if row.restricted else replace(row, why=", ".join(map(str, why)).capitalize(), before=merged)
        for row, why, merged in zip(rows, reasons, before, strict=True)
    ]
    if not told:
        return []
    first, *others = told
    return [replace(first, focus="step" if first.expected_ref and not first.namesake else "name"), *others]


def recently_opened(user) -> list[Patient]:
    """The records that this user opened last and may open, newest first, from the audit."""
    newest = tuple(dict.fromkeys(OPENED(user=user.pk)))[:RECENT_AT_MOST]
    open_records = OPEN_RECORDS(user=user.pk, at=timezone.now(), refs=newest) if newest else []
    people = {person.ref: person for person in open_records}
    return [people[ref] for ref in newest if ref in people]


def _opened(user: int) -> QuerySet:
    events = AuditEvent.objects.filter(actor=user, code="patient.opened").order_by("-at", "-seq")
    return events.values_list("patient_ref", flat=True)[:EVENTS_LOOKED_AT]


def _open_records(user: int, at: dt.datetime, refs: tuple[str, ...]) -> QuerySet:
    return Patient.objects.visible_to(user, at=at).filter(ref__among=refs, merged_into=None)


OPENED = PreparedQuery(_opened)
OPEN_RECORDS = PreparedQuery(_open_records)


def _bounds(on: dt.date) -> dict[str, dt.datetime]:
    start, end = day_bounds(on)
    return {"start": start, "end": end}


def _of_keys(
    user: int | None, at: dt.datetime, keys: tuple[int, ...], start: dt.datetime, end: dt.datetime
) -> QuerySet:
    return _with_visits(Patient.objects.filter(pk__among=keys), user, at, start, end)


def _of_reference(
    user: int | None, at: dt.datetime, ref: str, start: dt.datetime, end: dt.datetime
) -> QuerySet:
    key = Patient.objects.filter(ref=ref).values(key=Coalesce("merged_into", F("pk")))
    return _with_visits(Patient.objects.filter(pk__among=key), user, at, start, end)


def _with_visits(
    patients: QuerySet, user: int | None, at: dt.datetime, start: dt.datetime, end: dt.datetime
) -> QuerySet:
    visits = Visit.objects.filter(patient=OuterRef("pk"))
    today = visits.between(start, end)
    last_arrival = visits.filter(arrived_at__isnull=False).order_by("-arrived_at").values("arrived_at")[:1]
    next_visit = (
        visits.expected().filter(booked_for__gte=start).order_by("booked_for").values("booked_for")[:1]
    )
    # a mark for the name of a closed record would tell the name
    open_records = Patient.objects.living_records().visible_to(user, at=at)
    namesakes = open_records.filter(name_key=OuterRef("name_key")).exclude(pk=OuterRef("pk"))
    return patients.annotate(
        seen_at=Subquery(last_arrival),
        next_at=Subquery(next_visit),
        expected_ref=Subquery(today.expected().order_by("booked_for").values("ref")[:1]),
        here_since=Subquery(today.present().order_by("arrived_at").values("arrived_at")[:1]),
        namesake=Exists(namesakes),
        is_open=Exists(PatientAccess.objects.open_to(user, at=at).filter(patient=OuterRef("pk"))),
    )


LISTED = PreparedQuery(_of_keys, one_plan=True)
OF_REFERENCE = PreparedQuery(_of_reference)


def _restricted(person: Patient, user) -> ListedPatient:
    """The line of a restricted record, with a link for roles that may go on."""
    row = ListedPatient(ref=person.ref, restricted=True)
    if may(user, Permission.SESSION_OPEN):
        return replace(row, url=reverse("patients:glass", args=[person.ref]), way=_("Emergency access"))
    if may(user, Permission.RECORD_RESTRICT):
        return replace(row, url=reverse("patients:restriction", args=[person.ref]), way=_("Who may open it"))
    return row


def _listed(person: Patient, on: dt.date, user) -> ListedPatient:
    if person.restricted_at and not person.is_open:
        return _restricted(person, user)
    return ListedPatient(
        ref=person.ref,
        restricted=False,
        name=person.listed_name,
        preferred=person.preferred_name,
        born=person.born,
        age=age_words(person.born, person.deceased_on or on),
        phone=person.phone,
        url=person.get_absolute_url(),
        namesake=person.namesake,
        deceased=person.deceased_on is not None,
        seen_at=person.seen_at,
        next_at=person.next_at,
        expected_ref=person.expected_ref or "",
        here_since=person.here_since,
    )
