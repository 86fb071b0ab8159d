"""Several processes make batches in turn; the process that started them takes them in their order.

A worker has no database. It is told the last keys of the batch before its own by the worker of that batch,
and tells the next one. Where one of them ends, the pipes break and all others end too.
"""

import contextlib
import gc
import multiprocessing
import pickle
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection

import django


def finished_batches(maker: bytes, pieces: list[range], last: dict, *, processes: int) -> Iterator:
    """What the packed maker makes of each piece, in their order; `last` are the keys taken before them."""
    context = multiprocessing.get_context("spawn")
    count = min(processes, len(pieces))
    rings = [context.Pipe(duplex=False) for _ in range(count)]
    results = [context.Pipe(duplex=False) for _ in range(count)]
    workers = [
        context.Process(
            target=_work,
            args=(
                maker,
                pieces[place::count],
                results[place][1],
                rings[place][0],
                rings[(place + 1) % count][1],
            ),
            kwargs={"is_last": (len(pieces) - 1) % count == place},
            daemon=True,
        )
        for place in range(count)
    ]
    try:
        for worker in workers:
            worker.start()
        rings[0][1].send(last)
        for reader, writer in rings:
            reader.close()
            writer.close()
        for _, writer in results:
            writer.close()
        for number in range(len(pieces)):
            yield _received(results[number % count][0], workers[number % count])
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _received(result: Connection, worker):
    try:
        return result.recv()
    except EOFError as ended:
        worker.join()
        message = (
            f"A process that makes patients ended with code {worker.exitcode}. Run the same command again."
        )
        raise RuntimeError(message) from ended


def _work(
    packed: bytes,
    pieces: list[range],
    results: Connection,
    before: Connection,
    behind: Connection,
    *,
    is_last,
) -> None:
    # Ctrl-C is the storing process's to hear
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    maker = pickle.loads(packed)
    # what stands now stays: only what a batch leaves behind is searched for cycles, when its rows are gone
    gc.disable()
    gc.freeze()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        for piece in pieces:
            batch = maker.made(piece)
            last = before.recv()
            if not (is_last and piece == pieces[-1]):
                behind.send(maker.last_after(batch, last))
            results.send(maker.finished(batch, last))
            del batch
            gc.collect()
