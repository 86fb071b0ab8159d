"""The helper that provides PostgreSQL for the suite, without starting one."""

import sys
from pathlib import Path

import pytest

from tests import postgres

SAYS_URL = [
    sys.executable,
    "-c",
    "import os, sys; sys.exit(os.environ['DATABASE_URL'].startswith('postgres://') * 7)",
]


@pytest.fixture
def nothing_here(monkeypatch):
    def none(_workspace, _account):
        raise postgres.Unavailable("none here")

    monkeypatch.setenv("DATABASE_URL", "sqlite:///filiform.sqlite3")
    monkeypatch.delenv("POSTGRES_FROM", raising=False)
    monkeypatch.setattr(postgres, "SOURCES", {"system": none, "wheel": none})


def test_a_given_server_is_used_and_the_commands_exit_code_is_ours(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://practice@db.example/filiform")

    assert postgres.main(["--", *SAYS_URL]) == 7


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_without_a_server_the_skip_is_loud_and_a_failure_in_ci(monkeypatch, capsys, nothing_here, ci, code):
    monkeypatch.setenv("CI", ci)

    assert postgres.main(["--", *SAYS_URL]) == code

    assert "no PostgreSQL to test on" in capsys.readouterr().err


def test_the_newest_whole_system_folder_is_taken(monkeypatch, tmp_path):
    for number, programs in (("9", "initdb postgres"), ("16", "initdb postgres"), ("17", "initdb")):
        folder = tmp_path / number / "bin"
        folder.mkdir(parents=True)
        for program in programs.split():
            (folder / program).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {number}.2'\n")
            (folder / program).chmod(0o755)
    monkeypatch.setattr(postgres, "SYSTEM_PLACES", (f"{tmp_path}/*/bin",))
    monkeypatch.setattr(postgres.shutil, "which", lambda _name: None)

    assert postgres.system_binaries(Path(), None) == tmp_path / "16" / "bin"


def test_a_system_server_too_old_for_django_is_passed_over(monkeypatch):
    monkeypatch.setattr(postgres, "version", lambda _folder: postgres.OLDEST - 1)
    monkeypatch.setattr(postgres.shutil, "which", lambda _name: None)
    monkeypatch.setattr(postgres, "SYSTEM_PLACES", ())

    with pytest.raises(postgres.Unavailable):
        postgres.system_binaries(Path(), None)
