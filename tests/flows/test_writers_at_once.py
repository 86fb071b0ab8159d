"""Eight users write at the same time over HTTP: every save is stored and none is refused."""

import json
import threading
import time
import uuid
from pathlib import Path

import pytest

from tests.live_practice import LOST, LivePractice

# The server reads a copy of the database, so the rows must be committed.
pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8


class Writer(threading.Thread):
    """Saves notes one after the other and sometimes registers a patient."""

    def __init__(self, live_practice: LivePractice, writer: dict, until: float):
        super().__init__()
        self.home, self.writer, self.until = live_practice, writer, until
        self.saves, self.registered, self.failed, self.note = 0, 0, [], ""

    def run(self):
        try:
            self.write()
        except (*LOST, ValueError) as lost:
            self.failed.append((0, repr(lost)))

    def write(self):
        client_id, version = uuid.uuid4(), 0
        while time.monotonic() < self.until:
            note = f"note {self.saves + 1}"
            status, text = self.home.post(
                f"/sessions/{self.writer['session']}/fields/",
                self.writer["cookie"],
                field="note",
                value=note,
                client_id=client_id,
                seq=self.saves + 1,
                base_version=version,
            )
            if status != 200:
                self.failed.append((status, text[:300]))
                return
            version, self.note = json.loads(text)["version"], note
            self.saves += 1
            if self.saves % 5 == 0:
                self.register()

    def register(self):
        status, text = self.home.post(
            "/patients/register/",
            self.writer["cookie"],
            family_name=f"Atonce{self.writer['session']}",
            given_name=uuid.uuid4().hex,
            born=f"{self.saves % 12 + 1}/{self.saves % 28 + 1}/{1930 + self.saves % 80}",
            form_key=uuid.uuid4().hex,
        )
        # 200: a similar patient exists, and the page asks for confirmation
        if status == 302:
            self.registered += 1
        elif status != 200:
            self.failed.append((status, text[:300]))


def write_at_once(live_practice: LivePractice, seconds: float, log: Path) -> None:
    seeded = live_practice.ask(f"seed({WRITERS})")
    with live_practice.open(log):
        until = time.monotonic() + seconds
        writers = [Writer(live_practice, one, until) for one in seeded]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()

    stored = live_practice.ask("check()")
    assert [failure for writer in writers for failure in writer.failed] == []
    assert all(writer.saves for writer in writers)
    assert stored["saves"] == sum(writer.saves for writer in writers)
    assert stored["registered"] == sum(writer.registered for writer in writers)
    assert {w.writer["session"]: w.note for w in writers} == stored["newest"]
    assert stored["broken"] is None


def test_eight_people_save_for_a_moment_and_nothing_is_lost(live_practice, tmp_path):
    write_at_once(live_practice, 4, tmp_path / "server.log")


@pytest.mark.drill
def test_eight_people_save_for_half_a_minute_and_nothing_is_lost(live_practice, tmp_path):
    write_at_once(live_practice, 30, tmp_path / "server.log")
