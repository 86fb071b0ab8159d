"""Number of rounds and results of the drills: all rounds with DRILL=full, a tenth of them otherwise.

`python -m tests.drills` writes docs/drills.md from what the drills left in the file that DRILL_LOG names.
"""

import datetime as dt
import json
import os
import sys
from pathlib import Path

from django.db import connection

IS_FULL = os.environ.get("DRILL") == "full"
REPORT = Path(__file__).resolve().parent.parent / "docs" / "drills.md"

HEAD = """# What the drills saw

Written by `make drills` on {}. Every line below passed: a drill that loses or halves a save, or lets both of
two win, stops the run. A change is let in after a tenth of each (`.ci/run`).
What has no line was not run to its end that day.

- **Kills.** The real server runs, four people type notes and add sites over HTTP, and the process is killed
  (`kill -9`) at a moment drawn by lot after the first save was acknowledged. Then every acknowledged save
  must be there, none by half, and the audit chain whole.
- **Races.** Two people act at the same moment on the same draft or note, each on a connection of their own.
  One wins and the other is told; or both are kept, where both may be.
- **Faults.** Every form of every page is sent by somebody who may send it, and the first, the second, the
  third ... statement of its save fails. Nothing may be saved by half, the page must say so with everything
  typed still on it, and the same form sent again must work.
- **Typing.** In a browser rows are typed at 30, 80, 120 and 200 ms a key, by codes and as lines, while the
  server answers after 0, 300, 1,000 and 2,000 ms. Every row must be stored once, in its order, and as typed.
- **Months.** Practices of the demo live a month: somebody of each role follows links and sends forms that the
  pages offer, with answers drawn by lot. Nobody tampers, and verification may raise no alarm.
- **More than one machine.** Two servers behind a proxy, a pooler, a primary and its standby, each in a
  network of its own; four people write through the proxy while one fails ([scale.md](scale.md)). The seconds
  are those from the first sending of a save to its acknowledgement, of the save that took longest. A standby
  is promoted at once: the time that somebody needs to notice comes on top.
- **Backups.** While people write over HTTP a backup is made, brought back into a scratch database, migrated,
  counted and verified.

| what was done | on | how often | what was seen |
| --- | --- | --- | --- |"""
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# Labels of figures in the report; other figures are shown under their own names.
FIGURE_LABELS = {
    "acknowledged": "saves acknowledged",
    "differing": "of them another demo",
    "half": "saved by half",
    "patients_a_minute": "patients a minute beside another drill",
    "times_its_rows_alone": "times as long as its rows alone",
    "halved": "saved by half",
    "taken": "forms taken",
    "writes": "kinds of save",
    "saves": "saves meanwhile",
    "seconds": "s at most until a save was acknowledged",
    "unsure": "of them unsure",
    "wrong_or_lost": "wrong, lost or doubled",
    "wrong": "of them wrong",
}


def count(full: int) -> int:
    """The number of rounds; says so when it is fewer than the full number."""
    rounds = full if IS_FULL else max(1, full // 10)
    if not IS_FULL:
        sys.stderr.write(f"\nDRILL: {rounds} of {full} rounds. `make drills` runs them all.\n")
    return rounds


def record(drill: str, **figures) -> None:
    """Records one line of the report. The first figure is the number of rounds."""
    line = {"drill": drill, "engine": connection.vendor, "full": IS_FULL, **figures}
    sys.stderr.write(f"\nDRILL: {json.dumps(line)}\n")
    if log := os.environ.get("DRILL_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def report_of(lines: list[dict]) -> str:
    """The report of the drills that ran all rounds; shorter runs are left out."""
    complete = sorted((line for line in lines if line["full"]), key=lambda one: (one["drill"], one["engine"]))
    rows = [_row(**line) for line in complete]
    return "\n".join([*HEAD.format(dt.datetime.now(dt.UTC).date()).splitlines(), *rows, ""])


def _row(drill: str, engine: str, full: bool, **figures) -> str:
    times, *results = [f"{number:,} {FIGURE_LABELS.get(what, what)}" for what, number in figures.items()]
    return f"| {drill} | {ENGINES[engine]} | {times} | {', '.join(results)} |"


if __name__ == "__main__":
    lines = Path(os.environ["DRILL_LOG"]).read_text(encoding="utf-8").splitlines()
    REPORT.write_text(report_of([json.loads(line) for line in lines]), encoding="utf-8")
