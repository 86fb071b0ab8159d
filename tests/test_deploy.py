"""docs/deploy/ works as it stands: held against the program, its settings, and what reads the files."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from clinic import mint
from clinic.management.commands import serve
from clinic.web import uploads
from patients.rules.papers import files
from tests import deployment
from tests.deployment import FOLDER, HOME, ROOT, SYSTEMD

READ = re.compile(r"\benv\.\w+\(\s*\"([A-Z_]+)\"|\benvironment\.\w+\(env, \"([A-Z_]+)\"")
SETTINGS = {
    name
    for names in READ.findall((ROOT / "clinic" / "settings.py").read_text(encoding="utf-8"))
    for name in names
} - {""}
DEFAULT = serve.Command().create_parser("manage.py", "serve").get_default("listen")
# Not Filiform's: of the containers themselves.
OF_CONTAINERS = {"FILIFORM_NAME", "FILIFORM_SERVER", "OWNER_PASSWORD", "SERVE_PASSWORD", "POSTGRES_PASSWORD",
                 "PYTHONUNBUFFERED"}  # fmt: skip
BYTES = {"k": 1024, "m": 1024**2, "mib": 1024**2}


def seconds(text: str) -> int:
    return int(re.fullmatch(r"(\d+)s", text)[1])


@pytest.mark.parametrize(
    "command",
    [*deployment.commands_of_units(), *deployment.commands_of_containers(), *deployment.commands_of_page()],
)
def test_each_command_exists_with_its_options(command):
    name, *options = command.split()
    there = load_command_class(get_commands()[name], name)

    # a command line that is not understood ends the program
    there.create_parser("manage.py", name).parse_args(options)
    for file in options[options.index("--file") + 1 :] if "--file" in options else []:
        assert (ROOT / file).is_file()


def test_each_variable_is_a_setting():
    compose = set(re.findall(r"^      ([A-Z_]+): ", deployment.text_of("compose.yaml"), re.M))
    container = set(re.findall(r"\b([A-Z_]{5,})=", deployment.text_of("Containerfile")))
    files = {name for file in ("filiform.env", "owner.env") for name in deployment.environment_of(file)}

    assert {"SECRET_KEY", "PROXY_DEPTH", "DATABASE_URL", "EMAIL_URL"} <= SETTINGS
    assert len(compose & OF_CONTAINERS) > 3
    assert (compose | container | files) - SETTINGS - OF_CONTAINERS == set()
    asked = set(re.findall(r"\$\{(\w+)", deployment.text_of("compose.yaml")))
    assert asked == set(deployment.environment_of("compose.env"))


def test_the_example_is_all_that_serving_needs(tmp_path):
    """With minted keys, and nothing of this machine, the program finds nothing to say against it."""
    copied = shutil.copy(FOLDER / "filiform.env", tmp_path / ".env")
    mint.mint(Path(copied))
    lines = [line for line in Path(copied).read_text().splitlines() if line and not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines)

    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **given}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert {"SECRET_KEY", "AUDIT_KEY", "BACKUP_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "PROXY_DEPTH"} <= set(
        given
    )
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr
    # a shell, systemd, Docker and Filiform read these alike
    assert not [line for line in lines if re.search(r"[\s'\"$#\\]", line)]


def test_each_timer_has_its_unit_and_its_row_in_the_page():
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(filiform-\w+)` \| .* \| `(\w+(?: --\w+)*)`", page, re.M))

    timers = {path.stem for path in SYSTEMD.glob("*.timer")}
    assert timers == set(rows)
    for name, command in rows.items():
        assert deployment.values(f"{name}.timer", "OnCalendar")
        assert deployment.values(f"{name}.service", "ExecStart") == [f"{deployment.PROGRAM}{command}"]
    named = re.search(r"filiform-\{(.*?)\}\.timer", page)[1]
    assert {f"filiform-{name}" for name in named.split(",")} == timers
    assert {"filiform-serve", "filiform-migrate", "filiform-failed@"} == {
        path.stem for path in SYSTEMD.glob("*.service")
    } - timers


@pytest.mark.parametrize("file", sorted(path.name for path in SYSTEMD.glob("*.service")))
def test_each_run_that_a_timer_starts_tells_when_it_failed(file):
    """What is started by hand says so there; `serve` is started anew. The telling itself tells nobody."""
    is_timed = (SYSTEMD / file).with_suffix(".timer").is_file()

    assert deployment.values(file, "OnFailure") == (["filiform-failed@%N.service"] if is_timed else [])
    # there it would hold for the telling too
    assert deployment.values("filiform-.service.d/common.conf", "OnFailure") == []


def test_units_write_only_where_they_may():
    common = dict(deployment.unit("filiform-.service.d/common.conf"))
    example = deployment.environment_of("filiform.env")

    assert common["User"] == "filiform"
    assert common["ProtectSystem"] == "strict"
    assert common["WorkingDirectory"] == HOME
    assert example["AUDIT_GAPS"].startswith(f"/var/lib/{common['StateDirectory']}/")
    assert deployment.values("filiform-backup.service", "ReadWritePaths") == [example["BACKUP_FOLDER"]]


def test_systemd_understands_the_units(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        reason = "the units were read, and not by systemd: no systemd-analyze here"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    shutil.copytree(SYSTEMD, tmp_path / "units")
    for path in (tmp_path / "units").rglob("*.*"):
        if path.is_file():
            path.write_text(path.read_text().replace(f"{HOME}/.venv/bin/python", sys.executable))
    units = sorted(str(path) for path in (tmp_path / "units").glob("filiform-*.*") if path.is_file())

    # its path ends with a colon: the system's own units stand behind these
    said = subprocess.run(
        [program, "verify", "--man=no", *units],
        env={"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{tmp_path / 'units'}:"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (said.returncode, [line for line in said.stderr.splitlines() if "filiform" in line]) == (0, [])


def test_everything_speaks_to_the_port_that_serve_listens_on():
    port = DEFAULT.rpartition(":")[2]
    nginx, container = deployment.text_of("nginx.conf"), deployment.text_of("Containerfile")

    assert deployment.commands_of_units().count(f"serve --listen {DEFAULT}") == 1
    assert re.findall(r"^    server (.*);$", nginx, re.M) == [DEFAULT]
    assert re.findall(r"reverse_proxy \{\$FILIFORM_SERVER:(.*?)\}", deployment.text_of("Caddyfile")) == [
        DEFAULT
    ]
    assert re.findall(r"^EXPOSE (\d+)$", container, re.M) == [port]
    assert f"http://localhost:{port}/health/" in container
    assert f"FILIFORM_SERVER: serve:{port}" in deployment.services()["proxy"]
    assert "localhost" in deployment.environment_of("filiform.env")["ALLOWED_HOSTS"].split(",")


def test_proxies_write_the_headers_that_are_read():
    read = {"Host", "X-Forwarded-For", settings_header(), "X-Request-ID"}
    nginx, caddy = deployment.text_of("nginx.conf"), deployment.text_of("Caddyfile")

    assert set(re.findall(r"proxy_set_header (\S+)", nginx)) - {"Connection"} == read
    assert set(re.findall(r"header_up (\S+)", caddy)) == read
    assert deployment.environment_of("filiform.env")["PROXY_DEPTH"] == "1"


def settings_header() -> str:
    """The header by which Django learns of TLS, as settings.py names it."""
    name = re.search(r'SECURE_PROXY_SSL_HEADER = \("HTTP_(\w+)"', (ROOT / "clinic/settings.py").read_text())[
        1
    ]
    return name.replace("_", "-").title()


def test_proxies_take_what_the_server_takes_and_let_go_before_it():
    nginx, caddy = deployment.text_of("nginx.conf"), deployment.text_of("Caddyfile")

    sizes = [re.search(r"client_max_body_size (\d+)(m);", nginx), re.search(r"max_size (\d+)(MiB)", caddy)]
    assert [int(size[1]) * BYTES[size[2].lower()] for size in sizes] == [
        files.MAX_BYTES + uploads.ROOM_BESIDE
    ] * 2
    kept = [re.search(r"keepalive_timeout (\S+);", nginx)[1], re.search(r"keepalive (\d+s)", caddy)[1]]
    assert all(0 < seconds(each) < serve.SILENT_SECONDS for each in kept)


def test_no_proxy_logs_the_address_of_a_page():
    """A patient's or an owner's link is one. nginx repeats it in error lines, but not in critical ones."""
    nginx = deployment.text_of("nginx.conf")
    format_ = re.search(r"log_format filiform (.*?);", nginx, re.S)[1]

    assert set(re.findall(r"\$(\w+)", format_)) == {
        "remote_addr", "time_iso8601", "request_method", "status", "body_bytes_sent", "request_time",
        "upstream_http_x_request_id",
    }  # fmt: skip
    assert set(re.findall(r"^ +access_log (.*);$", nginx, re.M)) == {
        "off",
        "/var/log/nginx/filiform.log filiform",
    }
    assert set(re.findall(r"^ +error_log \S+ (\w+);$", nginx, re.M)) == {"crit"}
    assert nginx.count("\nserver {") == len(re.findall(r"^ +error_log", nginx, re.M))
    logs = re.findall(r"^(\s*)log (?:\w+ )?\{\n(.*?)\n\1\}$", deployment.text_of("Caddyfile"), re.M | re.S)
    assert [words.strip() for _indent, words in logs] == ["exclude http.log.error"]


def test_the_container_holds_the_program_and_nothing_else():
    container = deployment.text_of("Containerfile")
    copied = set(re.findall(r"^COPY (\S+)", container, re.M))
    own = {
        app.partition(".")[0] for app in settings.INSTALLED_APPS if (ROOT / app.partition(".")[0]).is_dir()
    }

    assert copied == {"requirements.lock", "manage.py", "templates", "docs/deploy/grants.sql", *own}
    assert re.search(r"^USER filiform$", container, re.M)
    example = deployment.environment_of("filiform.env")
    assert {os.path.dirname(example["AUDIT_GAPS"]), example["BACKUP_FOLDER"]} == set(
        re.findall(r'"(/var/\S+?)"', re.search(r"^VOLUME (.*)$", container, re.M)[1])
    )


def test_no_container_that_serves_knows_the_owner():
    services = deployment.services()
    compose = deployment.text_of("compose.yaml")

    assert set(services) == {"database", "migrate", "serve", "proxy", "manage", "owner"}
    assert re.search(
        r"&serving\n  DATABASE_URL: postgres://filiform_serve:\$\{SERVE_PASSWORD:\?\}@database", compose
    )
    assert re.search(
        r"&owning\n      DATABASE_URL: postgres://filiform:\$\{OWNER_PASSWORD", services["migrate"]
    )
    for name, stands_as in {"serve": "serving", "manage": "serving", "owner": "owning"}.items():
        assert f"environment: *{stands_as}\n" in services[name]
        assert "PASSWORD" not in services[name]
    mounted = re.findall(r"- (\./\S+?):", compose)
    assert mounted
    assert all((FOLDER / path).is_file() for path in mounted)


def test_the_page_names_every_file_and_no_other():
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(deploy/([\w.]+)/?\)", page))

    assert {path.name for path in FOLDER.iterdir()} - named == {"unavailable.html"}
    assert all((FOLDER / name).exists() for name in named)


def test_a_proxy_says_what_the_one_of_many_machines_says():
    body = (ROOT / "docs/scale/unavailable.http").read_text(encoding="utf-8").partition("\n\n")[2]

    assert deployment.text_of("unavailable.html") == body
