"""An absent therapist: future visits and open calls move, with a warning about collisions."""

import datetime as dt

import pytest
from django.utils import timezone

from clinic.models import AuditEvent
from patients.models import Visit
from tests import factories
from treatments.models import FollowUp

URL = "/visits/move/"


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


def typed(away, to, **changes):
    return {
        "away": away.pk,
        "to": to.pk,
        "first": "today",
        "last": "today",
        "form_key": "0" * 31 + "1",
        **changes,
    }


@pytest.fixture
def day(ada, therapist, other_therapist, reception):
    """One expected visit, one in progress, one next week, and one call."""
    now = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    session = factories.session(ada, therapist)
    return {
        "waits": factories.visit(ada, therapist, booked_for=now),
        "begun": session.visit,
        "later": factories.visit(ada, therapist, booked_for=now + dt.timedelta(days=7)),
        "clash": factories.visit(factories.patient(reception), other_therapist, booked_for=now),
        "call": factories.followup(session, assigned_to=therapist),
    }


def test_what_would_move_is_shown_first(desk, day, therapist, other_therapist):
    response = desk.post(URL, typed(therapist, other_therapist))
    assert response.status_code == 200
    assert [row["visit"] for row in response.context["rows"]] == [day["waits"]]
    assert response.context["clashes"] == 1
    assert "Double booking" in response.content.decode()
    day["waits"].refresh_from_db()
    assert day["waits"].therapist == therapist


def test_one_button_moves_visits_and_calls_each_with_an_event(
    desk, day, therapist, other_therapist, reception
):
    shown = desk.post(URL, typed(therapist, other_therapist)).context["confirm"]
    response = desk.post(URL, typed(therapist, other_therapist, confirm=shown))
    assert response.status_code == 302
    owners = dict(Visit.objects.values_list("pk", "therapist"))
    assert owners[day["waits"].pk] == other_therapist.pk
    assert owners[day["begun"].pk] == therapist.pk
    assert owners[day["later"].pk] == therapist.pk
    assert FollowUp.objects.get(pk=day["call"].pk).assigned_to == other_therapist
    event = AuditEvent.objects.get(code="visit.moved")
    assert (event.actor, event.changes) == (reception, {"therapist": ["therapist", "therapist2"]})
    assert AuditEvent.objects.filter(code="followup.moved").count() == 1


def test_a_double_booking_that_came_since_is_shown_before_anything_moves(
    desk, day, therapist, other_therapist, reception
):
    shown = desk.post(URL, typed(therapist, other_therapist)).context["confirm"]
    later = day["waits"].booked_for + dt.timedelta(minutes=40)
    factories.visit(ada := factories.patient(reception), therapist, booked_for=later)
    factories.visit(factories.patient(reception), other_therapist, booked_for=later)
    again = desk.post(URL, typed(therapist, other_therapist, confirm=shown))
    assert "Nothing has moved" in again.content.decode()
    assert not AuditEvent.objects.filter(code="visit.moved").exists()
    moved = desk.post(URL, typed(therapist, other_therapist, confirm=again.context["confirm"]))
    assert moved.status_code == 302
    assert ada.visits.get().therapist == other_therapist


def test_a_range_of_days_moves(desk, day, therapist, other_therapist):
    last = f"{timezone.localdate() + dt.timedelta(days=7):%m/%d/%Y}"
    shown = desk.post(URL, typed(therapist, other_therapist, last=last)).context["confirm"]
    desk.post(URL, typed(therapist, other_therapist, last=last, confirm=shown))
    day["later"].refresh_from_db()
    assert day["later"].therapist == other_therapist


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"to": ""}, "to", "Choose who takes over."),
        ({"first": "soon"}, "first", "Write the date"),
        ({"last": "yesterday"}, "last", "before the first"),
    ],
)
def test_what_cannot_be_is_explained(desk, day, therapist, other_therapist, changes, field, message):
    response = desk.post(URL, {**typed(therapist, other_therapist, confirm="yes"), **changes})
    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert not AuditEvent.objects.filter(code="visit.moved").exists()


def test_nobody_takes_over_from_themselves(desk, day, therapist):
    response = desk.post(URL, typed(therapist, therapist, confirm="yes"))
    assert "Choose somebody else" in response.context["form"].errors["to"][0]


def test_who_may_not_manage_visits_is_refused(lead, signed_in):
    assert signed_in(lead).get(URL).status_code == 403
