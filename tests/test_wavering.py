"""A test that wavers in CI is shown with its failure, and a run in which many waver fails."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

WAVERS = """
import pathlib, pytest

@pytest.mark.parametrize("number", range({count}))
def test_wavers(number, request):
    seen = pathlib.Path("{folder}", str(number))
    if not seen.exists():
        seen.touch()
        raise AssertionError("the page was late")
"""


def run(folder, count: int) -> subprocess.CompletedProcess:
    """Runs tests that fail once each, beside this suite's own hooks."""
    (folder / "conftest.py").write_text(
        "from tests.conftest import pytest_sessionfinish, pytest_terminal_summary\n"
    )
    (folder / "test_it.py").write_text(WAVERS.format(count=count, folder=folder))
    alone = ["-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={folder}", "--reruns", "1"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(settings.BASE_DIR),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "pytest", *alone, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


def test_a_test_that_wavers_is_shown_with_its_failure(tmp_path):
    ran = run(tmp_path, 1)
    assert ran.returncode == pytest.ExitCode.OK, ran.stdout
    assert "WAVERED: test_it.py::test_wavers[0]" in ran.stdout
    assert "AssertionError: the page was late" in ran.stdout


def test_a_run_in_which_many_tests_waver_fails(tmp_path):
    assert run(tmp_path, 4).returncode == pytest.ExitCode.TESTS_FAILED
