import stat
import subprocess
import sys
from pathlib import Path

from clinic import mint

ROOT = Path(__file__).resolve().parents[2]


def values(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def test_a_first_run_writes_keys_long_enough_and_readable_for_the_owner_only(tmp_path):
    path = tmp_path / ".env"

    assert mint.mint(path) == ["AUDIT_KEY", "BACKUP_KEY", "SECRET_KEY"]

    written = values(path)
    assert "DEBUG" not in written, "production is the default of everything but `make run`"
    keys = [written[name] for name in ("AUDIT_KEY", "BACKUP_KEY", "SECRET_KEY")]
    assert min(map(len, keys)) >= 50
    assert len(set(keys)) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_run_changes_nothing(tmp_path):
    path = tmp_path / ".env"
    mint.mint(path)
    before = path.read_bytes()

    assert mint.mint(path) == []
    assert path.read_bytes() == before


def test_a_file_somebody_wrote_keeps_its_keys(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# ours\nexport SECRET_KEY=kept\nALLOWED_HOSTS=clinic.example")

    assert mint.mint(path) == ["AUDIT_KEY", "BACKUP_KEY"]

    assert path.read_text().startswith(
        "# ours\nexport SECRET_KEY=kept\nALLOWED_HOSTS=clinic.example\nAUDIT_KEY="
    )


def test_a_key_in_a_comment_is_not_there(tmp_path):
    path = tmp_path / ".env"
    path.write_text("#SECRET_KEY=old\nAUDIT_KEY=kept\nBACKUP_KEY=kept\n")

    assert mint.mint(path) == ["SECRET_KEY"]


def test_it_needs_nothing_that_is_installed(tmp_path):
    """It must run without installed packages, before everything else."""
    code = f"import pathlib, clinic.mint; print(clinic.mint.mint(pathlib.Path({str(tmp_path / '.env')!r})))"

    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "BACKUP_KEY" in ran.stdout
