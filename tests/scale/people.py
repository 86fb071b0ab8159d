"""The people of tests.scale.busy, seen from the test: what was acknowledged to them, and when."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.scale.busy import TAKEN
from tests.scale.topology import ROOT, SECONDS, Cluster


@dataclass
class People:
    process: subprocess.Popen
    answers: list[dict] = field(default_factory=list)

    def listen(self) -> None:
        for line in self.process.stdout:
            self.answers.append(json.loads(line))

    def acknowledged(self, what: str = "", *, since: float = 0) -> list[dict]:
        """The answers that acknowledged a save which was sent after that moment."""
        kinds = {what} if what else set(TAKEN)
        return [
            each
            for each in list(self.answers)
            if each["what"] in kinds and each["status"] in TAKEN[each["what"]] and each["began"] >= since
        ]

    def refused(self, *, since: float = 0) -> list[dict]:
        found = list(self.answers)
        return [each for each in found if each["status"] not in {200, 302, 409} and each["at"] >= since]

    def longest_wait(self, *, since: float) -> float:
        """The seconds from the first sending to the acknowledgement, of the save that took longest."""
        sent: dict[str, float] = {}
        for each in list(self.answers):
            sent[each["key"]] = min(each["began"], sent.get(each["key"], each["began"]))
        return max(each["at"] - sent[each["key"]] for each in self.acknowledged(since=since))

    def wait_for(self, count: int, *, since: float = 0) -> None:
        """Until so many saves that were sent since were acknowledged."""
        deadline = time.monotonic() + SECONDS
        while len(self.acknowledged(since=since)) < count:
            assert time.monotonic() < deadline, f"no save is acknowledged: {self.answers[-5:]}"
            time.sleep(0.02)


@contextlib.contextmanager
def at_work(cluster: Cluster, writers: list[dict]) -> Iterator[People]:
    command = cluster["client"].command(sys.executable, "-m", "tests.scale.busy")
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        process.stdin.write(json.dumps({"address": cluster["proxy"].address, "writers": writers}) + "\n")
        process.stdin.flush()
        people = People(process)
        listener = threading.Thread(target=people.listen, daemon=True)
        listener.start()
        try:
            yield people
        finally:
            process.stdin.close()
            process.wait(SECONDS * 2)
            listener.join(SECONDS)
