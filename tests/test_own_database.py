"""The suite never uses the developer's own database."""

import os
import sqlite3
import subprocess
import sys

from django.conf import settings

TRAP = """
def test_walks_over_pages(practice):
    assert practice
"""


def pytest_on(folder, text: str) -> subprocess.CompletedProcess:
    """Runs a separate test file next to a developer's database."""
    own = folder / "own.sqlite3"
    with sqlite3.connect(own) as database:
        database.execute("CREATE TABLE kept (word TEXT)")
    database.close()
    (folder / "conftest.py").write_text("from tests.conftest import *\n")
    (folder / "test_trap.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider",
         "-c", "pyproject.toml", str(folder / "test_trap.py")],
        cwd=settings.BASE_DIR, env={**os.environ, "DATABASE_URL": f"sqlite:///{own}"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_module_that_forgot_its_mark_is_refused_loudly(tmp_path):
    run = pytest_on(tmp_path, TRAP)

    assert run.returncode == 1
    assert "This test would write into your own database." in run.stdout
    with sqlite3.connect(tmp_path / "own.sqlite3") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master")]
    database.close()
    assert tables == ["kept"]


def test_with_its_mark_it_gets_a_database_of_the_suite(tmp_path):
    run = pytest_on(tmp_path, f"import pytest\npytestmark = pytest.mark.django_db\n{TRAP}")

    assert run.returncode == 0, run.stdout[-2000:]
