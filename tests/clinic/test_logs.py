"""The log names what failed and where, never the values."""

import logging
import re
import sys

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.urls import path

from clinic.urls import handler400, handler500, urlpatterns  # noqa: F401  (the rest of this URLconf)
from clinic.web import address
from clinic.web.logs import LogFormatter

GIVEN = "4F2A91C0-0000-4000-8000-00000000beef"


def reads_what_is_not_there(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'Ada Examplewood, born 7/9/1985' FROM nowhere")


reads_what_is_not_there.login_required = False
urlpatterns = [path("fails/", reads_what_is_not_there), *urlpatterns]


def logged() -> str:
    try:
        try:
            int("Ada Examplewood")
        except ValueError as unreadable:
            raise KeyError("born 7/9/1985") from unreadable
    except KeyError:
        record = logging.LogRecord("clinic", logging.ERROR, __file__, 1, "audit gap", (), sys.exc_info())
    return LogFormatter("%(message)s").format(record)


def test_an_exception_is_logged_without_the_values_it_speaks_of():
    line = logged()

    assert "Examplewood" not in line
    assert "1985" not in line
    assert "\n" not in line
    assert "builtins.KeyError" in line
    assert "builtins.ValueError" in line
    assert "test_logs.py" in line


def test_the_served_log_is_written_that_way():
    assert settings.LOGGING["formatters"]["line"]["()"] == "clinic.web.logs.LogFormatter"


@pytest.fixture
def lines(db):
    """What production would write, line by line."""
    found = []

    class Kept(logging.Handler):
        def emit(self, record):
            found.append(self.format(record))

    shown = settings.LOGGING["formatters"]["line"]
    handler, root = Kept(logging.WARNING), logging.getLogger()
    handler.setFormatter(LogFormatter(shown["format"], style=shown["style"]))
    disabled = root.manager.disable
    logging.disable(logging.NOTSET)
    root.addHandler(handler)
    yield found
    root.removeHandler(handler)
    logging.disable(disabled)


@pytest.mark.urls("tests.clinic.test_logs")
def test_a_request_that_fails_is_one_line_with_its_number_zone_and_the_engines_code(lines):
    answer = Client(raise_request_exception=False).get("/fails/?q=Examplewood")

    (line,) = lines
    engines = {"sqlite": "OperationalError/SQLITE_ERROR", "postgresql": "ProgrammingError/42P01"}
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d ERROR django.request ", line)
    assert f" request={answer['X-Request-ID']} " in line
    assert f" status={answer.status_code} " in line
    assert f" error={engines[connection.vendor]} " in line
    assert "reads_what_is_not_there" in line
    assert not re.search("Examplewood|1985|nowhere|\n", line)


@pytest.mark.urls("tests.clinic.test_logs")
def test_the_page_of_a_fault_shows_the_first_digits_of_the_number(lines):
    answer = Client(raise_request_exception=False).get("/fails/")

    number = answer["X-Request-ID"]
    assert f"{number[:4]} {number[4:8]}" in answer.text


def test_a_page_that_is_not_there_is_a_line_with_its_number(lines):
    answer = Client().get("/nowhere/Examplewood/")

    (line,) = lines
    assert f"request={answer['X-Request-ID']} status=404" in line
    assert "Examplewood" not in line


@pytest.mark.parametrize(
    ("depth", "given", "is_taken"),
    [
        (1, GIVEN, True),
        (1, GIVEN.replace("-", "").lower(), True),
        (0, GIVEN, False),
        (1, "", False),
        (1, GIVEN + "0", False),
        (1, "Ada Examplewood, born 7/9/1985..", False),
    ],
)
def test_the_number_is_taken_from_a_trusted_proxy_alone(settings, depth, given, is_taken):
    settings.PROXY_DEPTH = depth

    number = address.request_id_of(RequestFactory().get("/", headers={"X-Request-ID": given}))

    assert (number == GIVEN.replace("-", "").lower()) is is_taken
    assert address.REQUEST_ID.fullmatch(number)


def test_an_error_without_a_code_of_an_engine_is_named_by_its_class():
    try:
        raise DatabaseError("row Examplewood is refused")
    except DatabaseError:
        record = logging.LogRecord("clinic", logging.ERROR, __file__, 1, "refused", (), sys.exc_info())

    assert " error=DatabaseError " in LogFormatter("%(message)s").format(record)
