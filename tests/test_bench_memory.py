"""The benchmark reads a process's memory, and says it with the aims."""

import os
import subprocess
import sys

import pytest

from bench import memory, processes
from bench.memory import ColdStart, MemoryResult
from bench.processes import Memory

ROLLUP = """\
5581a7f0a000-7ffd1c9f2000 ---p 00000000 00:00 0                          [rollup]
Rss:               24576 kB
Pss:               20480 kB
Private_Clean:      1024 kB
Private_Dirty:     18432 kB
"""
on_linux = pytest.mark.skipif(not processes.PROC.is_dir(), reason="only Linux tells it this way")


def test_the_lines_of_a_rollup_are_read():
    assert processes.sizes(ROLLUP) == {
        "Rss": 24576, "Pss": 20480, "Private_Clean": 1024, "Private_Dirty": 18432,
    }  # fmt: skip


@on_linux
def test_a_process_is_measured_with_those_that_it_started():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        found = processes.family(os.getpid())

        assert found[0] == os.getpid()
        assert child.pid in found
        assert "input()" in processes.memory_of(child.pid).command
        assert 0 < processes.memory_of(child.pid).own <= processes.memory_of(child.pid).share < 1000
        child.communicate(b"\n")
    assert processes.cpu_seconds(os.getpid()) > 0
    assert processes.machine_seconds() > 0


def test_the_section_says_memory_and_start_beside_the_aims():
    idle, opened = Memory(7, "serve", 70.2, 69.0), Memory(7, "serve", 104.6, 103.1)
    starts = [ColdStart(clock, 1.0) for clock in (1.2, 1.1, 1.6)]
    result = MemoryResult(ColdStart(3.1, 2.9), starts, [idle], [opened, Memory(8, "more", 5, 4)], 75)

    section = memory.section(result, engine="SQLite", about="A quiet machine.")

    assert "on SQLite, processes: 2, after each of 75 pages" in section
    assert "1.20 s on the clock, 1.00 s of them of the processor, median of 3 starts (aim: 1.5 s)" in section
    assert "compiles: 3.10 s, 2.90 s of the processor. A quiet machine.\n" in section
    assert "| 1 | 70 | 105 | 103 |" in section
    assert "| 2 |  | 5 | 4 |" in section
