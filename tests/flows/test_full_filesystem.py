"""Two small disks are full while the real server runs: pages open, and nothing typed or seen is lost."""

import contextlib
import errno
import os
import random
import shutil
import sqlite3
import subprocess
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from tests.live_practice import NO_REDIRECTS, LivePractice, copied_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]
# Beside the database: what the server writes until the disk is full. Of looks: a handful, one block each.
ROOM_BESIDE, ROOM_FOR_LOOKS = 4 * 1024**2, 32 * 1024
REGISTER = reverse("patients:register")
GIVEN, LOOK = "Typedatafull", "session.read"


def mounted(at: Path, size: int) -> str:
    """Puts a disk of that size there; returns why not, "" where it stands."""
    at.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return said.stderr.strip() if said.returncode else ""


@contextlib.contextmanager
def disk(at: Path, size: int) -> Iterator[Path]:
    if lacking := mounted(at, size):
        reason = f"no disk was filled: none could be mounted here ({lacking})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def fill(at: Path) -> Path:
    """A file that takes what is left of the disk, to the last block."""
    filler = at / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"f" * 4096)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        (at / "one more").write_bytes(b"f" * 4096)
    (at / "one more").unlink(missing_ok=True)
    return filler


@pytest.fixture
def disks(transactional_db, tmp_path):
    """(of the database, of the looks)"""
    if connection.vendor != "sqlite":
        pytest.skip("no disk was filled: that of a PostgreSQL is its own server's")
    copied_file(tmp_path / "copy.sqlite3")
    size = (tmp_path / "copy.sqlite3").stat().st_size + ROOM_BESIDE
    with disk(tmp_path / "data", size) as data, disk(tmp_path / "gaps", ROOM_FOR_LOOKS) as gaps:
        shutil.copy(tmp_path / "copy.sqlite3", data / "practice.sqlite3")
        yield data, gaps


@pytest.fixture
def practice(disks):
    data, gaps = disks
    live = LivePractice(f"sqlite:///{data / 'practice.sqlite3'}")
    live.environment["GAPS_OF_A_DRILL"] = str(gaps / "looks")
    return live


def get(live: LivePractice, path: str, cookie: str) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{live.port}{path}", headers={"Cookie": f"sessionid={cookie}"}
    )
    try:
        with NO_REDIRECTS.open(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def register(live: LivePractice, cookie: str, number: int) -> tuple[dict, int, str]:
    """The form as it was sent, and how it was answered. No two are likely one person."""
    name = "".join(random.sample("abcdefghijklmnopqrstuvwxyz", 9)).capitalize()
    form = {
        "family_name": name,
        "given_name": GIVEN,
        "born": f"5/23/{1930 + number}",
        "form_key": uuid.uuid4().hex,
    }
    return form, *live.post(REGISTER, cookie, **form)


def until_refused(live: LivePractice, cookie: str) -> tuple[list[str], dict, int, str]:
    """(names that were registered, the form that was refused, its answer): SQLite's log may have room yet."""
    registered = []
    for number in range(90):
        form, status, text = register(live, cookie, number)
        if status != 302:
            return registered, form, status, text
        registered.append(form["family_name"])
    raise AssertionError(f"a full disk took {len(registered)} patients")


def test_pages_open_saves_are_refused_in_words_and_all_goes_on_once_there_is_room(practice, disks, tmp_path):
    data, gaps = disks
    [writer] = practice.ask("seed(1)")
    cookie, log = writer["cookie"], tmp_path / "server.log"
    opened = reverse("treatments:session", args=[writer["session"]])
    with practice.open(log):
        assert get(practice, opened, cookie) == 200
        filler = fill(data)
        registered, form, status, text = until_refused(practice, cookie)

        # the save is refused in words, and what was typed stands in the answer
        assert (status, form["family_name"] in text, GIVEN in text) == (503, True, True), text[-2000:]

        # pages open; their looks wait in files, and in memory once that disk is full too
        before = looks_of(data)
        assert {get(practice, opened, cookie) for _ in range(3)} == {200}
        waiting = len(list((gaps / "looks").iterdir()))
        assert waiting == 3
        second_filler = fill(gaps)
        assert {get(practice, opened, cookie) for _ in range(2)} == {200}
        assert len(list((gaps / "looks").iterdir())) == waiting
        assert looks_of(data) == before

        # room again: the same form is taken, the looks are filed
        filler.unlink()
        second_filler.unlink()
        assert practice.post(REGISTER, cookie, **form)[0] == 302
        assert get(practice, opened, cookie) == 200
        assert list((gaps / "looks").iterdir()) == []
        assert looks_of(data) == before + 6
    stored = practice.ask("check()")
    names = names_of(data)
    assert stored["broken"] is None
    assert names == sorted([*registered, form["family_name"]])


def looks_of(data: Path) -> int:
    """Events of the page that is opened meanwhile."""
    return asked(data, f"SELECT count(*) FROM clinic_auditevent WHERE code = '{LOOK}'")[0][0]


def names_of(data: Path) -> list[str]:
    found = asked(data, f"SELECT family_name FROM patients_patient WHERE given_name = '{GIVEN}'")
    return sorted(name for (name,) in found)


def asked(data: Path, sql: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(f"file:{data / 'practice.sqlite3'}?mode=ro", uri=True)) as reader:
        return reader.execute(sql).fetchall()
