"""The first administrator: made at the machine, comes in by a link that works once."""

import datetime as dt
import io
from functools import partial

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from clinic.actions import first_start
from clinic.management.commands import practice as practice_command
from clinic.models import AuditEvent, FirstLink, Practice, Role, User
from clinic.rules import first_start as rules
from clinic.values.errors import RuleViolation
from tests import factories
from tests.concurrency import at_once, database_in_file

OWN = "a long walk by the lake"
OWNER = {"first_name": "Dana", "last_name": "Modelrivera", "username": "dana"}
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def token(db) -> str:
    return first_start.begin(**OWNER)


def page(token: str) -> str:
    return reverse("first-start", args=[token])


def choose(client, token: str, password: str = OWN, again: str | None = None):
    fields = {"password1": password, "password2": password if again is None else again}
    return client.post(page(token), fields)


def owner() -> User:
    return User.objects.get(username="dana")


def run(**options) -> str:
    output = io.StringIO()
    call_command("practice", stdout=output, **options)
    return output.getvalue()


def test_the_link_gives_a_password_and_signs_in_as_an_administrator(client, token):
    shown = client.get(page(token))
    chosen = choose(client, token)

    assert shown.status_code == 200
    assert "Dana Modelrivera" in shown.text
    assert chosen.status_code == 302
    assert owner().check_password(OWN)
    assert client.get(reverse("admin:index")).status_code == 200
    assert list(User.objects.holding(Role.ADMIN)) == [owner()]


def test_two_step_verification_comes_before_anything_else(client, token, settings):
    settings.REQUIRE_MFA = True
    choose(client, token)

    assert client.get("/").url == reverse("mfa_index")
    assert client.get(reverse("admin:index")).url == reverse("mfa_index")


def test_looking_at_the_link_spends_nothing(token):
    for _ in range(3):
        assert Client().get(page(token)).status_code == 200
        assert Client().head(page(token)).status_code == 200

    assert FirstLink.objects.get().ended_at is None
    assert not owner().has_usable_password()
    assert choose(Client(), token).status_code == 302


def test_the_link_works_once(token):
    choose(Client(), token)
    second = Client()

    assert second.get(page(token)).status_code == 410
    assert choose(second, token, "another sentence of mine").status_code == 410
    assert not second.session.get("_auth_user_id")
    assert owner().check_password(OWN)


def test_of_two_at_once_one_chooses(transactional_db, tmp_path):
    """Two posts in their own threads and connections; the other is told that the link is no longer open."""
    # what the other tests share has an administrator
    User.objects.update(is_active=False)
    with database_in_file(tmp_path / "first.sqlite3"):
        token = first_start.begin(**OWNER)
        passwords = (OWN, "another sentence of mine")

        answers = at_once(*(partial(choose, Client(), token, password) for password in passwords))

        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [302, 410]
        assert owner().check_password(passwords[statuses.index(302)])
        assert AuditEvent.objects.filter(code="user.first_link_used").count() == 1


@pytest.mark.parametrize("case", ["forged", "replaced", "expired", "closed", "other password"])
def test_a_link_that_is_not_open_says_so_and_changes_nothing(case, client, db):
    with time_machine.travel(START, tick=False) as clock:
        token = first_start.begin(**OWNER)
        if case == "forged":
            token = "x" * len(token)
        if case == "replaced":
            first_start.renew()
        if case == "expired":
            clock.shift(dt.timedelta(hours=rules.LINK_HOURS))
        if case == "closed":
            User.objects.update(is_active=False)
        if case == "other password":
            given = owner()
            given.set_password("given by somebody else")
            given.save(update_fields=["password"])
        before = owner().password

        shown, posted = client.get(page(token)), choose(client, token)

    assert (shown.status_code, posted.status_code) == (410, 410)
    assert "no longer open" in posted.text
    assert owner().password == before


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("", "", "Enter a password."),
        ("short", "short", "Use 15 characters or more."),
        (OWN, "a long walk by the sea", "same password"),
        ("dana modelrivera", "dana modelrivera", "words that have nothing to do with you"),
    ],
)
def test_a_password_that_is_refused_leaves_the_link_open(first, second, said, client, token):
    refused = choose(client, token, first, second)

    assert refused.status_code == 422
    assert said in refused.text
    assert choose(client, token).status_code == 302


def test_only_the_digest_of_the_token_is_stored(token):
    choose(Client(), token)

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                assert token not in str([bytes(v) if isinstance(v, memoryview) else v for v in row]), table
    assert FirstLink.objects.get().digest == rules.digest_of(token)


def test_the_token_is_random_and_long():
    assert rules.TOKEN_BYTES >= 32


def test_who_did_what_is_on_record(client, token):
    first_start.renew()
    _, newest = first_start.renew()
    choose(client, newest)

    codes = list(AuditEvent.objects.filter(code__startswith="user.first").order_by("pk").values_list("code"))
    assert codes == [
        ("user.first_administrator",),
        ("user.first_link_renewed",),
        ("user.first_link_renewed",),
        ("user.first_link_used",),
    ]
    assert token not in str(list(AuditEvent.objects.values()))
    call_command("verify_record", stdout=io.StringIO())


def test_the_command_prints_a_link_that_opens(client, db):
    printed = run(name="Dana de la Modelrivera", username="dana", address="https://clinic.example/")

    (address,) = [line.strip() for line in printed.splitlines() if line.strip().startswith("http")]
    assert address.startswith("https://clinic.example/first/")
    assert client.get(address.removeprefix("https://clinic.example")).status_code == 200
    assert (owner().first_name, owner().last_name) == ("Dana", "de la Modelrivera")
    assert not User.objects.exclude(username="dana").exists()
    assert not Practice.objects.get().is_demo


def test_a_practice_with_an_administrator_gets_no_second_one_by_it(db, admin):
    with pytest.raises(CommandError, match="administrator already: admin.*under Users"):
        run(name="Dana Modelrivera", username="dana")
    with pytest.raises(CommandError, match="administrator already"):
        run(new_link=True)

    assert not User.objects.filter(username="dana").exists()
    assert "has been begun" in run(if_none=True)


def test_an_owner_who_never_used_the_link_gets_a_new_one(client, token):
    with pytest.raises(CommandError, match="never used their link: dana.*--new-link"):
        run(name="Dana Modelrivera", username="dana")

    printed = run(new_link=True)

    assert client.get(page(token)).status_code == 410
    newest = printed.split("/first/")[1].split("/")[0]
    assert choose(client, newest).status_code == 302
    with pytest.raises(CommandError, match="administrator already"):
        run(new_link=True)


def test_beginning_again_before_the_link_was_used_prints_another(client, token):
    printed = run(if_none=True)

    assert client.get(page(token)).status_code == 410
    assert client.get(page(printed.split("/first/")[1].split("/")[0])).status_code == 200


def test_a_practice_whose_administrators_have_left_can_be_begun_again(client, admin):
    User.objects.filter(pk=admin.pk).update(is_active=False)

    token = first_start.begin(**OWNER)

    assert choose(client, token).status_code == 302


def test_the_demo_practice_is_never_begun(db):
    Practice.objects.update(is_demo=True)

    for options in ({"name": "Dana Modelrivera", "username": "dana"}, {"new_link": True}, {"if_none": True}):
        with pytest.raises(CommandError, match="DATABASE_URL"):
            run(**options)


def test_a_new_link_for_nobody_is_refused(db):
    with pytest.raises(CommandError, match="no administrator yet"):
        run(new_link=True)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"last_name": ""}, "name-missing"),
        ({"username": ""}, "sign-in-name-odd"),
        ({"username": "dana rivera"}, "sign-in-name-odd"),
        ({"username": "d" * 151}, "sign-in-name-odd"),
        ({"username": "Robin"}, "sign-in-name-taken"),
    ],
)
def test_a_name_that_cannot_be_is_said(given, code, db):
    factories.user("robin", Role.FRONT_DESK)

    with pytest.raises(RuleViolation) as refused:
        first_start.begin(**{**OWNER, **given})

    assert refused.value.codes == {code}
    assert not FirstLink.objects.exists()


def test_it_asks_at_a_terminal_or_reads_what_is_piped_in(monkeypatch, db):
    monkeypatch.setattr("sys.stdin", io.StringIO("Dana Modelrivera\n dana \n"))

    run()

    assert owner().display_name == "Dana Modelrivera"


def test_where_nobody_can_be_asked_it_names_the_option(monkeypatch, db):
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(CommandError, match="--name"):
        run()


@pytest.mark.parametrize(
    ("origins", "expected"), [([], "http://localhost:8000"), (["https://a.example"], "https://a.example")]
)
def test_the_link_begins_with_the_practices_own_address(origins, expected, settings):
    settings.CSRF_TRUSTED_ORIGINS = origins

    assert practice_command.address_of_practice() == expected


def test_createsuperuser_leads_to_the_command_that_works(db):
    for options in ({}, {"interactive": False, "username": "root", "email": "root@example.com"}):
        with pytest.raises(CommandError, match=r"manage\.py practice"):
            call_command("createsuperuser", **options)

    assert not User.objects.exists()
