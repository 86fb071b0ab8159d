"""A question whose SQL is kept takes each asking's own values, in the zone of whoever asks."""

import contextlib
import datetime as dt
import zoneinfo
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.django_internals import prepared
from clinic.django_internals.prepared import Prepared
from clinic.models import Credential, RoleGrant, User
from patients.models import PatientAccess
from tests.kept import same

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)


def roles(pk, on):
    return User.objects.with_roles(on=on).select_related("location").filter(pk=pk)


def test_the_second_asking_has_its_own_values(therapist, reception):
    asked = Prepared(lambda pk, name: User.objects.filter(pk=pk, username=name))

    assert asked.one(pk=therapist.pk, name=therapist.username) == therapist
    assert asked.one(pk=reception.pk, name=reception.username) == reception
    assert asked.one(pk=reception.pk, name=therapist.username) is None
    assert sum(map(len, asked.written.values())) == 1


def test_it_is_the_question_that_django_would_write(therapist, reception):
    asked = Prepared(roles)

    for pk in (therapist.pk, reception.pk, 0, -1, prepared.NUMBER, 2**63 - 1):
        for on in (timezone.localdate(), dt.date(1, 1, 1), prepared.DAY, dt.date.max):
            same(asked, pk=pk, on=on)
    assert sum(map(len, asked.written.values())) == 1


def test_what_belongs_to_a_row_comes_with_it(therapist):
    asked, today = Prepared(roles), timezone.localdate()
    asked.one(pk=0, on=today)

    with CaptureQueriesContext(connection) as statements:
        found = asked.one(pk=therapist.pk, on=today)
        assert found.location.pk == therapist.location_id

    assert len(statements) == 1
    assert (found.has_therapist, found.has_admin) == (True, False)


@pytest.mark.parametrize(
    "word", ["", "x", "%", "_", "\\", "'; --", "Ünï", " therapist ", "THERAPIST", prepared.WORD, "9871-01-01"]
)
def test_a_word_is_a_value_whatever_it_says(therapist, word):
    asked = Prepared(lambda name: User.objects.filter(username=name))
    asked(name="therapist")

    same(asked, name=word)
    assert sum(map(len, asked.written.values())) == 1


def test_days_change_with_the_asking(therapist):
    asked = Prepared(lambda pk, on: User.objects.with_roles(on=on).filter(pk=pk))
    today = timezone.localdate()
    assert asked.one(pk=therapist.pk, on=today).has_therapist
    RoleGrant.objects.filter(user=therapist).update(until_on=today)

    assert asked.one(pk=therapist.pk, on=today).has_therapist
    assert not asked.one(pk=therapist.pk, on=today + dt.timedelta(days=1)).has_therapist


def test_nothing_is_another_question_than_something(therapist):
    asked = Prepared(lambda at: User.objects.filter(last_login=at))
    now = timezone.now()
    User.objects.filter(pk=therapist.pk).update(last_login=now)

    assert asked(at=now) == [therapist]
    assert therapist not in asked(at=None)
    assert asked(at=now) == [therapist]
    same(asked, at=None)


def test_truths_and_choices_have_questions_of_their_own(therapist, reception):
    asked = Prepared(lambda active, among: User.objects.filter(is_active=active, username__in=among))
    both = frozenset({therapist.username, reception.username})

    for among in (both, frozenset({therapist.username}), frozenset(), both):
        for active in (True, False, True):
            same(asked, active=active, among=among)
    assert sorted(row.pk for row in asked(active=True, among=both)) == sorted([therapist.pk, reception.pk])
    assert asked(active=True, among=frozenset()) == []


def test_what_it_does_not_know_is_asked_the_usual_way(therapist):
    """A number that no key reaches; a list."""
    asked = Prepared(lambda pk, among: User.objects.filter(pk=pk, username__in=among))

    assert asked(pk=2**63, among=frozenset({"therapist"})) == []
    assert asked(pk=therapist.pk, among=["therapist"]) == [therapist]
    assert not any(asked.written.values())


def test_a_time_of_its_own_is_refused(therapist):
    asked = Prepared(lambda user: PatientAccess.objects.open_to(User(pk=user)))

    with pytest.raises(ValueError, match="a time of its own"):
        asked(user=therapist.pk)


@pytest.mark.parametrize(
    "ask",
    [
        lambda value: User.objects.all(),
        lambda value: User.objects.filter(username__iexact=value),
        lambda value: User.objects.filter(username__startswith=value),
        lambda value: User.objects.filter(username=value.strip()),
        lambda value: User.objects.filter(username=value.lower()),
        lambda value: User.objects.filter(username=value) if value == "therapist" else User.objects.none(),
        lambda value: User.objects.filter(Q(username=value) | Q(first_name=value.title())),
    ],
)
def test_a_word_that_goes_in_in_another_shape_is_refused_or_right(ask, therapist):
    """A word that is escaped for LIKE, say: put in as it is, its % would match everything."""
    asked = Prepared(ask)

    for value in ("therapist", "thera%", "THERAPIST "):
        with contextlib.suppress(ValueError):
            assert asked(value=value) == list(ask(value))


@pytest.mark.parametrize(
    "ask",
    [
        lambda pk: User.objects.filter(pk=pk + 1),
        lambda pk: User.objects.order_by("pk")[:pk],
        lambda pk: User.objects.filter(pk=pk).select_for_update(),
        lambda pk: User.objects.filter(pk=pk).values("pk"),
        lambda pk: User.objects.filter(pk=pk).prefetch_related("role_grants"),
    ],
)
def test_what_cannot_be_kept_is_refused(ask, therapist):
    with pytest.raises(ValueError, match="question|whole rows"):
        Prepared(ask)(pk=1)


def test_a_number_too_large_for_its_column_finds_nothing(therapist):
    """PostgreSQL's columns are narrow; Django leaves a comparison out that cannot hold."""
    asked = Prepared(lambda hours: User.objects.filter(credentials__hours=hours))
    Credential.objects.filter(user=therapist).update(hours=5)

    for hours in (5, 2**31, 2**40, 6):
        assert asked(hours=hours) == ([therapist] if hours == 5 else [])


def test_numbers_beside_each_other_do_not_change_places(therapist, reception):
    """One more than the first number's mark is the second one's."""
    asked = Prepared(lambda a, b: User.objects.filter(Q(pk=a + 1) | Q(pk=b)))

    with pytest.raises(ValueError, match="question"):
        asked(a=therapist.pk, b=reception.pk)


def test_each_zone_cuts_its_own_days(therapist):
    late = dt.datetime(2026, 3, 10, 3, 0, tzinfo=dt.UTC)
    User.objects.filter(pk=therapist.pk).update(date_joined=late)
    asked = Prepared(lambda on: User.objects.filter(date_joined__date=on))

    with timezone.override(zoneinfo.ZoneInfo("America/Chicago")):
        assert asked(on=dt.date(2026, 3, 9)) == [therapist]
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        assert asked(on=TODAY) == [therapist]
        assert asked(on=dt.date(2026, 3, 9)) == []


def test_an_instant_is_the_same_in_every_zone(therapist):
    at = dt.datetime(2026, 3, 10, 3, 0, tzinfo=dt.UTC)
    User.objects.filter(pk=therapist.pk).update(date_joined=at)
    asked = Prepared(lambda at: User.objects.filter(date_joined=at))

    assert asked(at=at) == asked(at=at.astimezone(zoneinfo.ZoneInfo("America/Chicago"))) == [therapist]


def test_a_broken_transaction_is_said_as_always(therapist):
    asked = Prepared(lambda pk: User.objects.filter(pk=pk))
    asked(pk=therapist.pk)

    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            asked(pk=therapist.pk)


@pytest.mark.django_db(transaction=True)
def test_many_threads_ask_for_different_people_at_once():
    """Each has a connection of its own, and the rows of its own values."""
    people = User.objects.bulk_create(User(username=f"thread-{number}") for number in range(8))
    asked = Prepared(lambda pk, on: User.objects.with_roles(on=on).filter(pk=pk))

    def ask(person) -> list[str]:
        try:
            return [asked.one(pk=person.pk, on=TODAY).username for _ in range(20)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, people))

    assert found == [[person.username] * 20 for person in people]
