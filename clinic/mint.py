"""Generates the keys of this installation once, into an ignored .env: `python -m clinic.mint`.

Standard library only: it runs before anything else can.
"""

import os
import secrets
import sys
from pathlib import Path

from clinic.backup import age_keys

ENV_FILE = Path(__file__).resolve().parent.parent / ".env"


def _minted() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AUDIT_KEY": secrets.token_urlsafe(48),
        "BACKUP_KEY": age_keys.identity(secrets.token_bytes(age_keys.BYTES)),
    }


def _names_in(text: str) -> set[str]:
    lines = (line.strip().removeprefix("export ") for line in text.splitlines())
    return {line.split("=", 1)[0].strip() for line in lines if "=" in line and not line.startswith("#")}


def mint(path: Path) -> list[str]:
    """Add missing keys and return their names. An existing key stays: the audit chain depends on it."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = {name: value for name, value in _minted().items() if name not in _names_in(text)}
    if missing:
        lead = "\n" if text and not text.endswith("\n") else ""
        lines = lead + "".join(f"{name}={value}\n" for name, value in missing.items())
        # Mode 0600 from the beginning: the keys are never readable for others.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(lines)
    return sorted(missing)


def main() -> int:
    added = mint(ENV_FILE)
    if added:
        print(
            f"Wrote {', '.join(added)} to {ENV_FILE.name}. Keep a copy of it elsewhere: the audit trail is "
            "checked and backups are opened with its keys."
        )
    else:
        print(f"The keys in {ENV_FILE.name} stay as they are.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
