"""Serves Filiform with waitress; refuses to start while the database is not ready."""

import re
import signal
import sys

import waitress
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from clinic.locks import moves, triggers
from clinic.management import sentences
from clinic.values.databases import sqlite_file
from clinic.web import bodies, heap
from clinic.web.address import is_loopback

THREADS = 8
ADDRESS, HIGHEST_PORT = re.compile(r".+:(?P<port>[0-9]{1,9})"), 65_535
# More than any page sends but one with a file. A larger body is refused before it is read.
LARGEST_BODY = 4 * 1024 * 1024
# A connection takes no thread until its request is whole, and ends after two minutes of silence: longer than
# a proxy keeps one that it means to use again. Half-sent ones stay fewer than the files a process may open.
CONNECTIONS, SILENT_SECONDS = 800, 120


class Command(BaseCommand):
    help = "Serve Filiform. It never creates or changes a database; `manage.py migrate` does."
    # The checks run below, after the database is known to be there.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--listen", default="127.0.0.1:8000", help="address:port (default: %(default)s)")
        parser.add_argument("--threads", type=int, default=THREADS, help="at once (default: %(default)s)")

    def handle(self, *, listen, threads, **options):
        refuse_other_machines(listen)
        if threads < 1:
            raise CommandError(
                "With fewer than one thread nobody is answered. Choose 1 or more with --threads."
            )
        refuse_unready_database()
        refuse_missing_locks()
        refuse_uncollected_static_files()
        self.check(databases=["default"])
        connection.close()
        heap.use_one_arena()
        server = open_server(listen, threads)
        signal.signal(signal.SIGTERM, leave)
        self.stdout.write(f"Filiform answers at http://{listen}/ (Ctrl-C stops it)")
        if warning := debug_warning():
            self.stdout.write(self.style.WARNING(warning))
        self.stdout.flush()
        server.run()
        self.stdout.write("Filiform has stopped.")


def debug_warning() -> str:
    """What stands open, in one line, so that nobody keeps patients' records with DEBUG unawares; or ""."""
    if not settings.DEBUG:
        return ""
    exposed = [
        words
        for is_exposed, words in (
            (not settings.SECURE_SSL_REDIRECT, "sign-ins travel without HTTPS"),
            (not settings.REQUIRE_MFA, "leads and administrators need no two-step verification"),
            (True, "the gallery of components is served"),
        )
        if is_exposed
    ]
    return f"DEBUG is on: {', '.join(exposed)}. For a demo practice only; leave DEBUG out for real records."


def refuse_other_machines(listen: str) -> None:
    """LOCAL_ONLY goes without TLS: what is typed must not leave this machine."""
    if not settings.LOCAL_ONLY:
        return
    for address in listen.split():
        host = address.rpartition(":")[0].strip("[]")
        if host != "localhost" and not is_loopback(host):
            raise CommandError(
                f"With LOCAL_ONLY nothing is listened on but this machine's own address, and {address} is "
                "none. Say --listen 127.0.0.1:8000, or leave LOCAL_ONLY out and put a proxy with TLS before "
                "it."
            )


def refuse_unready_database():
    path = sqlite_file(connection)
    if path and not path.exists():
        raise CommandError(f"There is no database at {path}. Run `python manage.py migrate` first.")
    try:
        if reason := moves.reason(connection):
            raise CommandError(reason)
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise CommandError(
            f"The database does not answer: {sentences.first_line(error)}. Start it, or correct DATABASE_URL."
        ) from error
    if waiting:
        raise CommandError(
            f"{len(waiting)} migrations are not applied. Run `python manage.py migrate`, then serve again."
        )


def refuse_missing_locks():
    missing = triggers.missing(connection)
    if missing:
        raise CommandError(
            f"{len(missing)} locks of signed records are missing, such as {missing[0]}. Find out who took "
            "them off, then run `python manage.py migrate`, which puts them back."
        )


def refuse_uncollected_static_files():
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        if not staticfiles_storage.exists(staticfiles_storage.manifest_name):
            raise CommandError(
                "The static files are not collected. Run `python manage.py collectstatic`, then serve again."
            )


def refuse_odd_address(listen: str) -> None:
    """The system would take the last digits of a port that is too high, and listen elsewhere."""
    for address in listen.split() or [""]:
        found = ADDRESS.fullmatch(address)
        if found is None or int(found["port"]) > HIGHEST_PORT:
            raise CommandError(
                f"Cannot listen on {listen}: an address is name:port with a port up to {HIGHEST_PORT}, such "
                "as 127.0.0.1:8000. Choose another with --listen."
            )


def open_server(listen: str, threads: int):
    refuse_odd_address(listen)
    listening: dict = {}
    try:
        server = waitress.create_server(
            get_wsgi_application(),
            map=listening,
            listen=listen,
            threads=threads,
            ident=None,
            max_request_body_size=LARGEST_BODY,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENT_SECONDS,
            # the older way cannot watch more than 1,024 files
            asyncore_use_poll=True,
            # Forwarded headers mean something only when a proxy of ours has written them.
            clear_untrusted_proxy_headers=not settings.PROXY_DEPTH,
        )
    except (OSError, OverflowError, ValueError) as error:
        # the system numbers what it refuses, and says it in words too
        words = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise CommandError(f"Cannot listen on {listen}: {words}. Choose another with --listen.") from error
    bodies.take_files_on_their_routes(listening.values())
    return server


def leave(_signal, _frame):
    """SIGTERM ends the server like Ctrl-C: open requests are answered first."""
    sys.exit(0)
