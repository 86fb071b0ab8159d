"""Somebody with the owner's password who tries to change a signed note, again and again."""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

import psycopg2

from tests.scale.topology import SECONDS, Cluster

PAUSE = 0.01
# What is tried in turn, each with the key of the session.
ATTEMPTS = (
    "UPDATE treatments_needlingsession SET plan = 'Forged' WHERE id = %s",
    "UPDATE treatments_needlesite SET depth_mm = 1 WHERE session_id = %s",
    "DELETE FROM treatments_needlesite WHERE session_id = %s",
    "UPDATE treatments_needlingsession SET signed_at = NULL, signed_by_id = NULL WHERE id = %s",
    "UPDATE treatments_seal SET text = '' WHERE session_id = %s",
)


class Attacks:
    def __init__(self, cluster: Cluster, session: int):
        self.cluster, self.session = cluster, session
        self.answers: Counter[str] = Counter()

    @contextlib.contextmanager
    def going_on(self) -> Iterator[None]:
        over = threading.Event()
        thread = threading.Thread(target=self.attack, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(SECONDS)

    def attack(self, over: threading.Event) -> None:
        with self.cluster.console(self.cluster.primary) as cursor:
            # who waits longer than that tries something else
            cursor.execute("SET lock_timeout = '100ms'")
            while not over.wait(PAUSE):
                for attempt in ATTEMPTS:
                    self.answers[self.answer_to(cursor, attempt)] += 1

    def answer_to(self, cursor, attempt: str) -> str:
        try:
            cursor.execute(attempt, [self.session])
        except psycopg2.errors.LockNotAvailable:
            return "waited"
        except psycopg2.errors.DeadlockDetected:
            return "waited"
        except psycopg2.IntegrityError:
            return "refused"
        return "changed"
