"""What the serving processes hold after every page was opened, and how soon a start gives the first page."""

import tempfile
import time
from dataclasses import dataclass
from statistics import median

from bench import measure, processes, server
from bench.browser import HttpBrowser
from bench.pages import PAGES, addresses
from bench.processes import Memory

FIRST_PAGE = "/accounts/login/"
STARTS = 5
# Each thread of the server meets each page: the threads take turns.
ROUNDS = 8
# own choice: what a practice's small machine has to spare
MOST_MIB, MOST_SECONDS = 130, 1.5


@dataclass(frozen=True)
class ColdStart:
    """Seconds on the clock from the command to the first page, and of the processor meanwhile."""

    clock: float
    processor: float


@dataclass(frozen=True)
class MemoryResult:
    first: ColdStart
    starts: list[ColdStart]
    idle: list[Memory]
    opened: list[Memory]
    pages: int


def run(database: str, subjects: dict) -> MemoryResult:
    """Python's compiled files are kept in a folder of this run: the first start has none, later ones do."""
    with tempfile.TemporaryDirectory(prefix="bench-pyc-") as compiled:
        more = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
        first, *starts = [cold_start(database, more) for _ in range(STARTS + 1)]
        with server.started(database, **more) as (port, pid):
            HttpBrowser(server.HOST, port).get(FIRST_PAGE)
            idle = held(pid)
            pages = open_pages(port, subjects)
            return MemoryResult(first, starts, idle, held(pid), pages)


def cold_start(database: str, more: dict[str, str]) -> ColdStart:
    began = time.monotonic()
    with server.started(database, **more) as (port, pid):
        answer = HttpBrowser(server.HOST, port).get(FIRST_PAGE)
        took, spent = time.monotonic() - began, processes.cpu_seconds(pid)
    if answer.status != 200:
        raise SystemExit(f"{FIRST_PAGE} answered {answer.status}.")
    return ColdStart(took, spent)


def held(pid: int) -> list[Memory]:
    return [processes.memory_of(one) for one in processes.family(pid)]


def open_pages(port: int, subjects: dict) -> int:
    """Opens every page of every role; the number of different ones."""
    opened = 0
    for name in PAGES:
        browser = measure.sign_in(port, name, subjects["secrets"].get(name, ""))
        wanted = addresses(subjects, name)
        for _ in range(ROUNDS):
            for what, path in wanted:
                answer = browser.get(path)
                if answer.status != 200:
                    raise SystemExit(f"{what}: {path} answered {answer.status}.")
        opened += len(wanted)
    return opened


def section(result: MemoryResult, *, engine: str, about: str = "") -> str:
    clock = median(one.clock for one in result.starts)
    processor = median(one.processor for one in result.starts)
    head = (
        f"`manage.py serve` on {engine}, processes: {len(result.opened)}, after each of {result.pages} pages "
        f"was opened {ROUNDS} times (aim: {MOST_MIB} MiB). From the command to the first page, the sign-in, "
        f"{clock:.2f} s on the clock, {processor:.2f} s of them of the processor, median of "
        f"{len(result.starts)} starts (aim: {MOST_SECONDS} s). The first start after an update compiles: "
        f"{result.first.clock:.2f} s, {result.first.processor:.2f} s of the processor. {about}"
    )
    lines = [
        f"{head.rstrip()}\n",
        "| process | MiB (Pss) after the first page | after every page | of them its own alone |",
        "|---|---:|---:|---:|",
    ]
    before = {memory.pid: memory.share for memory in result.idle}
    for number, memory in enumerate(result.opened, start=1):
        idle = f"{before[memory.pid]:.0f}" if memory.pid in before else ""
        lines.append(f"| {number} | {idle} | {memory.share:.0f} | {memory.own:.0f} |")
    return "\n".join(lines) + "\n"
