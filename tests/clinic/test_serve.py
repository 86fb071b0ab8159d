import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db.migrations.recorder import MigrationRecorder

from bench import processes
from clinic.management.commands import serve
from tests.postgres import free_port

ROOT = Path(settings.BASE_DIR)


def manage(*arguments, database):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{database}",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_serving_refuses_and_never_creates_a_database(tmp_path):
    database = tmp_path / "none.sqlite3"

    with manage("serve", "--listen", "127.0.0.1:0", database=database) as server:
        output, _ = server.communicate(timeout=30)

    assert server.returncode == 1
    assert "There is no database at" in output
    assert "manage.py migrate" in output
    assert not database.exists()


@pytest.mark.django_db
def test_serving_refuses_while_a_migration_waits():
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    with pytest.raises(CommandError, match="1 migrations are not applied"):
        serve.refuse_unready_database()


def test_serving_refuses_a_taken_or_odd_address():
    with pytest.raises(CommandError, match="Cannot listen on nonsense"):
        serve.open_server("nonsense", 1)


def test_serving_refuses_hashed_names_without_collected_files(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

    with pytest.raises(CommandError, match="collectstatic"):
        serve.refuse_uncollected_static_files()


@pytest.mark.drill
def test_a_served_practice_answers_and_stops_when_asked(tmp_path):
    database = tmp_path / "practice.sqlite3"
    with manage("migrate", "--verbosity", "0", database=database) as migration:
        assert migration.wait(120) == 0, migration.stdout.read()

    with manage("serve", "--listen", f"127.0.0.1:{free_port()}", database=database) as server:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        with urllib.request.urlopen(f"{address}health/", timeout=10) as answer:
            assert answer.status == 200
        assert processes.family(server.pid) == [server.pid], "it starts no other process"
        server.send_signal(signal.SIGTERM)
        output, _ = server.communicate(timeout=30)

    assert server.returncode == 0
    assert "stopped" in output


@pytest.mark.parametrize(("is_on", "said"), [(False, ""), (True, "DEBUG is on")])
def test_serving_with_debug_says_what_stands_open(is_on, said, settings):
    settings.DEBUG, settings.REQUIRE_MFA, settings.SECURE_SSL_REDIRECT = is_on, False, True

    warning = serve.debug_warning()

    assert warning.startswith(said)
    assert "\n" not in warning
    assert ("two-step verification" in warning) is is_on
    assert "HTTPS" not in warning


def test_make_run_alone_turns_debug_on():
    """The demo practice needs no TLS; whatever else is started runs as patients' records need it."""
    shown = subprocess.run(["make", "--dry-run", "run"], cwd=ROOT, capture_output=True, text=True, check=True)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    started = [line for line in shown.stdout.splitlines() if "manage.py" in line]
    assert len(started) == 4
    assert all("DEBUG=true" in line for line in started)
    assert makefile.count("DEBUG=") == 1
    assert set(re.findall(r"^(\w+):(?:.*\n\t)+@\$\(DEMO\)", makefile, re.M)) == {"run"}


def test_a_server_reads_no_body_that_no_page_sends():
    server = serve.open_server("127.0.0.1:0", 1)
    try:
        assert server.adj.max_request_body_size == serve.LARGEST_BODY
    finally:
        server.close()
