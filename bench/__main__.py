"""`python -m bench`: makes a demo of each size, serves it, opens every page and does every write.

BENCH_PATIENTS lists the sizes (default 100,100000), BENCH_SESSIONS the sessions of each, BENCH_ROUNDS how
often each is asked. BENCH_POSTGRES is the address of a PostgreSQL server whose account may create databases:
then PostgreSQL is measured besides SQLite, with PgBouncer in between. BENCH_ENGINES names one of the two.
BENCH_DATABASES lists demo databases that stand already, by address, made with
`demo --password "four kettles on the bench"`; they are measured as they are, and the writes stay in them.
BENCH_NOTE is a sentence for the results, such as that the machine was busy.

`python -m bench sizes` measures nothing but the bytes of each table of those databases, or of new ones.
`python -m bench memory` opens every page and tells what the server holds then, and how long a start takes.
`python -m bench finding` compares what finding a patient costs in the smallest and the largest, on SQLite.
`python -m bench.load` puts people to work at once. Each takes the same databases and engines, and its results
hold the conditions of the run.
"""

import json
import os
import sys
from dataclasses import replace

from bench import (
    engines,
    finding,
    former,
    measure,
    memory,
    pages,
    report,
    server,
    sizes,
    stock_server,
    whole_record,
)
from bench.databases import databases, note, opened_engines, subjects
from bench.measure import Result, Yardsticks


def main() -> int:
    wanted = {"": write_ratios, "sizes": write_sizes, "memory": write_memory, "finding": print_finding}
    return wanted["".join(sys.argv[1:2])]()


def write_sizes() -> int:
    for engine in opened_engines():
        for database in databases(engine):
            tables = [sizes.TableSize(**one) for one in json.loads(server.manage(database, "bench_sizes"))]
            section = sizes.section(tables, engine=engine.name)
            print(report.write_section(f"{engine.name}, in bytes", section))
    return 0


def print_finding() -> int:
    """The smallest practice beside the largest. Printed: the results of a full run stay as they are."""
    for engine in opened_engines():
        if engine.name == engines.SQLITE:
            outputs = [server.manage(one, "bench_finding") for one in databases(engine)]
            found = sorted(finding.Found(**json.loads(output)) for output in outputs)
            print(finding.section(found[0], found[-1]))
    return 0


def write_memory() -> int:
    for engine in opened_engines():
        for database in databases(engine):
            result = memory.run(engine.served(database), subjects(database))
            section = memory.section(result, engine=engine.about, about=note())
            print(report.write_section(f"{engine.name}, memory and start", section))
    return 0


def write_ratios() -> int:
    rounds = int(os.environ.get("BENCH_ROUNDS", "15"))
    for engine in opened_engines():
        results = []
        page = engine.new("former")
        with former.serving(page, engine.served(page), measure.PASSWORD) as empty:
            for database in databases(engine):
                results.append(measured(engine, database, Yardsticks(empty), rounds=rounds))
                print(f"{results[-1].patients:,} patients took {results[-1].seconds:.0f} s", flush=True)
        print(report.write(results, engine=engine, rounds=rounds, note=note()), flush=True)
    return 0


def measured(engine: engines.Engine, database: str, beside: Yardsticks, *, rounds: int) -> Result:
    about, stock = subjects(database), engine.new("stock")
    with (
        stock_server.running(database, stock, engine.served(stock), password=measure.PASSWORD) as stock_port,
        server.running(engine.served(database)) as port,
    ):
        result = measure.run(
            port,
            about,
            rounds=rounds,
            warm_up=measure.WARM_UP,
            beside=replace(beside, stock=stock_port),
            make_due=lambda: server.manage(database, "bench_due", str(pages.DUE)),
        )
    password = float(server.manage(database, "bench_password"))
    return replace(result, password_ms=password, whole=whole_record.durations(database))


if __name__ == "__main__":
    sys.exit(main())
