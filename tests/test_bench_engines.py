"""Where the benchmark's databases stand, and how servers reach them."""

import datetime as dt

import pytest

from bench import __main__ as bench
from bench import databases, engines, memory, patient_day, pooler
from bench.engines import POSTGRESQL, SQLITE
from bench.load import __main__ as bench_load
from bench.load import report as load_report
from bench.load import run as load

POSTGRES = "postgres://filiform:secret@127.0.0.1:5432/practice"


@pytest.fixture
def opened(monkeypatch):
    """What is opened for an environment: (engine, the address of the server)."""
    seen = []

    class Opened:
        def __init__(self, name, folder, address):
            seen.append((name, address))

        def __enter__(self):
            return self

        def __exit__(self, *about):
            return None

    monkeypatch.setattr(engines, "opened", Opened)
    for name in ("BENCH_POSTGRES", "BENCH_ENGINES", "BENCH_DATABASES"):
        monkeypatch.delenv(name, raising=False)

    def ask(**environ: str) -> list[tuple[str, str]]:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        list(databases.opened_engines())
        return seen

    return ask


def test_sqlite_alone_where_no_server_is_named(opened):
    assert opened() == [(SQLITE, "")]


def test_both_engines_where_a_server_is_named(opened):
    assert opened(BENCH_POSTGRES=POSTGRES) == [(SQLITE, POSTGRES), (POSTGRESQL, POSTGRES)]


def test_one_engine_where_one_is_asked_for(opened):
    assert opened(BENCH_POSTGRES=POSTGRES, BENCH_ENGINES="postgresql") == [(POSTGRESQL, POSTGRES)]


def test_databases_that_stand_name_their_engine_and_server(opened):
    assert opened(BENCH_DATABASES=f"{POSTGRES}, {POSTGRES}2") == [(POSTGRESQL, POSTGRES)]


@pytest.mark.parametrize(
    ("command", "measurement", "write"),
    [(bench, memory, bench.write_memory), (bench_load, load, bench_load.write_load)],
    ids=["memory", "load"],
)
def test_memory_and_load_serve_through_the_pooler_and_say_so(monkeypatch, command, measurement, write):
    engine = engines.PooledServer(POSTGRES, 6432, [], "PostgreSQL 15 with PgBouncer between")
    served, told = [], {}
    monkeypatch.setenv("BENCH_DATABASES", POSTGRES)
    monkeypatch.setenv("BENCH_NOTE", "A quiet machine.")
    monkeypatch.setattr(command, "opened_engines", lambda: [engine])
    monkeypatch.setattr(bench, "subjects", lambda database: {})
    for module in (bench.report, bench_load):
        monkeypatch.setattr(module, "write_section", lambda name, section: told.update({name: section}))
    monkeypatch.setattr(measurement, "run", lambda database, *about: served.append(database))
    for module in (memory, load_report):
        monkeypatch.setattr(module, "section", lambda *result, engine, about: f"{engine}. {about}")

    write()

    assert served == [engine.served(POSTGRES)]
    assert list(told.values()) == ["PostgreSQL 15 with PgBouncer between. A quiet machine."]


def test_a_new_database_is_a_file_of_the_folder(tmp_path):
    engine = engines.SqliteFiles(tmp_path)

    assert engine.new("100") == f"sqlite:///{tmp_path}/100.sqlite3"
    assert engine.served(engine.new("100")) == engine.new("100")


def test_the_pooler_is_asked_for_no_cursor_that_outlives_a_transaction():
    assert pooler.pooled(POSTGRES, 6432) == (
        "postgres://filiform:secret@127.0.0.1:6432/practice?DISABLE_SERVER_SIDE_CURSORS=True"
    )


def test_the_day_is_never_tomorrow_in_the_practice(monkeypatch):
    class Clock(dt.datetime):
        @classmethod
        def now(cls, zone):
            return cls(2026, 12, 1, 1, 30, tzinfo=zone)

    monkeypatch.setattr(patient_day.dt, "datetime", Clock)

    assert patient_day.day_of_practice() == dt.date(2026, 11, 30)
