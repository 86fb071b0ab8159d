"""How the search grows with the practice: what each way of finding costs the database and the processor.

A step is one of SQLite's virtual machine, such as to read a row or to compare a value. It is the same on
every machine, and whatever else runs there.
"""

from statistics import median
from typing import NamedTuple

# the most that the median way may grow
AIM = 1.3


class Found(NamedTuple):
    """What `manage.py bench_finding` wrote: {way: (steps, milliseconds of the processor)}."""

    patients: int
    ways: dict[str, tuple[float, float]]


def section(small: Found, large: Found) -> str:
    """How much each way of finding grows from one practice to the other."""
    growths = {way: large.ways[way][0] / small.ways[way][0] for way in small.ways}
    middle = median(growths.values())
    lines = [
        f"From {small.patients:,} to {large.patients:,} patients the median way of finding takes "
        f"{middle:.2f} times the steps of SQLite's virtual machine (aim: {AIM}).\n",
        f"| find by | steps at {small.patients:,} | at {large.patients:,} | growth | ms | ms |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for way, growth in growths.items():
        (steps, ms), (more_steps, more_ms) = small.ways[way], large.ways[way]
        lines.append(
            f"| {way} | {steps:,.0f} | {more_steps:,.0f} | {growth:.2f} | {ms:.1f} | {more_ms:.1f} |"
        )
    return "\n".join(lines) + "\n"
