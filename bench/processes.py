"""What Linux tells of a process and of those that it started: memory and processor time."""

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
KIB_IN_MIB = 1024


@dataclass(frozen=True)
class Memory:
    """Of one process, in MiB: its share (Pss) of all that it holds, and what only it holds."""

    pid: int
    command: str
    share: float
    own: float


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            parent = int(_after_name((folder / "stat").read_text(encoding="utf-8"))[1])
        except (OSError, IndexError):
            continue  # it has ended meanwhile
        children.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += sorted(children.get(one, []))
    return found


def memory_of(pid: int) -> Memory:
    kib = sizes((PROC / str(pid) / "smaps_rollup").read_text(encoding="utf-8"))
    command = (PROC / str(pid) / "cmdline").read_text(encoding="utf-8").replace("\0", " ").strip()
    own = kib["Private_Clean"] + kib["Private_Dirty"]
    return Memory(pid, command, kib["Pss"] / KIB_IN_MIB, own / KIB_IN_MIB)


def sizes(rollup: str) -> dict[str, int]:
    """{name: KiB} of the lines of a smaps_rollup."""
    lines = (line.split() for line in rollup.splitlines() if line.endswith(" kB"))
    return {name.removesuffix(":"): int(kib) for name, kib, _unit in lines}


def cpu_seconds(pid: int) -> float:
    """Processor time so far, which other work on the machine hardly changes."""
    fields = _after_name((PROC / str(pid) / "stat").read_text(encoding="utf-8"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine_seconds() -> float:
    """Processor time that was not idle, of all cores since the machine started."""
    user, nice, system, _idle, _waiting, *others = map(int, _first_line(PROC / "stat").split()[1:9])
    return (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")


def _first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0]


def _after_name(stat: str) -> list[str]:
    """The fields from the state on. The name before may hold spaces and brackets."""
    return stat.rpartition(")")[2].split()
