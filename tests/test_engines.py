"""What runs on PostgreSQL again, and what does not."""

import pytest

from tests.engines import differs_by_engine, reaches_a_database


def test_a_test_that_reaches_no_database_runs_on_one_engine(request):
    assert not reaches_a_database(request.node)


@pytest.mark.django_db
def test_a_marked_test_runs_on_both(request):
    assert reaches_a_database(request.node)


def test_a_test_whose_fixtures_write_runs_on_both(request, ada):
    assert reaches_a_database(request.node)


@pytest.mark.django_db
@pytest.mark.one_engine
def test_a_test_of_what_pages_say_runs_on_one_engine(request):
    assert reaches_a_database(request.node)
    assert not differs_by_engine(request.node)


class TestOfAClass:
    def test_it_runs_on_both(self, request):
        assert reaches_a_database(request.node)


def test_a_file_that_names_a_connection_runs_on_both(request, monkeypatch):
    monkeypatch.setitem(globals(), "connection", object())
    assert reaches_a_database(request.node)


def test_a_file_that_starts_processes_runs_on_both(request, monkeypatch):
    monkeypatch.setitem(globals(), "subprocess", __import__("subprocess"))
    assert reaches_a_database(request.node)
