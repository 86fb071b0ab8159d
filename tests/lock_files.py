"""The lock files: every package that is installed, by version and digest. `make lock` writes them anew.

Each beside its requirements*.txt, which keeps the ranges. One says only what it adds to those before it, and
holds for every Python from 3.11 on and every system: markers tell what is for which. Standard library only.
"""

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# technical: reads ranges for every system at once, which pip cannot.
RESOLVER = "uv==0.13.8"
# A layer, and what it stands on.
LAYERS = {
    "requirements": (),
    "requirements-dev": ("requirements",),
    "requirements-browser": ("requirements", "requirements-dev"),
    "requirements-bench": ("requirements", "requirements-dev"),
}
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+?))? \\$", re.M)


def lock_of(layer: str) -> Path:
    return ROOT / f"{layer}.lock"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lock-") as folder:
        resolver = _resolver(Path(folder))
        for layer, below in LAYERS.items():
            _write(layer, below, resolver)


def _resolver(folder: Path) -> list[str]:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", RESOLVER], check=True)
    what = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    return [str(folder / "bin" / "uv"), "pip", "compile", "--quiet", *what]


def _write(layer: str, below: tuple[str, ...], resolver: list[str]) -> None:
    earlier = {pin["name"]: lock_of(name) for name in below for pin in PIN.finditer(text_of(name))}
    apart = [part for name in earlier for part in ("--no-emit-package", name)]
    held = [part for lock in dict.fromkeys(earlier.values()) for part in ("--constraint", str(lock))]
    done = subprocess.run(
        [*resolver, f"{layer}.txt", *apart, *held], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    head = f"# Written by `make lock` from {layer}.txt.\n"
    stands_on = f"-r {below[-1]}.lock\n" if below else ""
    lock_of(layer).write_text(f"{head}{stands_on}{done.stdout}", encoding="utf-8")


def text_of(layer: str) -> str:
    return lock_of(layer).read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
