"""A prepared query uses the values of each call; what cannot be prepared is executed by Django as usual."""

import datetime as dt
import gc
import uuid
import weakref
import zoneinfo
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import FieldError
from django.db import connection, connections, transaction
from django.db.models import Count, F, JSONField, Q, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.django_internals import prepared
from clinic.django_internals import statements as statements_django_internals
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Credential, Role, RoleGrant, User
from patients.models import Patient, PatientAccess, PatientKey
from tests import factories
from tests.prepared_queries import is_prepared, same_rows_as_plain_query, statements_of
from treatments.models import NeedleSite

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)


def roles(pk, on):
    return User.objects.with_roles(on=on).select_related("location").filter(pk=pk)


def test_the_second_asking_has_its_own_values(therapist, reception):
    query = PreparedQuery(lambda pk, name: User.objects.filter(pk=pk, username=name))

    assert query.one(pk=therapist.pk, name=therapist.username) == therapist
    assert query.one(pk=reception.pk, name=reception.username) == reception
    assert query.one(pk=reception.pk, name=therapist.username) is None
    assert len(statements_of(query)) == 1


def test_it_is_the_question_that_django_would_write(therapist, reception):
    query = PreparedQuery(roles)

    for pk in (therapist.pk, reception.pk, 0, -1, statements_django_internals.NUMBER, 2**63 - 1):
        for on in (timezone.localdate(), dt.date(1, 1, 1), statements_django_internals.DAY, dt.date.max):
            same_rows_as_plain_query(query, pk=pk, on=on)
    assert len(statements_of(query)) == 1


def test_what_belongs_to_a_row_comes_with_it(therapist):
    query, today = PreparedQuery(roles), timezone.localdate()
    query.one(pk=0, on=today)

    with CaptureQueriesContext(connection) as statements:
        found = query.one(pk=therapist.pk, on=today)
        assert found.location.pk == therapist.location_id

    assert len(statements) == 1
    assert (found.has_therapist, found.has_admin) == (True, False)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "x",
        "%",
        "_",
        "\\",
        "'; --",
        "Ünï",
        " therapist ",
        "THERAPIST",
        statements_django_internals.WORD,
        "9871-01-01",
    ],
)
def test_a_word_is_a_value_whatever_it_says(therapist, word):
    query = PreparedQuery(lambda name: User.objects.filter(username=name))
    query(name="therapist")

    same_rows_as_plain_query(query, name=word)
    assert len(statements_of(query)) == 1


def test_days_change_with_the_asking(therapist):
    query = PreparedQuery(lambda pk, on: User.objects.with_roles(on=on).filter(pk=pk))
    today = timezone.localdate()
    assert query.one(pk=therapist.pk, on=today).has_therapist
    RoleGrant.objects.filter(user=therapist).update(until_on=today)

    assert query.one(pk=therapist.pk, on=today).has_therapist
    assert not query.one(pk=therapist.pk, on=today + dt.timedelta(days=1)).has_therapist


def test_nothing_is_another_question_than_something(therapist):
    query = PreparedQuery(lambda at: User.objects.filter(last_login=at))
    now = timezone.now()
    User.objects.filter(pk=therapist.pk).update(last_login=now)

    assert query(at=now) == [therapist]
    assert therapist not in query(at=None)
    assert query(at=now) == [therapist]
    same_rows_as_plain_query(query, at=None)


def test_truths_and_choices_have_questions_of_their_own(therapist, reception):
    query = PreparedQuery(lambda active, among: User.objects.filter(is_active=active, username__in=among))
    both = frozenset({therapist.username, reception.username})

    for among in (both, frozenset({therapist.username}), frozenset(), both):
        for active in (True, False, True):
            same_rows_as_plain_query(query, active=active, among=among)
    assert sorted(row.pk for row in query(active=True, among=both)) == sorted([therapist.pk, reception.pk])
    assert query(active=True, among=frozenset()) == []


def test_what_it_does_not_know_is_asked_the_usual_way(therapist):
    """A number beyond the range of keys, and a list that is no tuple."""
    query = PreparedQuery(lambda pk, among: User.objects.filter(pk=pk, username__in=among))

    assert query(pk=2**63, among=frozenset({"therapist"})) == []
    assert query(pk=therapist.pk, among=["therapist"]) == [therapist]
    assert statements_of(query) == []


def test_a_clock_in_the_query_never_stands_still(therapist, ada, settings):
    """A time that the query reads itself would be cached, so it is not prepared."""
    query = PreparedQuery(lambda user: PatientAccess.objects.open_to(User(pk=user)))
    now = timezone.now()
    PatientAccess.objects.create(
        patient=ada, user=therapist, reason="Hears about her own case", until_at=now + dt.timedelta(hours=1)
    )

    assert len(query(user=therapist.pk)) == 1
    with time_machine.travel(now + dt.timedelta(hours=2), tick=False):
        assert query(user=therapist.pk) == []
    assert len(query(user=therapist.pk)) == 1
    assert statements_of(query) == [None]


@pytest.mark.parametrize(
    "own",
    [
        {"date_joined__date": TODAY},
        {"date_joined__date__lte": TODAY},
        {"date_joined__lte": dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)},
        {"date_joined__time__lte": dt.time(23, 59, 59)},
        {"date_joined__year": 2026},
    ],
    ids=lambda own: next(iter(own)),
)
def test_a_fixed_time_is_asked_the_plain_way(therapist, reception, own):
    User.objects.filter(pk=therapist.pk).update(date_joined=dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC))
    query = PreparedQuery(lambda pk: User.objects.filter(pk=pk, **own))

    assert query(pk=therapist.pk) == [therapist]
    for pk in (therapist.pk, reception.pk, 0):
        same_rows_as_plain_query(query, pk=pk)
    assert statements_of(query) == [None]


WORDS = ("therapist", "thera%", "THERAPIST ", "thera", "", "_", "\\", "'", "apist")


@pytest.mark.parametrize(
    "lookup",
    [
        "contains", "endswith", "icontains", "iendswith", "iexact", "istartswith", "regex", "startswith",
    ],
)  # fmt: skip
def test_a_word_that_is_searched_for_is_asked_the_plain_way(therapist, lookup):
    """These values are escaped for LIKE; unescaped, % would match everything."""
    query = PreparedQuery(lambda word: User.objects.filter(**{f"username__{lookup}": word}))

    assert query(word="therapist") == [therapist]
    for word in WORDS:
        if lookup != "regex" or word != "\\":
            same_rows_as_plain_query(query, word=word)


@pytest.mark.parametrize(
    "ask",
    [
        lambda value: User.objects.all(),
        lambda value: User.objects.filter(username=value.strip()),
        lambda value: User.objects.filter(username=value.lower()),
        lambda value: User.objects.filter(username=value) if value == "therapist" else User.objects.none(),
        lambda value: User.objects.filter(Q(username=value) | Q(first_name=value.title())),
        lambda value: User.objects.filter(username=value, is_active=bool(value)),
        lambda value: User.objects.filter(username=value) if value else User.objects.all(),
        lambda value: User.objects.filter(username__in=[value, "therapist"]),
        lambda value: User.objects.filter(username__in=[value, value.lower()]),
        lambda value: User.objects.annotate(said=Value(value)).filter(username=value),
        lambda value: User.objects.filter(username=value).order_by(value or "pk"),
        lambda value: User.objects.filter(username=value, location={"therapist": None}.get(value)),
    ],
)
def test_a_word_that_goes_in_in_another_shape_is_right(ask, therapist, reception):
    query = PreparedQuery(ask)

    for value in WORDS:
        try:
            plain = list(ask(value))
        except FieldError:
            with pytest.raises(FieldError):
                query(value=value)
        else:
            assert query(value=value) == plain


@pytest.mark.parametrize(
    "ask",
    [
        lambda pk: User.objects.filter(pk=pk + 1),
        lambda pk: User.objects.order_by("pk")[:pk],
        lambda pk: User.objects.filter(pk=pk).prefetch_related("role_grants"),
        lambda pk: User.objects.filter(username=str(pk)),
        lambda pk: User.objects.filter(pk=int(str(pk))).filter(pk__in=range(pk, pk + 2)),
        lambda pk: User.objects.filter(pk=pk, is_active=pk > 0),
        lambda pk: User.objects.filter(pk=pk) if pk < 2**30 else User.objects.none(),
        lambda pk: RoleGrant.objects.filter(user=User.objects.get(pk=pk)),
        lambda pk: User(pk=pk).role_grants.all(),
    ],
)
def test_what_cannot_be_kept_is_asked_the_plain_way(ask, therapist, caplog):
    query = PreparedQuery(ask)

    with transaction.atomic():
        for pk in (therapist.pk, therapist.pk, User.objects.latest("pk").pk):
            assert list(query(pk=pk)) == list(ask(pk))
    assert statements_of(query) == [None]
    assert [record.levelname for record in caplog.records] == ["WARNING"], "it is said once"
    assert "asked the plain way" in caplog.text


def test_what_cannot_be_kept_is_composed_once(therapist):
    """Later calls with the same argument shape are not prepared either."""
    asked_with = []

    def ask(word):
        asked_with.append(word)
        return User.objects.filter(username__icontains=word)

    query = PreparedQuery(ask)
    for word in ("thera", "pist", "recep"):
        query(word=word)

    assert asked_with[-3:] == ["thera", "pist", "recep"]
    assert len(asked_with) == 4, "and once with a placeholder"


def test_of_many_shapes_only_the_newest_are_kept(therapist):
    """Somebody who types ever other words into a search must not fill the memory of the server."""
    query = PreparedQuery(lambda pk, kinds: User.objects.filter(pk=pk))

    for number in range(prepared.MOST_SHAPES + 3):
        assert query.one(pk=therapist.pk, kinds=frozenset({number})) == therapist
    assert len(statements_of(query)) == prepared.MOST_SHAPES
    assert query.one(pk=therapist.pk, kinds=frozenset({0})) == therapist


@pytest.mark.parametrize("start", ["li", "l%", "l_", "l\\", "l'", "lï", ""])
def test_the_beginning_of_a_word_is_a_value_whatever_it_says(start, ada):
    words = ["li", "lind", "Lind", "lj", "l", "l%", "l%x", "l_x", "l\\x", "l'x", "lïx", "l\U0010fffe", "😀"]
    PatientKey.objects.bulk_create(PatientKey(patient=ada, kind="test", value=word) for word in words)
    query = PreparedQuery(lambda start: PatientKey.objects.filter(kind="test", value__beginning=start))

    found = same_rows_as_plain_query(query, start=start)

    assert {key.value for key in found} == {word for word in words if word.startswith(start)}
    assert is_prepared(query)


def test_a_log_line_holds_no_value(therapist, caplog):
    query = PreparedQuery(lambda name, to: User.objects.filter(username__icontains=name).order_by(to))

    with pytest.raises(FieldError):
        query(name="Zinnwaldfrau", to="secret")

    assert "asked the plain way" in caplog.text
    assert "Zinnwaldfrau" not in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("value", [["therapist"], ("therapist", None), {"therapist"}, {"therapist": 1}])
def test_lists_of_any_kind_are_asked_the_plain_way(therapist, value):
    query = PreparedQuery(lambda among: User.objects.filter(username__in=among))

    assert same_rows_as_plain_query(query, among=value) == [therapist]
    assert statements_of(query) == []


ROWS = {
    "values": lambda pk: User.objects.filter(pk__gte=pk).order_by("pk").values("pk", "username"),
    "values of others": lambda pk: User.objects.filter(pk__gte=pk).order_by("pk").values("location__name"),
    "values, all": lambda pk: User.objects.filter(pk__gte=pk).order_by("pk").values(),
    "tuples": lambda pk: User.objects.filter(pk__gte=pk).order_by("pk").values_list("username", "pk"),
    "flat": lambda pk: User.objects.filter(pk__gte=pk).order_by("pk").values_list("date_joined", flat=True),
    "named": lambda pk: User.objects.filter(pk__gte=pk).order_by("pk").values_list("pk", named=True),
    "annotated": lambda pk: (
        User.objects.filter(pk__gte=pk).order_by("pk").annotate(a=F("pk")).values_list("a", "username")
    ),
    "counted": lambda pk: (
        User.objects.filter(pk__gte=pk).order_by("is_active").values("is_active").annotate(n=Count("pk"))
    ),
    "keys": lambda pk: (
        NeedleSite.objects.filter(session__therapist__gte=pk).values_list("key", "session__patient__born")
    ),
    "of two": lambda pk: (
        User.objects.filter(pk=pk).values_list("username").union(
            User.objects.filter(pk__gt=pk).values_list("username"), all=True
        ).order_by("username")
    ),
    "the first": lambda pk: User.objects.filter(pk__gte=pk).order_by("pk").values_list("pk", flat=True)[:1],
}  # fmt: skip


@pytest.mark.parametrize("ask", ROWS.values(), ids=ROWS)
def test_values_come_as_django_gives_them(ask, therapist, reception, draft):
    factories.site(draft)
    query = PreparedQuery(ask)

    for pk in (0, therapist.pk, reception.pk, statements_django_internals.NUMBER):
        same_rows_as_plain_query(query, pk=pk)
    assert query(pk=0)
    assert None not in statements_of(query)


AMONG = {
    "numbers": (lambda among: User.objects.filter(pk__among=among), lambda user: user.pk),
    "rows": (lambda among: RoleGrant.objects.filter(user__among=among).order_by("pk"), lambda user: user.pk),
    "words": (lambda among: User.objects.filter(username__among=among), lambda user: user.username),
}


@pytest.mark.parametrize(("ask", "key"), AMONG.values(), ids=AMONG)
def test_a_list_of_any_length_shares_a_statement(ask, key, therapist, reception, lead):
    query = PreparedQuery(ask)
    keys = [key(user) for user in (therapist, reception, lead)]

    for among in ((keys[0],), tuple(keys), (keys[2], keys[2]), (keys[1], keys[0])):
        rows = same_rows_as_plain_query(query, among=among)
        assert {key(getattr(row, "user", row)) for row in rows} == set(among)
    assert len(statements_of(query)) == 1
    assert query(among=()) == []


def test_keys_of_a_list_are_found_in_their_columns(draft):
    query = PreparedQuery(lambda among: NeedleSite.objects.filter(key__among=among).order_by("pk"))
    sites = [factories.site(draft), factories.site(draft, side="left")]

    assert same_rows_as_plain_query(query, among=tuple(site.key for site in sites)) == sites
    assert same_rows_as_plain_query(query, among=(uuid.uuid4(),)) == []
    assert len(statements_of(query)) == 1


def test_a_list_of_days_is_found(ada):
    query = PreparedQuery(lambda among: Patient.objects.filter(born__among=among))
    other = ada.born - dt.timedelta(days=1)

    assert same_rows_as_plain_query(query, among=(other, ada.born)) == [ada]
    assert same_rows_as_plain_query(query, among=(other,)) == []
    assert len(statements_of(query)) == 1


def test_a_list_beside_its_excluded_list_keeps_its_place(therapist, reception):
    query = PreparedQuery(
        lambda among, beside: User.objects.filter(pk__among=among).exclude(pk__among=beside)
    )

    assert query(among=(therapist.pk, reception.pk), beside=(reception.pk,)) == [therapist]
    assert query(among=(therapist.pk, reception.pk), beside=(therapist.pk,)) == [reception]
    assert query(among=(therapist.pk,), beside=(0, 1, therapist.pk)) == []
    assert len(statements_of(query)) == 1


@pytest.mark.parametrize(
    "value", [None, True, False, 1.5, Decimal(3), b"x", TODAY, dt.time(9), dt.timedelta(1), Role.LEAD]
)
def test_a_value_of_any_type_gives_the_same_rows(therapist, value):
    query = PreparedQuery(lambda value: User.objects.annotate(given=Value(value, JSONField())).filter(pk=1))

    for each in (value, "", value):
        try:
            plain = list(query.build(each))
        except TypeError:
            continue
        assert query(value=each) == plain


def test_a_number_too_large_for_its_column_finds_nothing(therapist):
    """Beyond the range of a PostgreSQL column Django drops the comparison."""
    query = PreparedQuery(lambda hours: User.objects.filter(credentials__hours=hours))
    Credential.objects.filter(user=therapist).update(hours=5)

    for hours in (5, 2**31, 2**40, 6):
        assert query(hours=hours) == ([therapist] if hours == 5 else [])


def test_numbers_beside_each_other_do_not_change_places(therapist, reception):
    """The first placeholder plus one equals the second placeholder."""
    query = PreparedQuery(lambda a, b: User.objects.filter(Q(pk=a + 1) | Q(pk=b)))

    for a, b in ((therapist.pk, reception.pk), (reception.pk, therapist.pk), (0, 0)):
        same_rows_as_plain_query(query, a=a, b=b)
    assert statements_of(query) == [None]


def test_each_zone_cuts_its_own_days(therapist):
    late = dt.datetime(2026, 3, 10, 3, 0, tzinfo=dt.UTC)
    User.objects.filter(pk=therapist.pk).update(date_joined=late)
    query = PreparedQuery(lambda on: User.objects.filter(date_joined__date=on))

    with timezone.override(zoneinfo.ZoneInfo("America/Chicago")):
        assert query(on=dt.date(2026, 3, 9)) == [therapist]
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        assert query(on=TODAY) == [therapist]
        assert query(on=dt.date(2026, 3, 9)) == []


def test_an_instant_is_the_same_in_every_zone(therapist):
    at = dt.datetime(2026, 3, 10, 3, 0, tzinfo=dt.UTC)
    User.objects.filter(pk=therapist.pk).update(date_joined=at)
    query = PreparedQuery(lambda at: User.objects.filter(date_joined=at))

    assert query(at=at) == query(at=at.astimezone(zoneinfo.ZoneInfo("America/Chicago"))) == [therapist]


@pytest.mark.django_db(transaction=True)
def test_a_row_lock_is_refused_outside_a_transaction_every_time(therapist):
    query = PreparedQuery(lambda pk: User.objects.filter(pk=pk).select_for_update(of=("self",)))
    with transaction.atomic():
        assert same_rows_as_plain_query(query, pk=therapist.pk) == [therapist]
    assert None not in statements_of(query)

    refused = pytest.raises(transaction.TransactionManagementError)
    with refused if connection.features.has_select_for_update else nullcontext():
        query(pk=therapist.pk)
    with transaction.atomic():
        assert query(pk=therapist.pk) == [therapist]


def test_a_broken_transaction_is_said_as_always(therapist):
    query = PreparedQuery(lambda pk: User.objects.filter(pk=pk))
    query(pk=therapist.pk)

    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            query(pk=therapist.pk)


@pytest.mark.django_db(transaction=True)
def test_a_statement_keeps_no_connection_of_a_thread_that_ended():
    query = PreparedQuery(lambda pk: User.objects.filter(pk=pk).values_list("date_joined"))

    def ask() -> weakref.ref:
        try:
            query(pk=1)
            return weakref.ref(connections["default"])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        wrapper = pool.submit(ask).result()
    gc.collect()

    assert wrapper() is None
    assert len(statements_of(query)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_threads_ask_for_different_people_at_once():
    """Each thread has its own connection and gets the rows of its own values."""
    people = User.objects.bulk_create(User(username=f"thread-{number}") for number in range(8))
    query = PreparedQuery(lambda pk, on: User.objects.with_roles(on=on).filter(pk=pk))

    def ask(person) -> list[str]:
        try:
            return [query.one(pk=person.pk, on=TODAY).username for _ in range(20)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, people))

    assert found == [[person.username] * 20 for person in people]
