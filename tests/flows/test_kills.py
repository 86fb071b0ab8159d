"""The real server is killed in mid-save, again and again: what it acknowledged stands, and stands whole."""

import contextlib
import json
import random
import signal
import subprocess
import sys
import threading
import urllib.error
import uuid
from http.client import HTTPException
from pathlib import Path

import pytest
from django.db import connection

from tests import drills
from tests.live_practice import ROOT, LivePractice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]
WRITERS = 4
KILLS = {"sqlite": 200, "postgresql": 30}
LOST = (OSError, urllib.error.URLError, HTTPException)


class BusyWriter(threading.Thread):
    """One person who types a note over and over, and adds a site, until the server is gone."""

    def __init__(self, home: LivePractice, writer: dict, heard: threading.Event):
        super().__init__()
        self.home, self.writer, self.heard = home, writer, heard
        self.notes, self.sites = [], []

    def run(self):
        with contextlib.suppress(*LOST):
            while True:
                self.note()
                self.site()

    def note(self):
        client_id = str(uuid.uuid4())
        said = {"field": "other_care", "value": client_id, "client_id": client_id, "seq": 1}
        said["base_version"] = self.writer.get("version", 0)
        status, text = self.home.post(
            f"/sessions/{self.writer['session']}/fields/", self.writer["cookie"], **said
        )
        # 409: the save before the kill was kept, and its answer was lost
        assert status in {200, 409}, f"{status}: {text[:300]}"
        self.writer["version"] = json.loads(text)["version"]
        if status == 200:
            self.notes.append(client_id)
            self.heard.set()

    def site(self):
        key = str(uuid.uuid4())
        values = {"muscle": "IS", "side": "both", "needle": "0.30x40", "technique": "in_out", "depth_mm": 20}
        status, text = self.home.post(
            f"/sessions/{self.writer['session']}/sites/",
            self.writer["cookie"],
            key=key, client_id=key, seq=1, insertions=1, twitches=0, tissue="muscle", **values,
        )  # fmt: skip
        assert status in {200, 302}, f"{status}: {text[:300]}"
        self.sites.append(key)
        self.heard.set()


class Checker:
    """tests.writers in a process of its own that stays: it answers after each restart."""

    def __init__(self, home: LivePractice):
        said = "import json, sys, django; django.setup(); from django.db import connection\n"
        said += "from tests import writers\n"
        said += "for line in sys.stdin:\n"
        said += "    print(json.dumps(writers.after_kill(json.loads(line))), flush=True)\n"
        said += "    connection.close()\n"
        self.process = subprocess.Popen(
            [sys.executable, "-c", said],
            cwd=ROOT, env=home.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, **acknowledged) -> dict:
        self.process.stdin.write(json.dumps(acknowledged) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def killed_once(home: LivePractice, writers: list[dict], log: Path) -> list[BusyWriter]:
    """Serve until a save is acknowledged, kill the process among those that follow, as a power cut would."""
    command = [sys.executable, "manage.py", "serve", "--listen", f"127.0.0.1:{home.port}"]
    with log.open("w") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=home.environment, stdout=said, stderr=said)
        try:
            home.wait(log)
            heard = threading.Event()
            hammers = [BusyWriter(home, writer, heard) for writer in writers]
            for hammer in hammers:
                hammer.start()
            # a slow machine saves late: a kill before the first save would show nothing
            assert heard.wait(60), f"no save was acknowledged: {log.read_text()[-2000:]}"
            threading.Event().wait(random.uniform(0, 0.5))
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait(30)
        for hammer in hammers:
            hammer.join()
    return hammers


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_nothing_that_was_acknowledged_is_lost_or_half(home: LivePractice, tmp_path):
    kills, saves = drills.count(KILLS[connection.vendor]), 0
    writers = home.ask(f"seed({WRITERS})")
    checker = Checker(home)
    for number in range(kills):
        hammers = killed_once(home, writers, tmp_path / "server.log")
        notes = [note for hammer in hammers for note in hammer.notes]
        sites = [site for hammer in hammers for site in hammer.sites]
        saves += len(notes) + len(sites)
        found = checker.ask(notes=notes, sites=sites)
        assert found == {"lost": [], "half": [], "broken": None}, f"after kill {number + 1}"
    checker.close()
    assert saves > kills
    drills.record("kill -9 of the server in mid-save", kills=kills, acknowledged=saves, lost=0, half=0)
