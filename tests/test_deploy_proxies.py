"""nginx and Caddy, with the configurations of docs/deploy/, send what Filiform reads, and nothing forged."""

import contextlib
import datetime as dt
import http.server
import ipaddress
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import RequestFactory

from clinic.web.address import address_of
from tests import deployment
from tests.postgres import free_port

FORGED = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "http",
    "X-Request-ID": "forged-number",
}
LINK = "/s/a-link-of-a-patient/"


class Echo(http.server.BaseHTTPRequestHandler):
    """Stands where Filiform stands, and answers with the headers it was sent."""

    def do_GET(self):
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Says nothing."""


@pytest.fixture
def echo():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def certificate(tmp_path) -> tuple[Path, Path]:
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    day = dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName(names), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, secret = tmp_path / "fullchain.pem", tmp_path / "privkey.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return chain, secret


def nginx(folder: Path, port: int, upstream: int) -> list[str]:
    """The file with other ports and places, and around it what the package's nginx.conf has."""
    file = deployment.text_of("nginx.conf")
    for written, here in {
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "records.example": "localhost",
        "/etc/ssl/filiform": str(folder),
        "/var/log/nginx": str(folder),
        f"{deployment.HOME}/docs": str(deployment.ROOT / "docs"),
    }.items():
        assert written in file, f"nginx.conf does not say {written}"
        file = file.replace(written, here)
    (folder / "filiform.conf").write_text(re.sub(r"^ +listen \[::\].*\n", "", file, flags=re.M))
    places = "".join(
        f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # as the account of the test: its folders are closed to others
    who = "user root;" if os.geteuid() == 0 else ""
    (folder / "main.conf").write_text(
        f"{who} daemon off; pid {folder}/pid; error_log {folder}/main.log; events {{}} "
        f"http {{ {places} access_log off; include {folder}/filiform.conf; }}"
    )
    return ["nginx", "-p", str(folder), "-e", f"{folder}/main.log", "-c", f"{folder}/main.conf"]


def caddy(folder: Path, port: int, upstream: int) -> list[str]:
    """The file with the test's certificate: it must not ask anybody for one."""
    written = re.sub(
        r"^(\{\$FILIFORM_NAME.*\{)$",
        rf"\1\n\ttls {folder}/fullchain.pem {folder}/privkey.pem",
        deployment.text_of("Caddyfile").replace(
            "\tadmin off\n", "\tadmin off\n\tauto_https disable_redirects\n"
        ),
        flags=re.M,
    ).replace(f"{deployment.HOME}/docs", str(deployment.ROOT / "docs"))
    (folder / "Caddyfile").write_text(written)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


PROXIES = {"nginx": nginx, "caddy": caddy}


@contextlib.contextmanager
def running(name: str, folder: Path, upstream: int):
    """The address of the proxy, where it is installed."""
    program = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip(f"{name} is not installed: its configuration was read, and no request sent through it")
    port = free_port()
    command = [program, *PROXIES[name](folder, port, upstream)[1:]]
    given = {"PATH": os.environ["PATH"], "HOME": str(folder), "FILIFORM_NAME": f"https://localhost:{port}",
             "FILIFORM_SERVER": f"127.0.0.1:{upstream}"}  # fmt: skip
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(command, env=given, stdout=said, stderr=said)
        try:
            yield f"https://localhost:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def ask(address: str, folder: Path, headers: dict | None = None) -> tuple[int, str]:
    """Waits for the proxy to listen; whatever it answers then is the answer."""
    trusted = ssl.create_default_context(cafile=folder / "fullchain.pem")
    request = urllib.request.Request(address, headers=headers or {})
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, context=trusted, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise AssertionError((folder / "said").read_text()[-2000:])


@pytest.mark.parametrize("name", PROXIES)
def test_the_client_is_who_asked_and_not_who_it_says(name, tmp_path, certificate, echo, settings):
    settings.PROXY_DEPTH = int(deployment.environment_of("filiform.env")["PROXY_DEPTH"])
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["localhost"]

    with running(name, tmp_path, echo) as address:
        status, sent = ask(f"{address}{LINK}?a=b", tmp_path, headers=FORGED)

    request = RequestFactory().get("/", headers=json.loads(sent), REMOTE_ADDR="127.0.0.2")
    assert status == 200
    assert address_of(request) == "127.0.0.1"
    assert request.is_secure()
    assert request.get_host().partition(":")[0] == "localhost"
    assert not [words for words in FORGED.values() if f'"{words}"' in sent]
    assert re.search(r'"X-Request-I[dD]": "[0-9a-f-]{32,36}"', sent)


@pytest.mark.parametrize("name", PROXIES)
def test_while_no_server_answers_a_page_says_so_and_no_log_has_its_address(name, tmp_path, certificate):
    with running(name, tmp_path, free_port()) as address:
        status, page = ask(f"{address}{LINK}", tmp_path)

    assert (status, page) == (502, deployment.text_of("unavailable.html"))
    logs = [path for path in tmp_path.iterdir() if path.suffix in ("", ".log") and path.is_file()]
    assert not [path.name for path in logs if "a-link-of" in path.read_text(errors="replace")]
