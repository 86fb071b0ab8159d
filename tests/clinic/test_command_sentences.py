"""What stops a command is one sentence with a status that is not zero, and no traceback."""

import gc
import os
import socket
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import IntegrityError, InternalError, OperationalError, ProgrammingError

from clinic.management import sentences
from clinic.management.commands import serve

ROOT = Path(settings.BASE_DIR)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    surrounding = {**os.environ, "DJANGO_SETTINGS_MODULE": "clinic.settings", **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=surrounding, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


UNREACHABLE = "postgres://nobody:secret-of-mine@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["migrate"], {"DATABASE_URL": UNREACHABLE}, "The database does not answer: "),
        (
            ["migrate"],
            {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"},
            "/nowhere/at/all.sqlite3: ",
        ),
        (["migrate"], {"DATABASE_URL": "nonsense"}, "DATABASE_URL names no database."),
        (["migrate"], {"SECRET_KEY": "short"}, "SECRET_KEY must be set"),
        (["check"], {"PROXY_DEPTH": "many"}, "PROXY_DEPTH is “many”. Write a whole number"),
        (["serve"], {"DATABASE_URL": UNREACHABLE}, "CommandError: The database does not answer: "),
        (["restore_drill"], {"DATABASE_URL": UNREACHABLE, "BACKUP_FOLDER": "/nowhere"}, "CommandError: "),
        (["showmigrations"], {"DATABASE_URL": UNREACHABLE}, "The database does not answer: "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list | dict) else None,
)
def test_a_command_that_cannot_run_says_one_sentence(arguments, environment, said):
    ended = manage(*arguments, **environment)

    assert ended.returncode not in (0, None)
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret-of-mine" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (OperationalError("attempt to write a readonly database"), "The database cannot be written: "),
        (
            InternalError("cannot execute UPDATE in a read-only transaction"),
            "The database cannot be written: ",
        ),
        (ProgrammingError("permission denied for schema public\nLINE 1"), "The database cannot be written: "),
        (OperationalError("database is locked"), "The database does not answer: database is locked."),
        (OperationalError(""), "The database does not answer: no reason given."),
        (PermissionError(13, "Permission denied", "/var/x.sqlite3"), "/var/x.sqlite3: Permission denied."),
        (ImproperlyConfigured("Set it."), "Set it."),
    ],
    ids=str,
)
def test_each_obstacle_has_its_sentence(error, begins, capsys):
    def fails(_arguments):
        raise error

    with pytest.raises(SystemExit) as ended:
        sentences.run(fails, ["manage.py", "migrate"])

    assert str(ended.value.code).startswith(begins)
    assert "\n" not in str(ended.value.code)


@pytest.mark.parametrize(
    "error", [IntegrityError("a row"), ProgrammingError("syntax error"), ValueError("x")]
)
def test_a_fault_of_the_program_keeps_its_traceback(error):
    def fails(_arguments):
        raise error

    with pytest.raises(type(error)):
        sentences.run(fails, ["manage.py", "migrate"])


def test_a_traceback_is_shown_where_it_is_asked_for():
    def fails(_arguments):
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        sentences.run(fails, ["manage.py", "migrate", "--traceback"])


@pytest.fixture
def _unopened():
    """A server that could not be opened leaves its sockets to the end of its process, which is now."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.usefixtures("_unopened")
@pytest.mark.parametrize(
    "address",
    ["127.0.0.1:80800", "127.0.0.1:-1", "127.0.0.1:", "nowhere.invalid:8000", "203.0.113.1:8000", ""],
)
def test_an_address_that_cannot_be_listened_on_is_said(address):
    with pytest.raises(CommandError, match=f"Cannot listen on {address}: .*Choose another with --listen"):
        serve.open_server(address, 1)


@pytest.mark.usefixtures("_unopened")
def test_a_port_that_is_taken_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="Address already in use. Choose another"):
            serve.open_server(f"127.0.0.1:{taken.getsockname()[1]}", 1)


def test_no_threads_at_all_are_refused():
    with pytest.raises(CommandError, match="Choose 1 or more"):
        serve.Command().handle(listen="127.0.0.1:0", threads=0)
