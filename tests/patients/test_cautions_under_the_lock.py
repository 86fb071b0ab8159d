"""What stands against a time is asked again under the lock: a colleague may book it while a form is sent."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from clinic.models import Room
from clinic.web import responses
from patients.actions import visits
from patients.models import Visit
from tests import factories
from tests.concurrency import at_once, database_in_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


@pytest.fixture
def meanwhile(monkeypatch):
    """meanwhile(act): a colleague does it after the form was read and before it is saved."""
    perform_once = responses.perform_once

    def first(act):
        def after_the_colleague(*args, **options):
            monkeypatch.setattr(responses, "perform_once", perform_once)
            act()
            return perform_once(*args, **options)

        monkeypatch.setattr(responses, "perform_once", after_the_colleague)

    return first


def nine_tomorrow():
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    return tomorrow.replace(hour=9, minute=30, second=0, microsecond=0)


def typed(therapist, **changes) -> dict:
    usual = {
        "booked_for": "tomorrow 9:30",
        "minutes": "30",
        "therapist": therapist.pk,
        "location": factories.location().pk,
        "room": "",
        "kind": "follow_up",
        "desk_note": "",
        "form_key": uuid.uuid4().hex,
    }
    return {**usual, **changes}


def url(patient) -> str:
    return f"/patients/{patient.ref}/visits/book/"


def test_a_booking_that_came_meanwhile_is_told_and_may_be_kept(desk, ada, therapist, reception, meanwhile):
    other = factories.patient(reception)
    meanwhile(lambda: factories.visit(other, therapist, booked_for=nine_tomorrow()))
    asked = desk.post(url(ada), typed(therapist))
    assert asked.status_code == 200
    assert [caution.code for caution in asked.context["cautions"]] == ["therapist-twice"]
    assert Visit.objects.filter(patient=ada).count() == 0

    key = asked.context["form_key"]
    kept = desk.post(url(ada), typed(therapist, form_key=key, keep=asked.context["keep"]))
    assert kept.status_code == 302
    assert Visit.objects.filter(patient=ada).count() == 1


def test_a_kept_time_is_asked_about_again_where_something_else_came(
    desk, ada, therapist, reception, meanwhile
):
    factories.visit(factories.patient(reception), therapist, booked_for=nine_tomorrow())
    seen = desk.post(url(ada), typed(therapist)).context["keep"]
    later = nine_tomorrow() + dt.timedelta(minutes=15)
    meanwhile(lambda: factories.visit(factories.patient(reception), therapist, booked_for=later))
    asked = desk.post(url(ada), typed(therapist, keep=seen))
    assert [caution.code for caution in asked.context["cautions"]] == ["therapist-twice"] * 2
    assert not Visit.objects.filter(patient=ada).exists()


def test_a_changed_booking_is_judged_as_it_is_saved(desk, ada, therapist, reception, meanwhile):
    visit = factories.visit(ada, therapist, booked_for=nine_tomorrow() + dt.timedelta(days=3))
    meanwhile(lambda: factories.visit(factories.patient(reception), therapist, booked_for=nine_tomorrow()))
    asked = desk.post(f"/visits/{visit.ref}/edit/", typed(therapist))
    assert [caution.code for caution in asked.context["cautions"]] == ["therapist-twice"]
    visit.refresh_from_db()
    assert visit.booked_for != nine_tomorrow()
    assert desk.post(
        f"/visits/{visit.ref}/edit/", typed(therapist, keep=asked.context["keep"])
    ).status_code == 302  # fmt: skip
    visit.refresh_from_db()
    assert visit.booked_for == nine_tomorrow()


def test_a_note_at_a_double_booking_asks_nothing(desk, ada, therapist, reception):
    visit = factories.visit(ada, therapist, booked_for=nine_tomorrow())
    factories.visit(factories.patient(reception), therapist, booked_for=nine_tomorrow())
    changed = typed(therapist, kind=visit.kind, minutes=visit.minutes, desk_note="Brings a cane")
    assert desk.post(f"/visits/{visit.ref}/edit/", changed).status_code == 302


@pytest.fixture
def two_connections(transactional_db, tmp_path):
    with database_in_file(tmp_path / "desks.sqlite3"):
        yield


def test_two_desks_book_one_minute_at_once_and_the_second_is_told(two_connections, ada, therapist, reception):
    other = factories.patient(reception)
    answers = at_once(*(_posted(reception, patient, typed(therapist)) for patient in (ada, other)))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert Visit.objects.count() == 1


def test_two_desks_take_two_patients_to_two_rooms(two_connections, ada, therapist, reception):
    place = factories.location()
    Room.objects.create(location=place, name="8")
    Room.objects.create(location=place, name="9")
    arrived = [factories.arrived(patient, therapist) for patient in (ada, factories.patient(reception))]
    Visit.objects.update(room=None)
    waiting = list(Visit.objects.filter(pk__in=[visit.pk for visit in arrived]))
    at_once(*(lambda visit=visit: visits.take_to_room(visit, by=reception) for visit in waiting))
    assert len(set(Visit.objects.values_list("room", flat=True))) == 2


def _posted(by, patient, values):
    client = Client()
    client.force_login(by)
    return lambda: client.post(url(patient), values)
