"""`python -m bench.load`: many people at work at once, in the databases that `python -m bench` names.

BENCH_STAFF of them (30, on SQLite 8) for BENCH_MINUTES (10), each with BENCH_PAUSE seconds (2-8) between two
requests; BENCH_STAFF=30,100,300 climbs.
"""

import os
import sys
import tempfile
from pathlib import Path

from bench.databases import databases, note, opened_engines
from bench.load import report as load_report
from bench.load import run as load
from bench.load.run import Plan
from bench.report import write_section


def write_load() -> int:
    for engine in opened_engines():
        plan = load_plan(engine.name)
        for database in databases(engine):
            with tempfile.TemporaryDirectory(prefix="bench-load-") as folder:
                result = load.run(engine.served(database), plan, Path(folder))
            section = load_report.section(result, plan, engine=engine.about, about=note())
            print(write_section(f"{engine.name}, under load", section))
    return 0


def load_plan(engine: str) -> Plan:
    staff = os.environ.get("BENCH_STAFF", "8" if engine == "SQLite" else "30")
    low, _, high = os.environ.get("BENCH_PAUSE", "2-8").partition("-")
    minutes = float(os.environ.get("BENCH_MINUTES", "10"))
    return Plan([int(people) for people in staff.split(",")], minutes, (float(low), float(high or low)))


if __name__ == "__main__":
    sys.exit(write_load())
