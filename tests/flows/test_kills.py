"""The real server is killed during saves; what it acknowledged is stored completely."""

import contextlib
import json
import random
import signal
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest
from django.db import connection

from tests import drills
from tests.live_practice import LOST, ROOT, LivePractice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]
WRITERS = 4
KILLS = {"sqlite": 200, "postgresql": 30}


class BusyWriter(threading.Thread):
    """Saves a note again and again, and adds sites, until the server is gone."""

    def __init__(self, live_practice: LivePractice, writer: dict, acknowledged: threading.Event):
        super().__init__(daemon=True)
        self.home, self.writer, self.heard = live_practice, writer, acknowledged
        self.notes, self.sites = [], []

    def run(self):
        with contextlib.suppress(*LOST):
            while True:
                self.note()
                self.site()

    def note(self):
        client_id = str(uuid.uuid4())
        values = {"field": "other_care", "value": client_id, "client_id": client_id, "seq": 1}
        values["base_version"] = self.writer.get("version", 0)
        status, text = self.home.post(
            f"/sessions/{self.writer['session']}/fields/", self.writer["cookie"], **values
        )
        # 409: the save before the kill was stored, but its response was lost
        assert status in {200, 409}, f"{status}: {text[:300]}"
        self.writer["version"] = json.loads(text)["version"]
        if status == 200:
            self.notes.append(client_id)
            self.heard.set()

    def site(self):
        key = str(uuid.uuid4())
        values = {"muscle": "GA", "side": "both", "needle": "0.30x40", "technique": "in_out", "depth_mm": 20}
        status, text = self.home.post(
            f"/sessions/{self.writer['session']}/sites/",
            self.writer["cookie"],
            key=key, client_id=key, seq=1, insertions=1, twitches=0, tissue="muscle", **values,
        )  # fmt: skip
        assert status in {200, 302}, f"{status}: {text[:300]}"
        self.sites.append(key)
        self.heard.set()


class Checker:
    """Runs tests.writers in one separate process that outlives the restarts of the server."""

    def __init__(self, live_practice: LivePractice):
        script = "import json, sys, django; django.setup(); from django.db import connection\n"
        script += "from tests import writers\n"
        script += "for line in sys.stdin:\n"
        script += "    print(json.dumps(writers.after_kill(json.loads(line))), flush=True)\n"
        script += "    connection.close()\n"
        self.process = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT, env=live_practice.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, **acknowledged) -> dict:
        self.process.stdin.write(json.dumps(acknowledged) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def killed_once(live_practice: LivePractice, writers: list[dict], log: Path) -> list[BusyWriter]:
    """Runs the server until a save is acknowledged, then kills it during the following ones."""
    command = [sys.executable, "manage.py", "serve", "--listen", f"127.0.0.1:{live_practice.port}"]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=live_practice.environment, stdout=output, stderr=output
        )
        try:
            live_practice.wait(log)
            acknowledged = threading.Event()
            busy_writers = [BusyWriter(live_practice, writer, acknowledged) for writer in writers]
            for busy_writer in busy_writers:
                busy_writer.start()
            # a kill before the first save would prove nothing, and a slow machine saves late
            assert acknowledged.wait(60), f"no save was acknowledged: {log.read_text()[-2000:]}"
            threading.Event().wait(random.uniform(0, 0.5))
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait(30)
        for busy_writer in busy_writers:
            # longer than it waits for an answer
            busy_writer.join(120)
            assert not busy_writer.is_alive()
    return busy_writers


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_nothing_that_was_acknowledged_is_lost_or_half(live_practice: LivePractice, tmp_path):
    kills, saves = drills.count(KILLS[connection.vendor]), 0
    writers = live_practice.ask(f"seed({WRITERS})")
    checker = Checker(live_practice)
    for number in range(kills):
        busy_writers = killed_once(live_practice, writers, tmp_path / "server.log")
        notes = [note for busy_writer in busy_writers for note in busy_writer.notes]
        sites = [site for busy_writer in busy_writers for site in busy_writer.sites]
        saves += len(notes) + len(sites)
        found = checker.ask(notes=notes, sites=sites)
        assert found == {"lost": [], "half": [], "broken": None}, f"after kill {number + 1}"
    checker.close()
    assert saves > kills
    drills.record("kill -9 of the server in mid-save", kills=kills, acknowledged=saves, lost=0, half=0)
