"""A practice on several machines: HAProxy, two servers, PgBouncer, a primary and its synchronous standby.

The configuration is that of docs/scale, byte for byte. What differs from a practice's: no TLS, the settings
of the test suite, and `fsync` is off, because programs are killed here and no power is.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from django.db import connection

from tests import database_roles
from tests.postgres import make_cluster, unprivileged
from tests.scale.network import COMMAND_SECONDS, Machine, machines

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "docs" / "scale"
ACCOUNT, OWNER, SERVE, COPY = "postgres", "filiform", "filiform_serve", "filiform_copy"
SERVE_PASSWORD, PASSWORD = database_roles.PASSWORD, "another long one"
PROGRAMS = ("ip", "setpriv", "haproxy", "pgbouncer", "psql")
# Longer than anything takes on a machine that is busy with other tests; nothing waits for it to pass.
SECONDS = 90


def lacking() -> list[str]:
    """What this machine lacks for it."""
    binaries = Path(os.environ.get("PG_BIN", ""))
    found = [name for name in PROGRAMS if not shutil.which(name)]
    found += [name for name in ("pg_basebackup", "pg_restore") if not (binaries / name).exists()]
    return found if os.geteuid() == 0 else [*found, "root, who makes network namespaces"]


@dataclass
class Cluster:
    """The whole of it. `primary` and `standby` change their places."""

    machines: dict[str, Machine]
    binaries: Path
    primary: str = "db1"
    standby: str = "db2"

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    # ---- databases

    def make_primary(self, dump: Path) -> None:
        machine = self[self.primary]
        make_cluster(self.binaries, self.data(machine.name), PASSWORD, unprivileged())
        self.configure(machine)
        self.start_database(machine)
        # without a standby nothing is answered, and there is none yet
        with self.console(machine.name, "postgres") as cursor:
            cursor.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute(f"CREATE DATABASE {OWNER}")
            cursor.execute(f"CREATE ROLE {COPY} REPLICATION LOGIN PASSWORD '{PASSWORD}'")
        self.as_postgres(machine, "pg_restore", "--no-owner", f"--dbname={OWNER}", dump)
        with self.console(machine.name) as cursor:
            for statement in database_roles.serving_statements(SERVE, OWNER):
                cursor.execute(statement)
            cursor.execute(f"ALTER ROLE {SERVE} SET jit = off")

    def configure(self, machine: Machine) -> None:
        for name in ("postgresql.conf", "pg_hba.conf"):
            shutil.copy(FILES / name, self.data(machine.name) / name)

    def data(self, name: str) -> Path:
        return self[name].folder / "data"

    def start_database(self, machine: Machine) -> None:
        machine.start(
            self.binaries / "postgres", "-D", self.data(machine.name),
            "-c", f"unix_socket_directories={machine.folder}", "-c", "fsync=off", account=ACCOUNT,
        )  # fmt: skip
        self.until(lambda: self.ask(machine.name, "SELECT 1") == 1, f"{machine.name} answers")

    def make_standby(self) -> None:
        """The other machine becomes a copy of the primary, and from then on the primary waits for it."""
        machine = self[self.standby]
        self.data(machine.name).mkdir(mode=0o700, exist_ok=True)
        unprivileged().own(machine.folder)
        self.as_postgres(machine, FILES / "copy.sh", self[self.primary].address)
        self.start_database(machine)
        self.until(lambda: self.is_copying(), "the standby copies")
        with self.console(self.primary, "postgres") as cursor:
            cursor.execute("ALTER SYSTEM RESET synchronous_standby_names")
            cursor.execute("SELECT pg_reload_conf()")
        self.until(lambda: self.is_copying("sync"), "the primary waits for its standby")

    def is_copying(self, state: str = "%") -> bool:
        question = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state LIKE %s"
        return self.ask(self.primary, question, state) == 1

    def promote(self) -> None:
        """The standby becomes the primary, in the order of docs/scale.md."""
        self["pooler"].end()
        self.as_postgres(self[self.standby], FILES / "promote.sh")
        self.primary, self.standby = self.standby, self.primary
        self["pooler"].run(FILES / "switch.sh", self[self.primary].address, account=ACCOUNT)
        self.start_pooler()

    def as_postgres(self, machine: Machine, *command) -> str:
        known = {
            "PATH": f"{self.binaries}:{os.environ['PATH']}",
            "PGDATA": str(self.data(machine.name)),
            "PGHOST": str(machine.folder),
            "PGUSER": OWNER,
            "PGPASSWORD": PASSWORD,
        }
        return machine.run(*command, account=ACCOUNT, env=known)

    @contextlib.contextmanager
    def console(self, name: str, database: str = OWNER) -> Iterator:
        """The database's owner, at that machine."""
        with contextlib.closing(psycopg2.connect(**self.where(name), dbname=database)) as there:
            there.autocommit = True
            with there.cursor() as cursor:
                yield cursor

    def where(self, name: str) -> dict:
        return {"host": str(self[name].folder), "user": OWNER, "password": PASSWORD, "connect_timeout": 3}

    def ask(self, name: str, question: str, *values):
        """The answer of that machine's database; None where it gives none."""
        try:
            with self.console(name, "postgres") as cursor:
                cursor.execute(question, values)
                return cursor.fetchone()[0]
        except psycopg2.OperationalError:
            return None

    # ---- pooler, servers, proxy

    def start_pooler(self) -> None:
        machine = self["pooler"]
        if not (machine.folder / "userlist.txt").exists():
            for name in ("pgbouncer.ini", "primary.ini"):
                shutil.copy(FILES / name, machine.folder / name)
            (machine.folder / "userlist.txt").write_text(f'"{SERVE}" "{SERVE_PASSWORD}"\n')
            unprivileged().own(machine.folder)
        (machine.folder / "pgbouncer.pid").unlink(missing_ok=True)
        (machine.folder / ".s.PGSQL.6432").unlink(missing_ok=True)
        machine.start("pgbouncer", "pgbouncer.ini", account=ACCOUNT)
        self.until((machine.folder / ".s.PGSQL.6432").exists, "the pooler listens")

    def start_proxy(self) -> None:
        machine = self["proxy"]
        for name in ("haproxy.cfg", "unavailable.http"):
            shutil.copy(FILES / name, machine.folder / name)
        machine.start("haproxy", "-db", "-f", "haproxy.cfg")

    def start_server(self, name: str, settings: str = "tests.settings") -> subprocess.Popen:
        machine = self[name]
        environment = self.environment(
            f"postgres://{SERVE}:{urllib.parse.quote(SERVE_PASSWORD)}@{self['pooler'].address}:6432/{OWNER}",
            settings,
        )
        return machine.start(
            sys.executable, "manage.py", "serve", "--listen", f"{machine.address}:8000",
            cwd=ROOT, env=environment,
        )  # fmt: skip

    def environment(self, url: str, settings: str = "tests.settings") -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONUNBUFFERED": "1",
        }

    def owners_environment(self, settings: str = "tests.settings") -> dict[str, str]:
        """For what runs beside the pooler, on the primary's own machine."""
        password = urllib.parse.quote(PASSWORD)
        url = f"postgres://{OWNER}:{password}@:5432/{self[self.primary].folder}/{OWNER}"
        return self.environment(url, settings)

    def is_served(self, *names: str) -> bool:
        """Whether those servers, or the proxy, answer that the database is there."""
        client = self["client"]
        for name in names:
            port_path = f"http://{self[name].address}:8000/health/"
            script = f"import urllib.request; r = urllib.request.Request({port_path!r}); "
            script += "r.add_header('Host', 'localhost'); urllib.request.urlopen(r, timeout=5)"
            done = subprocess.run(
                client.command(sys.executable, "-c", script),
                capture_output=True, check=False, timeout=COMMAND_SECONDS,
            )  # fmt: skip
            if done.returncode:
                return False
        return True

    def manage(self, *command: str, settings: str) -> str:
        """A command of manage.py as the database's owner, past the pooler."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self.owners_environment(settings), capture_output=True, text=True, check=False,
            timeout=2 * COMMAND_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout

    def of_writers(self, what: str):
        """The result of a function of tests.writers, read at the primary."""
        script = "import json, django; django.setup(); from tests import writers; "
        done = subprocess.run(
            [sys.executable, "-c", f"{script}print(json.dumps(writers.{what}))"],
            cwd=ROOT, env=self.owners_environment(), capture_output=True, text=True, check=False,
            timeout=COMMAND_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    def until(self, is_so, what: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not is_so():
            assert time.monotonic() < deadline, f"{what}: not after {SECONDS} s. {self.logs()}"
            time.sleep(0.1)

    def logs(self) -> str:
        return "\n".join(f"--- {name}\n{machine.log()}" for name, machine in self.machines.items())


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """All of it, with the tables of the test database, and both servers at work."""
    binaries = Path(os.environ["PG_BIN"])
    with tempfile.TemporaryDirectory(prefix="filiform-scale-") as name, machines(Path(name)) as found:
        # the databases' account looks into it
        Path(name).chmod(0o755)
        whole = Cluster(found, binaries)
        whole.make_primary(dumped(Path(name), binaries))
        whole.make_standby()
        whole.start_pooler()
        whole.start_proxy()
        for server in ("app1", "app2"):
            whole.start_server(server)
        whole.until(lambda: whole.is_served("app1", "app2", "proxy"), "both servers answer")
        yield whole


def dumped(folder: Path, binaries: Path) -> Path:
    """The tables of the test database, with what the first migration puts in them."""
    dump = folder / "dump"
    known = connection.settings_dict
    url = f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    connection.close()
    subprocess.run(
        [binaries / "pg_dump", "--format=custom", f"--file={dump}", url], check=True, timeout=COMMAND_SECONDS
    )
    dump.chmod(0o644)
    return dump
