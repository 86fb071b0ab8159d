"""Finds the system's Chromium: `python -m tests.chromium` prints its path, or exits with 1."""

import os
import shutil
import sys
from pathlib import Path

# The one without a window first: it opens a page in a third of the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def find() -> str | None:
    """CHROMIUM wins; if it is set and wrong, nothing else is tried, because it was set on purpose."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), next((p for p in PLACES if Path(p).exists()), None))


if __name__ == "__main__":
    path = find()
    if path is None:
        sys.exit(1)
    print(path)
