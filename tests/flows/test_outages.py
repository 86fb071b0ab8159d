"""Outages of disk, database and mail server: nothing is lost, and work continues by itself afterwards."""

import contextlib
import datetime as dt
import socket
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.signals import connection_created
from django.utils import timezone

from clinic.models import Credential, CredentialReminder, User
from patients.models import Patient
from tests import audit_chain
from tests.concurrency import database_in_file
from tests.flows.test_faults import state
from tests.postgres import free_port
from treatments.models import DraftEvent

NO_LIMIT = 2**32 - 2
LONG = "needled at the trapezius, twitched, eased. " * 200


@contextlib.contextmanager
def full_disk(room: int):
    """Limits the database to so many more pages, on every connection."""

    def narrow(connection, **_):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + room}")

    connection_created.connect(narrow)
    narrow(connection)
    try:
        yield
    finally:
        connection_created.disconnect(narrow)
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {NO_LIMIT}")


@pytest.fixture
def in_a_file(transactional_db, tmp_path, settings):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite counts its own pages")
    settings.AUDIT_GAPS = str(tmp_path / "gaps")
    with database_in_file(tmp_path / "full.sqlite3"):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
        yield


def refused_until_there_is_room(client, path: str, data: dict, taken: int) -> list[str]:
    """The response to each refusal, while the disk gets one more page of room each time."""
    pages = []
    for room in range(200):
        before = state()
        with full_disk(room):
            answer = client.post(path, data)
        if answer.status_code == taken:
            return pages
        assert answer.status_code == 503, f"room for {room} pages: {answer.status_code}"
        assert state() == before, f"room for {room} pages"
        pages.append(answer.content.decode())
    raise AssertionError("it was never taken")


def test_a_full_disk_halves_no_registration_and_takes_it_once_there_is_room(in_a_file, reception, signed_in):
    client = signed_in(reception)
    client.raise_request_exception = False
    typed = refused_registration(client)

    answer = client.post("/patients/register/", typed)

    assert answer.status_code == 302
    assert Patient.objects.filter(given_name=typed["given_name"]).count() == 1
    assert client.post("/patients/register/", typed).url == answer.url
    assert audit_chain.first_broken_link() is None


def refused_registration(client) -> dict:
    """Registers patients until the disk is full; returns the input of the first refusal."""
    with full_disk(0):
        for number in range(300):
            typed = {"family_name": f"Fullwood{number}", "given_name": uuid.uuid4().hex, "born": "5/3/1984"}
            typed["form_key"] = uuid.uuid4().hex
            before = state()
            answer = client.post("/patients/register/", typed)
            if answer.status_code != 302:
                break
    assert answer.status_code == 503
    assert state() == before
    page = answer.content.decode()
    assert "Nothing is half saved, and nothing you typed is lost" in page
    assert all(f'name="{name}" value="{value}"' in page for name, value in typed.items())
    return typed


def test_a_full_disk_halves_no_note_and_takes_it_once_there_is_room(in_a_file, draft, therapist, signed_in):
    client = signed_in(therapist)
    client.raise_request_exception = False
    data = {"field": "note", "value": LONG, "client_id": str(uuid.uuid4()), "seq": 1, "base_version": 0}

    pages = refused_until_there_is_room(client, f"/sessions/{draft.ref}/fields/", data, 200)

    assert pages
    draft.refresh_from_db()
    assert draft.note == LONG.strip()
    assert DraftEvent.objects.filter(session=draft, field="note").count() == 1
    assert audit_chain.first_broken_link() is None


@contextlib.contextmanager
def database_away(live_practice):
    if connection.vendor == "sqlite":
        file = Path(live_practice.environment["DATABASE_URL"].removeprefix("sqlite:///"))
        aside = file.rename(file.with_suffix(".away"))
        yield
        aside.rename(file)
        return
    name = live_practice.environment["DATABASE_URL"].rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def status(live_practice, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{live_practice.port}{path}", timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


@pytest.mark.django_db(transaction=True)
def test_the_server_outlives_its_database(live_practice, tmp_path):
    [writer] = live_practice.ask("seed(1)")
    typed = {
        "family_name": "Atonceaway",
        "given_name": "Fay",
        "born": "5/3/1984",
        "form_key": uuid.uuid4().hex,
    }
    with live_practice.open(tmp_path / "server.log"):
        assert live_practice.post("/patients/register/", writer["cookie"], family_name="")[0] == 422
        with database_away(live_practice):
            assert status(live_practice, "/health/") == 503
            for _ in range(3):
                code, page = live_practice.post("/patients/register/", writer["cookie"], **typed)
                assert code == 503
                assert "Filiform is not available right now" in page
                assert "nothing you typed is lost" in page
                assert all(f'name="{name}" value="{value}"' in page for name, value in typed.items())
        # each server thread has its own connection, which was closed
        assert [status(live_practice, "/health/") for _ in range(12)] == [200] * 12
        assert live_practice.post("/patients/register/", writer["cookie"], **typed)[0] == 302
        assert live_practice.post("/patients/register/", writer["cookie"], **typed)[0] == 302

    found = live_practice.ask("check()")
    assert (found["registered"], found["broken"]) == (1, None)


@pytest.fixture
def silent_mail_server():
    """A mail server that accepts the connection and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["mute", "closed"])
def test_a_mail_that_cannot_go_is_tried_again_the_next_day(kind, silent_mail_server, therapist, settings):
    User.objects.filter(pk=therapist.pk).update(email="therapist@practice.example")
    Credential.objects.filter(user=therapist).update(expires_on=timezone.localdate() + dt.timedelta(days=10))
    there = (settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent_mail_server if kind == "mute" else free_port(), 0.2

    with pytest.raises(CommandError, match="Not sent, will be tried at the next run:\ntherapist: "):
        call_command("remind_credentials")

    assert not CredentialReminder.objects.exists()
    assert there[1], "without a limit a mute server would hold the command for ever"
    settings.EMAIL_BACKEND = there[0]
    call_command("remind_credentials")
    assert CredentialReminder.objects.count() == 1
