"""How often a drill repeats, and what it saw: DRILL=full for the full counts, a tenth of them otherwise.

`python -m tests.drills` writes docs/drills.md from what the drills left in the file that DRILL_LOG names.
"""

import datetime as dt
import json
import os
import sys
from pathlib import Path

from django.db import connection

IS_FULL = os.environ.get("DRILL") == "full"
PAGE = Path(__file__).resolve().parent.parent / "docs" / "drills.md"

HEAD = """# What the drills saw

Written by `make drills` on {} at the full counts. A drill that loses or halves a save fails: what stands
here has passed. `.ci/run` runs a tenth of each.

| drill | engine | seen |
| --- | --- | --- |"""


def count(full: int) -> int:
    """The number of rounds, and never silently fewer than the full ones."""
    rounds = full if IS_FULL else max(1, full // 10)
    if not IS_FULL:
        sys.stderr.write(f"\nDRILL: {rounds} of {full} rounds. `make drills` runs them all.\n")
    return rounds


def saw(drill: str, **figures) -> None:
    """Keep one line of the report."""
    line = {"drill": drill, "engine": connection.vendor, "full": IS_FULL, **figures}
    sys.stderr.write(f"\nDRILL: {json.dumps(line)}\n")
    if log := os.environ.get("DRILL_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def page(lines: list[dict]) -> str:
    rows = []
    for line in sorted(lines, key=lambda line: (line["drill"], line["engine"])):
        if line.pop("full"):
            drill, engine = line.pop("drill"), line.pop("engine")
            rows.append(
                f"| {drill} | {engine} | {', '.join(f'{seen} {what}' for what, seen in line.items())} |"
            )
    return "\n".join([*HEAD.format(dt.datetime.now(dt.UTC).date()).splitlines(), *rows, ""])


if __name__ == "__main__":
    kept = Path(os.environ["DRILL_LOG"]).read_text(encoding="utf-8").splitlines()
    PAGE.write_text(page([json.loads(line) for line in kept]), encoding="utf-8")
