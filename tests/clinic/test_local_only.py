"""LOCAL_ONLY: production without TLS, on the machine where it runs and nowhere else."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.management import CommandError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from clinic import middleware
from clinic.management.commands import serve
from tests.postgres import free_port

ROOT = Path(django_settings.BASE_DIR)
NAMES = (
    "ALLOWED_HOSTS", "DEBUG", "PROXY_DEPTH", "REQUIRE_MFA", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_HTTPONLY",
)  # fmt: skip
READ = (
    f"import json; from clinic import settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"
)


def read_settings(**given) -> subprocess.CompletedProcess:
    """The product's own settings, as they are read from the environment."""
    dropped = {"ALLOWED_HOSTS", "DEBUG", "REQUIRE_MFA", "SECURE_SSL_REDIRECT"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return subprocess.run(
        [sys.executable, "-c", READ], cwd=ROOT, env={**kept, **given}, capture_output=True, text=True
    )


def test_it_is_production_without_tls_for_loopback_names_alone():
    found = json.loads(
        read_settings(LOCAL_ONLY="true", ALLOWED_HOSTS="records.example", SECURE_SSL_REDIRECT="true").stdout
    )

    assert found == {
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "DEBUG": False,
        "PROXY_DEPTH": 0,
        "REQUIRE_MFA": True,
        "SECURE_SSL_REDIRECT": False,
        "SESSION_COOKIE_HTTPONLY": True,
    }


def test_without_it_tls_is_asked_for():
    assert json.loads(read_settings().stdout)["SECURE_SSL_REDIRECT"] is True


def test_a_proxy_in_front_is_refused_with_a_sentence():
    refused = read_settings(LOCAL_ONLY="true", PROXY_DEPTH="1")

    assert refused.returncode != 0
    assert "PROXY_DEPTH says that a proxy stands in front" in refused.stderr


@pytest.mark.parametrize(
    "listen",
    ["0.0.0.0:8000", "192.168.1.20:8000", "*:8000", ":8000", "[::]:8000", "records.example:8000",
     "127.0.0.1:8000 10.0.0.7:8000", "8000"],
)  # fmt: skip
def test_no_other_address_is_listened_on(listen, settings):
    settings.LOCAL_ONLY = True

    with pytest.raises(CommandError, match="this machine's own address"):
        serve.Command().handle(listen=listen, threads=1)


@pytest.mark.parametrize("listen", ["127.0.0.1:8000", "127.1.2.3:80", "[::1]:8000", "localhost:8000"])
def test_loopback_is_listened_on(listen, settings):
    settings.LOCAL_ONLY = True

    serve.refuse_other_machines(listen)


def test_without_it_any_address_may_be_listened_on(settings):
    settings.LOCAL_ONLY = False

    serve.refuse_other_machines("0.0.0.0:8000")


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("192.168.1.20", 403), ("10.0.0.7", 403), ("fe80::1", 403), ("", 403)],
)
def test_a_request_from_elsewhere_is_refused_whatever_host_it_names(address, status, settings):
    settings.LOCAL_ONLY = True
    answer = middleware.this_machine_alone(lambda request: HttpResponse("in"))
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_HOST="127.0.0.1")

    assert answer(request).status_code == status


def test_without_it_no_request_is_looked_at(settings):
    settings.LOCAL_ONLY = False

    with pytest.raises(MiddlewareNotUsed):
        middleware.this_machine_alone(lambda request: HttpResponse("in"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8000", 200), ("127.0.0.1", 200), ("192.168.1.20:8000", 400), ("records.example", 400)],
)
def test_a_host_that_is_not_this_machine_is_refused(host, status, settings):
    settings.ALLOWED_HOSTS = json.loads(read_settings(LOCAL_ONLY="true").stdout)["ALLOWED_HOSTS"]

    assert Client(headers={"host": host}).get("/accounts/login/").status_code == status


@pytest.mark.drill
def test_a_practice_begun_from_nothing_is_served_to_this_machine_alone(tmp_path):
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/practice.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "LOCAL_ONLY": "true",
        "PYTHONUNBUFFERED": "1",
    }
    manage, of_process = [sys.executable, "manage.py"], {"cwd": ROOT, "env": environment, "text": True}
    port = free_port()
    names = ["--name", "Dana Modelrivera", "--username", "dana", "--address", f"http://localhost:{port}"]
    begun = subprocess.run([*manage, "practice", *names], capture_output=True, check=True, **of_process)
    link = re.search(r"http://localhost\S+", begun.stdout)[0]

    serving = [*manage, "serve", "--listen", f"127.0.0.1:{port}"]
    with subprocess.Popen(serving, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **of_process) as server:
        try:
            server.stdout.readline()
            statuses = [status_of(link), status_of(link, host="192.168.1.20"), status_of(f"{link}x/")]
        finally:
            server.terminate()
            server.wait(timeout=30)

    assert statuses == [200, 400, 404]


def status_of(address: str, **headers) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_make_practice_serves_on_this_machine_alone_and_with_nothing_of_the_demo():
    command = ["make", "--dry-run", "practice", "PORT=8123"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    started = [line for line in shown.splitlines() if "manage.py" in line]
    assert [re.search(r"manage\.py (\w+)", line)[1] for line in started] == [
        "practice",
        "collectstatic",
        "serve",
    ]
    assert all("LOCAL_ONLY=true" in line for line in started)
    assert "DEBUG" not in shown
    assert "manage.py demo" not in shown
    assert "http://localhost:8123" in started[0]
    assert started[-1].endswith("--listen 127.0.0.1:8123")
