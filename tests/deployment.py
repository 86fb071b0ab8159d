"""What the files of docs/deploy/ say, read as plainly as they are written."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "deploy"
SYSTEMD = FOLDER / "systemd"
# Where the units, the proxies and the containers expect Filiform.
HOME = "/srv/filiform"
PROGRAM = f"{HOME}/.venv/bin/python manage.py "


def text_of(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")


def environment_of(file: str) -> dict[str, str]:
    lines = [line for line in text_of(file).splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def unit(name: str) -> list[tuple[str, str]]:
    """The settings of a unit in their order; one may stand more than once."""
    lines = (SYSTEMD / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("=", 1)) for line in lines if re.match(r"[A-Z]\w*=", line)]


def values(name: str, setting: str) -> list[str]:
    return [value for key, value in unit(name) if key == setting]


def services() -> dict[str, str]:
    """Each service of compose.yaml by its name, as its lines stand there."""
    part = text_of("compose.yaml").partition("\nservices:\n")[2].partition("\nvolumes:\n")[0]
    return dict(re.findall(r"^  (\w+):\n((?: {4}.*\n|\n|  #.*\n)+)", part + "\n", re.M))


def commands_of_units() -> list[str]:
    """What each unit runs of manage.py, options and all."""
    lines = [line for path in sorted(SYSTEMD.glob("*.service")) for line in values(path.name, "ExecStart")]
    assert all(line.startswith(PROGRAM) for line in lines), lines
    return [line.removeprefix(PROGRAM) for line in lines]


def commands_of_containers() -> list[str]:
    written = re.findall(r"python manage\.py (.+?)(?= &&|\"\]|\n)", text_of("compose.yaml"))
    started = (
        re.search(r"^CMD \[(.*)\]$", text_of("Containerfile"), re.M)[1].replace('"', "").replace(",", "")
    )
    return [*written, started, *re.findall(r"run --rm \w+ (\w+)", text_of("compose.yaml"))]


def commands_of_page() -> list[str]:
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    return re.findall(r"manage\.py ([a-z_]+)", page)
