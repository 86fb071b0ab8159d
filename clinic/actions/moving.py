"""Moves a whole practice into an empty database of the other engine, and takes that back.

One transaction holds the source: nobody writes there until the target is whole, and when anything breaks off
the practice goes on as if nothing had been. Its last act is the event of the move, which both ends have.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from clinic import audit
from clinic.audit import gaps, macs, verification
from clinic.backup import child
from clinic.locks import moves, triggers
from clinic.locks.surroundings import record_models
from clinic.models import AuditEvent
from clinic.moving import MoveError, equality, postgres, sqlite, target
from clinic.moving.columns import Table, table_of

ENGINES = {"sqlite": sqlite, "postgresql": postgres}
PROGRESS_SECONDS = 5
# What is verified where the practice is: its rows and seals are verified where they arrive.
AT_SOURCE = ("chain", "locks", "surroundings")


@dataclass(frozen=True)
class Moved:
    rows: int
    events: int
    anchor: str
    engine: str


def move(url: str, *, tell: Callable[[str], None]) -> Moved:
    """Copy everything to the database of the URL and verify it there. `tell` is given lines of progress."""
    _refuse_unready()
    with target.opened(url, connection) as there:
        _file_looks(tell)
        tell(f"Making the tables of the {target.ENGINES[there.vendor]} database ...")
        target.prepare(there)
        tables = [table_of(model) for _, model in sorted(record_models().items())]
        with contextlib.ExitStack() as held:
            _hold(held, tables)
            tell("Nobody can write here until the move is over; reading goes on.")
            moved = _copy_held(there, tables, tell)
        _let_serve(there)
    return moved


def _hold(held: contextlib.ExitStack, tables: list[Table]) -> None:
    """Begins the transaction that keeps others from writing; it ends with the stack."""
    try:
        held.enter_context(transaction.atomic(durable=True))
        with connection.cursor() as cursor:
            ENGINES[connection.vendor].lock(cursor, tables)
    except OperationalError as busy:
        raise MoveError(
            "Somebody is writing here. Stop Filiform and whatever else writes, then begin again."
        ) from busy


def _let_serve(there) -> None:
    """The last step: until then neither end is served."""
    try:
        moves.take_mark(there)
    except DatabaseError as error:
        raise MoveError(
            "Everything arrived and was verified, but the target cannot be opened to serve: "
            f"{target.first_line(error)} Neither is served. Run `move_record --stay` here, then begin again."
        ) from error


def stay() -> None:
    """The practice is served here after all. Whoever calls this answers for that nobody wrote elsewhere."""
    if moves.mark_of(connection) != moves.MOVED:
        raise MoveError("The practice has not moved from here. Nothing was changed.")
    with transaction.atomic():
        moves.take_mark(connection)
        audit.record("record.stayed", None, by=None)


def _refuse_unready() -> None:
    if reason := moves.reason(connection):
        raise MoveError(reason)
    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MoveError(
            f"{len(waiting)} migrations are not applied here. Run `python manage.py migrate`, then move."
        )
    if missing := triggers.missing(connection):
        raise MoveError(
            f"{len(missing)} locks of signed records are missing, such as {missing[0]}. Find out who took "
            "them off; `python manage.py verify_record` says what else is not as it was written."
        )
    newest = AuditEvent.objects.order_by("-seq").values_list("key_id", flat=True).first()
    if newest and newest not in set(macs.keys()):
        raise MoveError(
            f"The record is under the audit key {newest}, and AUDIT_KEY is another. Set AUDIT_KEY to the one "
            "that it was written with; the practice takes it along."
        )


def _file_looks(tell: Callable[[str], None]) -> None:
    """Looks that wait in files of this machine become events, as far as they can."""
    before = 0
    while (waiting := gaps.count()) != before:
        audit.file_gaps()
        before = waiting
    if waiting := gaps.count():
        tell(f"{waiting:,} looks wait in AUDIT_GAPS and stay there. Take that folder along.")


def _copy_held(there, tables: list[Table], tell: Callable[[str], None]) -> Moved:
    engines = [connection.vendor, there.vendor]
    audit.record("record.moved", None, by=None, changes={"engine": engines})
    moves.set_mark(connection, moves.MOVED)
    anchor, counted = verification.current_anchor(), equality.counts(connection.alias)
    with _verifying(target.url_of(connection), AT_SOURCE) as source_error:
        _copy(there, tables, counted, tell)
        _refuse(source_error(), "The record here")
    tell("Verifying the target ...")
    _verify(there, anchor)
    for difference in equality.differences(connection.alias, there.alias, counted):
        raise MoveError(f"The target is not the same: {difference}")
    return Moved(sum(counted.values()), counted[AuditEvent._meta.db_table], anchor, there.vendor)


def _copy(there, tables: list[Table], counted: dict[str, int], tell: Callable[[str], None]) -> None:
    here, filling = ENGINES[connection.vendor], ENGINES[there.vendor].Filling(there, tables)
    progress = _Progress(tell, counted)
    for table in tables:
        filling.fill(table, progress.over(table.name, here.read(connection, table)))
    with connection.cursor() as cursor:
        for table in tables:
            if table.counts_keys:
                filling.set_last_key(table, here.last_key(cursor, table))
    tell("Indexes, references and locks ...")
    filling.finish()
    triggers.install(there)


def _verify(there, anchor: str) -> None:
    """Everything, in two processes at once: the rows, and all the rest."""
    url, rest = target.url_of(there), [name for name in verification.CHECKS if name != "rows"]
    with contextlib.ExitStack() as stack:
        running = [
            stack.enter_context(_verifying(url, names, "--since", anchor)) for names in (["rows"], rest)
        ]
        for error in running:
            _refuse(error(), "The target")


def _verifying(url: str, names: Iterable[str], *more: str):
    """Its progress is shown where nothing else is done meanwhile."""
    only = [part for name in names for part in ("--only", name)]
    return child.started(url, "verify_record", *only, *more, shows=bool(more))


def _refuse(error: str, where: str) -> None:
    if error:
        raise MoveError(f"{where} does not verify. {error}")


class _Progress:
    """Says every few seconds how far the copy has come."""

    def __init__(self, tell: Callable[[str], None], counted: dict[str, int]):
        self.tell, self.counted, self.total = tell, counted, max(sum(counted.values()), 1)
        self.done, self.told_at = 0, time.monotonic()

    def over(self, name: str, pieces: Iterator[list]) -> Iterator[list]:
        of_table = 0
        for piece in pieces:
            yield piece
            of_table += len(piece)
            self.done += len(piece)
            if time.monotonic() - self.told_at >= PROGRESS_SECONDS:
                self.told_at = time.monotonic()
                self.tell(
                    f"{name}: {of_table:,} of {self.counted[name]:,} rows; "
                    f"{self.done:,} of {self.total:,} in all"
                )
