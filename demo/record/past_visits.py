"""Visits before today: once a week, each with a signed session, and pain that slowly eases."""

import datetime as dt
from dataclasses import dataclass

from clinic.models import Room, User
from demo.record import consents, overrides, screenings, sessions
from demo.record import followups as followups_record
from demo.record.patients import PatientRecord
from patients.models import Visit
from treatments.models import FollowUp, Muscle, NeedlingSession

MINUTE = dt.timedelta(minutes=1)
DAYS_BETWEEN = 7
# Health questions and consent are renewed shortly before they expire after a year.
RENEWED_AFTER = dt.timedelta(days=360)
# Visit stamps without an audit event here: they would be a third of all events.
WITHOUT_EVENT = {"roomed", "left"}
SITES = 3
NEVER_NEEDLED, FAINTED = 0.4, 0.05


@dataclass(frozen=True)
class PastSession:
    """A session of the past with its follow-ups."""

    session: NeedlingSession
    followups: list[FollowUp]


def add_past_visits(
    record: PatientRecord, *, visits: int, last: dt.datetime, therapist: User, muscles: tuple[str, ...] = ()
) -> list[PastSession]:
    """`visits` signed sessions, a week apart, the newest at `last`; only the newest one's calls are open."""
    pain = record.random_source.randint(6, 9)
    past = []
    for number in range(visits):
        booked = weekday(last - dt.timedelta(days=DAYS_BETWEEN * (visits - 1 - number)))
        _renew_screening_and_consent(record, booked, therapist)
        past.append(_add_past_visit(record, booked, therapist, pain, muscles))
        # part of the relief lasts until the next visit
        pain = max(pain - record.random_source.choice((0, 1, 1, 2)), 1)
    for earlier in past[:-1]:
        followups_record.settle(record, earlier.followups)
    return past


def weekday(at: dt.datetime) -> dt.datetime:
    """Nobody is treated on a weekend: the Friday before."""
    return at - dt.timedelta(days=max(at.weekday() - 4, 0))


def book(record: PatientRecord, booked: dt.datetime, therapist: User, **stamps: dt.datetime) -> Visit:
    """A booking with its stamps: arrived, roomed, left."""
    staff, by = record.context.staff, record.reception
    pairs = {f"{name}_at": at for name, at in stamps.items()} | {f"{name}_by": by for name in stamps}
    booked_at = min(booked - dt.timedelta(days=6), record.context.clock.now - dt.timedelta(days=1))
    visit = record.batch.add(
        Visit,
        ref=record.context.references.for_record(),
        patient=record.patient,
        location=staff.location,
        room=_room(record, therapist) if "roomed" in stamps else None,
        therapist=therapist,
        kind=Visit.Kind.FOLLOW_UP if record.sessions else Visit.Kind.FIRST,
        booked_for=booked,
        minutes=staff.practice.visit_minutes,
        booked_at=booked_at,
        booked_by=by,
        **pairs,
    )
    record.add_event("visit.booked", visit, by=by, at=booked_at)
    for name, at in stamps.items():
        if name not in WITHOUT_EVENT:
            record.add_event(f"visit.{name}", visit, by=by, at=at)
    return visit


def _room(record: PatientRecord, therapist: User) -> Room:
    """Each therapist has a room; the first room is nobody's."""
    staff = record.context.staff
    return staff.rooms[staff.therapists.index(therapist) + 1]


def treat(
    record: PatientRecord,
    visit: Visit,
    *,
    at: dt.datetime,
    pain: tuple[int, int],
    muscles: tuple[str, ...] = (),
) -> NeedlingSession:
    """A complete session, ended and not signed yet."""
    asked_at = at - 2 * MINUTE
    visit_screening = screenings.take_at_visit(record, visit, at=asked_at, by=visit.therapist)
    session = sessions.open_session(record, visit, visit_screening, at=at)
    conditions = sessions.add_conditions(record, session, pain)
    sites = [
        sessions.add_site(record, session, conditions[0], muscle, number=number)
        for number, muscle in enumerate(choose_muscles(record, muscles), start=1)
    ]
    overrides.raise_at_site(record, sites[0])
    sessions.complete(record, session, sites, conditions)
    return session


def choose_muscles(record: PatientRecord, codes: tuple[str, ...] = ()) -> list[Muscle]:
    """These muscles, else usual ones of the first condition."""
    catalog = record.context.catalogs.muscle
    if codes:
        return [catalog.muscles[code] for code in codes]
    usual = catalog.for_condition[record.conditions[0].condition.code]
    return record.random_source.sample(usual, min(SITES, len(usual)))


def _add_past_visit(
    record: PatientRecord, booked: dt.datetime, therapist: User, pain: int, muscles: tuple[str, ...]
) -> PastSession:
    visit = book(
        record,
        booked,
        therapist,
        arrived=booked - record.random_source.randint(2, 9) * MINUTE,
        roomed=booked + MINUTE,
        left=booked + 34 * MINUTE,
    )
    eased = max(pain - record.random_source.randint(1, 3), 0)
    session = treat(record, visit, at=booked + 5 * MINUTE, pain=(pain, eased), muscles=muscles)
    sessions.sign(record, session)
    return PastSession(session, followups_record.schedule(record, session))


def _renew_screening_and_consent(record: PatientRecord, booked: dt.datetime, therapist: User) -> None:
    """Before the first visit and once a year after that."""
    if record.screening is None or booked - record.screening.taken_at > RENEWED_AFTER:
        at, concerns = booked - 25 * MINUTE, _usual_concerns(record)
        screenings.take_intake(record, at=at, reviewer=therapist, concerns=concerns)
    if record.consent is None or booked - record.consent.given_at > RENEWED_AFTER:
        consents.give(record, at=booked - 12 * MINUTE, therapist=therapist)


def _usual_concerns(record: PatientRecord) -> dict[str, str]:
    """Most people report nothing; some never had a needle, a few fainted once."""
    first = {"first-needling": ""} if record.random_source.random() < NEVER_NEEDLED else {}
    fainted = {"fainted": "Once, at a blood test."} if record.random_source.random() < FAINTED else {}
    return first | fainted
