"""`python -m bench`: makes a demo of each size, serves it, opens every page and does every write.

BENCH_PATIENTS lists the sizes (default 100,100000), BENCH_SESSIONS the sessions of each, BENCH_ROUNDS how
often each is asked. BENCH_DATABASES lists demo databases that stand already, by address, made with
`demo --password "four kettles on the bench"`; they are measured as they are, and the writes stay in them.

`python -m bench sizes` measures nothing but the bytes of each table of those databases, or of a new one.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import measure, report, server, sizes


def main() -> int:
    return write_sizes() if sys.argv[1:] == ["sizes"] else write_ratios()


def write_sizes() -> int:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for database in databases(Path(folder)):
            tables = [sizes.TableSize(**one) for one in json.loads(server.manage(database, "bench_sizes"))]
            engine = engine_of(database)
            print(report.write_section(f"{engine}, in bytes", sizes.section(tables, engine=engine)))
    return 0


def write_ratios() -> int:
    rounds = int(os.environ.get("BENCH_ROUNDS", "15"))
    results = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for database in databases(Path(folder)):
            with server.running(database) as port:
                result = measure.run(port, subjects(database), rounds=rounds)
            results.append(result)
            print(f"{result.patients:,} patients measured in {result.seconds:.0f} s", flush=True)
    print(report.write(results, engine=engine_of(database), rounds=rounds))
    return 0


def engine_of(database: str) -> str:
    return "PostgreSQL" if database.startswith("postgres") else "SQLite"


def databases(folder: Path) -> Iterator[str]:
    """The given databases, or a new one for each size, created when it is needed."""
    standing = [part for part in os.environ.get("BENCH_DATABASES", "").split(",") if part.strip()]
    yield from standing
    if not standing:
        for size in os.environ.get("BENCH_PATIENTS", "100,100000").split(","):
            yield made(f"sqlite:///{folder}/{size.strip()}.sqlite3", size.strip())


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


if __name__ == "__main__":
    sys.exit(main())
