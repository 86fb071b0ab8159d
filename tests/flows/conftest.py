"""The real server, for whoever needs more than a test client."""

import pytest
from django.db import connection

from tests.served import Home, copied_database, copied_file


@pytest.fixture
def home(transactional_db, tmp_path):
    if connection.vendor == "sqlite":
        yield Home(copied_file(tmp_path / "writers.sqlite3"))
    else:
        with copied_database() as url:
            yield Home(url)
