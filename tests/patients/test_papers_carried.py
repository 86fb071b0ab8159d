"""A scanned paper goes where the record goes: into a backup and out again, to the other engine and back."""

import pytest
from django.db import connection

from tests.clinic.test_move_record import here, manage, other  # noqa: F401
from tests.live_practice import LivePractice

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


def whole(url: str) -> bool:
    checked = manage(url, "verify_record", "--only", "documents", "--only", "rows")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    return "1 document" in checked.stdout and LivePractice(url).ask("scanned_paper_digest()") is True


def test_a_backup_brings_its_bytes_back(here, tmp_path):  # noqa: F811
    LivePractice(here).ask("scanned_paper()")
    folder, copy = tmp_path / "backups", tmp_path / "copy.sqlite3"

    made = manage(here, "backup", "--folder", str(folder))
    [backup] = folder.iterdir()
    drilled = manage(here, "restore_drill", str(backup))
    opened = manage(here, "restore_drill", str(backup), "--to", str(copy))

    assert made.returncode == 0, made.stderr
    assert (drilled.returncode, opened.returncode) == (0, 0), drilled.stderr + opened.stderr
    assert is_dump() or whole(f"sqlite:///{copy}")


def is_dump() -> bool:
    """The drill restores it into a scratch database and verifies it there; a copy of it is a dump."""
    return connection.vendor == "postgresql"


@pytest.mark.postgres
def test_a_move_there_and_back_brings_its_bytes(here, other, tmp_path):  # noqa: F811
    LivePractice(here).ask("scanned_paper()")
    there, back = f"sqlite:///{tmp_path / 'there.sqlite3'}", other

    for source, target in ((here, there), (there, back)):
        moved = manage(source, "move_record", "--to", target)
        assert moved.returncode == 0, moved.stderr
        assert whole(target)
