"""The real server on a copy of the test database, for tests that send requests over HTTP."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.client import HTTPException
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connection

from tests.postgres import free_port

ROOT = Path(settings.BASE_DIR)
TOKEN = "t" * 32
# How a request ends that nobody answers.
LOST = (OSError, HTTPException)


class LivePractice:
    """A copy of the empty test database and the server that uses it."""

    def __init__(self, database_url: str):
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONUNBUFFERED": "1",
        }
        self.port = free_port()

    def ask(self, what: str):
        """The result of a function of tests.writers, run in a process beside the server."""
        script = "import json, django; django.setup(); from tests import writers; "
        script += f"print(json.dumps(writers.{what}))"
        answer = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return json.loads(answer.stdout)

    def start(self, output) -> subprocess.Popen:
        """Starts the server; its output goes to that file."""
        command = [sys.executable, "manage.py", "serve", "--listen", f"127.0.0.1:{self.port}"]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)

    @contextlib.contextmanager
    def open(self, log: Path):
        with log.open("w") as output:
            server = self.start(output)
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
            with NO_REDIRECTS.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Returns redirects as responses instead of following them."""

    def redirect_request(self, *args, **kwargs):
        return None


NO_REDIRECTS = urllib.request.build_opener(NoRedirects)


def copied_file(path: Path) -> str:
    connection.ensure_connection()
    copy = connection.Database.connect(path)
    connection.connection.backup(copy)
    copy.close()
    return f"sqlite:///{path}"


@contextlib.contextmanager
def copied_database():
    """A new database on the suite's PostgreSQL server, with the test database as its template."""
    connection.close()
    with new_database(connection.settings_dict["NAME"]) as url:
        yield url


@contextlib.contextmanager
def new_database(template: str = "template0"):
    known, name = connection.settings_dict, f"writers_{uuid.uuid4().hex[:12]}"
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
