"""Eight people write at once, over HTTP, against the real server: every save is kept, none is refused."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from tests.postgres import free_port

# A copy is made of what is committed, and only then.
pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(settings.BASE_DIR)
WRITERS = 8
TOKEN = "t" * 32


class Home:
    """A copy of the suite's empty practice, and the server in front of it."""

    def __init__(self, database_url: str):
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONUNBUFFERED": "1",
        }
        self.port = free_port()

    def ask(self, what: str):
        """The answer of a function of tests.writers, run beside the server."""
        said = "import json, django; django.setup(); from tests import writers; "
        said += f"print(json.dumps(writers.{what}))"
        answer = subprocess.run(
            [sys.executable, "-c", said],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(answer.stdout)

    @contextlib.contextmanager
    def open(self, log: Path):
        command = [sys.executable, "manage.py", "serve", "--listen", f"127.0.0.1:{self.port}"]
        with log.open("w") as said:
            server = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=said, stderr=said)
            try:
                self.wait(log)
                yield
            finally:
                server.terminate()
                server.wait(timeout=30)

    def wait(self, log: Path):
        for _ in range(120):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=5).close()
                return
            time.sleep(0.25)
        raise AssertionError(f"the server did not start: {log.read_text()[-2000:]}")

    def post(self, path: str, cookie: str, **fields) -> tuple[int, str]:
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": TOKEN}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data)
        request.add_header("Cookie", f"sessionid={cookie}; csrftoken={TOKEN}")
        try:
            with STAY.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer; it is not followed."""

    def redirect_request(self, *args, **kwargs):
        return None


STAY = urllib.request.build_opener(Stay)


@pytest.fixture
def home(transactional_db, tmp_path):
    if connection.vendor == "sqlite":
        yield Home(copied_file(tmp_path / "writers.sqlite3"))
    else:
        with copied_database() as url:
            yield Home(url)


def copied_file(path: Path) -> str:
    connection.ensure_connection()
    copy = connection.Database.connect(path)
    connection.connection.backup(copy)
    copy.close()
    return f"sqlite:///{path}"


@contextlib.contextmanager
def copied_database():
    """A database of its own on the suite's server, from the suite's own as its template."""
    known = connection.settings_dict
    name, template = f"writers_{uuid.uuid4().hex[:12]}", known["NAME"]
    connection.close()
    where = {
        "host": known["HOST"],
        "port": known["PORT"],
        "user": known["USER"],
        "password": known["PASSWORD"],
    }
    server = psycopg2.connect(dbname="postgres", **{key: value for key, value in where.items() if value})
    server.autocommit = True
    with contextlib.closing(server), server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            secret = urllib.parse.quote(known["PASSWORD"] or "")
            yield f"postgres://{known['USER']}:{secret}@{known['HOST']}:{known['PORT']}/{name}"
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Writer(threading.Thread):
    """Types a note, sees it kept, types the next; now and then registers a patient."""

    def __init__(self, home: Home, writer: dict, until: float):
        super().__init__()
        self.home, self.writer, self.until = home, writer, until
        self.saves, self.registered, self.failed, self.note = 0, 0, [], ""

    def run(self):
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
        # 200: somebody alike is registered already, and the page asks first
        if status == 302:
            self.registered += 1
        elif status != 200:
            self.failed.append((status, text[:300]))


def write_at_once(home: Home, seconds: float, log: Path) -> None:
    seeded = home.ask(f"seed({WRITERS})")
    with home.open(log):
        until = time.monotonic() + seconds
        writers = [Writer(home, one, until) for one in seeded]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()

    said = home.ask("check()")
    assert [failure for writer in writers for failure in writer.failed] == []
    assert all(writer.saves for writer in writers)
    assert said["saves"] == sum(writer.saves for writer in writers)
    assert said["registered"] == sum(writer.registered for writer in writers)
    assert {w.writer["session"]: w.note for w in writers} == said["newest"]
    assert said["broken"] is None


def test_eight_people_save_for_a_moment_and_nothing_is_lost(home, tmp_path):
    write_at_once(home, 4, tmp_path / "server.log")


@pytest.mark.drill
def test_eight_people_save_for_half_a_minute_and_nothing_is_lost(home, tmp_path):
    write_at_once(home, 30, tmp_path / "server.log")
