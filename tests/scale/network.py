"""Machines as network namespaces on a bridge of their own; nothing of it reaches this machine's network."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ADDRESSES = {
    "client": "10.77.0.1",
    "proxy": "10.77.0.10",
    "app1": "10.77.0.21",
    "app2": "10.77.0.22",
    "pooler": "10.77.0.30",
    "db1": "10.77.0.41",
    "db2": "10.77.0.42",
}
# What takes longer hangs.
COMMAND_SECONDS = 120


def ip(*arguments: str) -> str:
    done = subprocess.run(
        ["ip", *arguments], capture_output=True, text=True, check=False, timeout=COMMAND_SECONDS
    )
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


@dataclass(frozen=True)
class Machine:
    """A namespace with one address. Its folder holds what its programs keep."""

    name: str
    prefix: str
    folder: Path
    programs: list[subprocess.Popen] = field(default_factory=list)

    @property
    def address(self) -> str:
        return ADDRESSES[self.name]

    @property
    def namespace(self) -> str:
        return f"{self.prefix}-{self.name}"

    def command(self, *command, account: str = "") -> list[str]:
        """The command as it runs on this machine, as root or as that account."""
        as_account = [
            "setpriv",
            f"--reuid={account}",
            f"--regid={account}",
            "--clear-groups",
        ] if account else []  # fmt: skip
        return ["ip", "netns", "exec", self.namespace, *as_account, *map(str, command)]

    def start(self, *command, account: str = "", **options) -> subprocess.Popen:
        """A program that goes on; what it says is in the folder's file `log`."""
        with (self.folder / "log").open("ab") as log:
            program = subprocess.Popen(
                self.command(*command, account=account),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                **{"cwd": self.folder, "start_new_session": True, **options},
            )  # fmt: skip
        self.programs.append(program)
        return program

    def run(self, *command, account: str = "", **options) -> str:
        done = subprocess.run(
            self.command(*command, account=account),
            capture_output=True, text=True, check=False, timeout=COMMAND_SECONDS,
            **{"cwd": self.folder, **options},
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}{self.log()}"
        return done.stdout

    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(errors="replace")[-3000:] if file.exists() else ""

    def end(self) -> None:
        """kill -9 of everything that runs here, as when the power goes."""
        deadline = time.monotonic() + 20
        while pids := ip("netns", "pids", self.namespace).split():
            assert time.monotonic() < deadline, f"{self.name} does not end"
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.05)
        for program in self.programs:
            program.wait(COMMAND_SECONDS)
        self.programs.clear()

    def stop(self) -> None:
        """Asks the programs to end, and waits until they have."""
        for program in self.programs:
            program.terminate()
            program.wait(60)
        self.programs.clear()

    def cut(self) -> None:
        """The cable is pulled."""
        ip("-n", f"{self.prefix}-hub", "link", "set", self.name, "down")

    def join(self) -> None:
        ip("-n", f"{self.prefix}-hub", "link", "set", self.name, "up")


@contextlib.contextmanager
def machines(folder: Path) -> Iterator[dict[str, Machine]]:
    prefix, made = f"filiform{os.getpid()}", []
    hub = f"{prefix}-hub"
    found = {name: Machine(name, prefix, folder / name) for name in ADDRESSES}
    try:
        ip("netns", "add", hub)
        made.append(hub)
        ip("-n", hub, "link", "add", "bridge", "type", "bridge")
        ip("-n", hub, "link", "set", "bridge", "up")
        for machine in found.values():
            machine.folder.mkdir()
            ip("netns", "add", machine.namespace)
            made.append(machine.namespace)
            _plug(machine, hub)
        yield found
    finally:
        for machine in found.values():
            if machine.namespace in made:
                machine.end()
        for namespace in made:
            ip("netns", "delete", namespace)


def _plug(machine: Machine, hub: str) -> None:
    ip(
        "-n",
        hub,
        "link",
        "add",
        machine.name,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        machine.namespace,
    )
    ip("-n", hub, "link", "set", machine.name, "master", "bridge", "up")
    ip("-n", machine.namespace, "address", "add", f"{machine.address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        ip("-n", machine.namespace, "link", "set", device, "up")
