"""What is measured, as the environment names it: engines, and a practice of each size."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import engines, measure, server


def note() -> str:
    return os.environ.get("BENCH_NOTE", "")


def opened_engines() -> Iterator[engines.Engine]:
    """Each engine to be measured, one after the other, with what stands on it."""
    standing, address = standing_databases(), os.environ.get("BENCH_POSTGRES", "")
    pooled = [one for one in standing if engines.engine_of(one) == engines.POSTGRESQL]
    wanted = {engines.engine_of(one) for one in standing} if standing else {engines.SQLITE}
    wanted |= {engines.POSTGRESQL} if address and not standing else set()
    only = os.environ.get("BENCH_ENGINES", "").lower()
    for name in (engines.SQLITE, engines.POSTGRESQL):
        if name in wanted and (not only or name.lower() in only):
            server_address = address or next(iter(pooled), "")
            with (
                tempfile.TemporaryDirectory(prefix="bench-") as folder,
                engines.opened(name, Path(folder), server_address) as engine,
            ):
                yield engine


def standing_databases() -> list[str]:
    return [part.strip() for part in os.environ.get("BENCH_DATABASES", "").split(",") if part.strip()]


def databases(engine: engines.Engine) -> Iterator[str]:
    """The given databases of this engine, or a new one for each size, created when it is needed."""
    standing = standing_databases()
    yield from (one for one in standing if engines.engine_of(one) == engine.name)
    if not standing:
        for size in os.environ.get("BENCH_PATIENTS", "100,100000").split(","):
            yield made(engine.new(size.strip()), size.strip())


def made(database: str, patients: str) -> str:
    server.manage(database, "migrate", "--verbosity", "0")
    sessions = os.environ.get("BENCH_SESSIONS", "3")
    sizes = ("--patients", patients, "--sessions-per-patient", sessions)
    output = server.manage(database, "demo", *sizes, "--password", measure.PASSWORD)
    print([line for line in output.splitlines() if "a minute" in line][-1], flush=True)
    return database


def subjects(database: str) -> dict:
    found = json.loads(server.manage(database, "bench_subjects"))
    return {**found, "secrets": json.loads(server.manage(database, "bench_enrol"))}
