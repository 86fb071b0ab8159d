"""The real server, for tests that need more than a test client."""

import pytest
from django.db import connection

from tests.live_practice import LivePractice, copied_database, copied_file


@pytest.fixture
def live_practice(transactional_db, tmp_path):
    if connection.vendor == "sqlite":
        yield LivePractice(copied_file(tmp_path / "writers.sqlite3"))
    else:
        with copied_database() as url:
            yield LivePractice(url)
