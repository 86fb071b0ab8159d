"""Takes the whole practice out. It is on record before the first byte of it is read."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from clinic import audit
from clinic.models import Practice
from treatments.selectors.practice_export import archive, files
from treatments.selectors.practice_export import rows as selectors

# A download may stop for so long before PostgreSQL ends its transaction.
IDLE_SECONDS = 600


@transaction.atomic
def record(*, by, reason: str) -> None:
    """When the audit event cannot be written, nothing is exported. `by` None: at the machine."""
    audit.record("practice.exported", None, by=by, reason=reason)


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """Inside everything is read as of one moment, whatever others write meanwhile, and nobody waits for it.

    In a transaction that is open already, that one decides.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
            yield
    else:
        with _deferred():
            yield


@contextlib.contextmanager
def _deferred() -> Iterator[None]:
    """SQLite's transactions are IMMEDIATE here, which would keep everybody from writing."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def zipped(*, by) -> Iterator[bytes]:
    """What `by` may see, as pieces of a ZIP. The snapshot ends with the last of them, or as it is closed."""
    with snapshot():
        yield from archive.zipped(_files(by))


def into_folder(folder: Path) -> tuple[int, int]:
    """Everything, into an empty folder for its owner alone. Returns how many tables and rows."""
    counted: dict[str, int] = {}
    with snapshot():
        for name, pieces in _files(None, counted):
            path = folder / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.touch(mode=0o600, exist_ok=False)
            with path.open("wb") as file:
                file.writelines(pieces)
    return len(counted), sum(counted.values())


def _files(by, counts: dict[str, int] | None = None) -> Iterator[archive.File]:
    facts = {
        "practice": Practice.objects.values_list("name", flat=True).first() or "",
        "as_of": timezone.now().isoformat(timespec="seconds"),
        "restricted_records_kept_back": selectors.closed_to(by).count(),
    }
    return files.files(selectors.reading(by), facts=facts, counts={} if counts is None else counts)
