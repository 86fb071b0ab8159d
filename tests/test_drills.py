"""The drill report is readable, and contains drills that ran all rounds only."""

from tests import drills


def test_a_line_says_what_was_done_where_how_often_and_what_was_seen():
    kills = {"drill": "kill -9", "full": True, "kills": 1200, "acknowledged": 477, "lost": 0, "half": 0}

    page = drills.report_of([{**kills, "engine": "sqlite"}, {**kills, "engine": "postgresql", "full": False}])

    assert "| kill -9 | SQLite | 1,200 kills | 477 saves acknowledged, 0 lost, 0 saved by half |\n" in page
    assert "| PostgreSQL |" not in page
