"""The number of data statements of each page is pinned in query_counts.json, for histories of any length."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone

from clinic import audit
from clinic.signin import lifetime
from patients.models import Screening, Visit
from tests import factories, world
from tests.statements import BUDGET, data_statements
from treatments.models import FollowUp, NeedleSite, NeedlingSession, SessionCondition, SorenessReport

# the suite creates no test database without it
pytestmark = pytest.mark.django_db

BASELINE = Path(__file__).with_name("query_counts.json")
LONG = 500


def count_pages(practice: world.World) -> dict[str, int]:
    """{address: data statements}, the maximum over the roles and states that can read it."""
    counts = {}
    for role, address, state in world.requests_of(practice):
        client = world.client_of(practice, role)
        with data_statements() as data:
            response = client.get(address.path(practice.values(address, state)))
        if response.status_code == 200:
            counts[address.name] = max(counts.get(address.name, 0), len(data))
    return counts


def add_history(practice: world.World) -> None:
    """Gives the draft's patient 500 past sessions, each with a call and an audit event."""
    session = NeedlingSession.objects.get(ref=practice.states["draft"]["sessions"]["ref"])
    days = [timezone.now() - dt.timedelta(days=number) for number in range(1, LONG)]
    by = session.therapist
    visits = Visit.objects.bulk_create(past_visit(session, day) for day in days)
    sessions = NeedlingSession.objects.bulk_create(
        past_session(session, visit, day) for visit, day in zip(visits, days, strict=True)
    )
    has = session.conditions.get().patient_condition
    SessionCondition.objects.bulk_create(
        SessionCondition(
            session=row, patient_condition=has, name="Neck pain", side="right", pain_before=6, pain_after=3
        )
        for row in sessions
    )
    NeedleSite.objects.bulk_create(site(row, session.sites.first()) for row in sessions)
    # signed last, because nothing can be added to a signed session
    NeedlingSession.objects.filter(pk__in=[row.pk for row in sessions]).update(
        signed_at=F("ended_at"), signed_by=by
    )
    calls = FollowUp.objects.bulk_create(
        answered_call(row, day) for row, day in zip(sessions, days, strict=True)
    )
    SorenessReport.objects.bulk_create(
        SorenessReport(followup=call, reported_by=by, now=1, worst=4, triage="expected") for call in calls
    )
    Screening.objects.bulk_create(screening_like(session.visit_screening, day) for day in days)
    audit.record_many(
        [audit.AuditEntry("session.signed", row, by, session.patient, at=row.ended_at) for row in sessions]
    )


def past_visit(session, day) -> Visit:
    return Visit(
        patient=session.patient,
        therapist=session.therapist,
        location=session.location,
        booked_for=day,
        booked_by=session.therapist,
        arrived_at=day,
        arrived_by=session.therapist,
        left_at=day,
        left_by=session.therapist,
    )


def past_session(session, visit, day) -> NeedlingSession:
    copied = ("patient", "episode", "location", "therapist", "jurisdiction", "screening", "consent")
    return NeedlingSession(
        **{name: getattr(session, name) for name in copied},
        visit=visit,
        opened_at=day,
        opened_by=session.therapist,
        started_at=day,
        ended_at=day,
    )


def site(session, like: NeedleSite) -> NeedleSite:
    return NeedleSite(
        session=session,
        number=1,
        muscle=like.muscle,
        side="right",
        technique=like.technique,
        gauge_mm="0.30",
        length_mm=40,
        needles=1,
        insertions=2,
        twitches=1,
        added_by=session.therapist,
    )


def answered_call(session, day) -> FollowUp:
    return FollowUp(
        session=session, step=24, due_at=day, closed_at=day, closed_by=session.therapist, outcome="answered"
    )


def screening_like(like: Screening, day) -> Screening:
    copied = ("patient", "kind", "source", "taken_by", "rule_version", "computed_level", "decided_level")
    reviewed = {"decision": "proceed", "reviewed_at": day, "reviewed_by": like.taken_by}
    return Screening(**{name: getattr(like, name) for name in copied}, taken_at=day, **reviewed)


def fill_the_day(practice: world.World) -> None:
    """A full day: thirty more booked patients, some of them checked in, and ten more due calls."""
    desk, author = practice.people["desk"], practice.people["author"]
    for number in range(30):
        patient = factories.patient(desk)
        make = factories.arrived if number % 2 else factories.visit
        visit = make(patient, author)
        if number % 6 == 1:
            factories.followup(factories.session(patient, author, visit=visit))


@pytest.fixture(scope="module")
def counts(practice) -> tuple[dict[str, int], dict[str, int]]:
    """Counts for short histories on a quiet day, then for long ones on a full day."""
    with pytest.MonkeyPatch.context() as patch:
        # the session's activity time is saved twice a minute, which is not a cost of the page
        patch.setattr(lifetime, "TOUCH_INTERVAL_SECONDS", 24 * 60 * 60)
        short = count_pages(practice)
        add_history(practice)
        fill_the_day(practice)
        return short, count_pages(practice)


def baseline() -> dict[str, int]:
    """The counts are the same on both engines."""
    return json.loads(BASELINE.read_text(encoding="utf-8"))


def test_no_page_costs_more_than_its_budget(counts):
    short, _ = counts

    assert short
    assert {name: count for name, count in short.items() if count > BUDGET} == {}


def test_a_long_history_costs_what_a_short_one_costs(counts):
    short, long = counts

    dearer = {name: (short[name], count) for name, count in long.items() if count > short[name]}

    assert dearer == {}


def test_counts_are_the_pinned_ones(counts):
    """Update the file when a page's count changes on purpose, so that the diff shows it."""
    short, _ = counts

    assert short == baseline()


def test_the_long_history_is_long(counts, practice):
    patient = practice.states["draft"]["patients"]["ref"]

    assert NeedlingSession.objects.signed().filter(patient__ref=patient).count() == LONG - 1
