"""The log names what failed and where, never the values."""

import logging
import sys

from django.conf import settings

from clinic.web.logs import LogFormatter


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

    assert "Examplewood" not in line.replace('int("Ada Examplewood")', "")
    assert "1985" not in line.replace('KeyError("born 7/9/1985")', "")
    assert "builtins.KeyError" in line
    assert "builtins.ValueError" in line
    assert "test_logs.py" in line


def test_the_served_log_is_written_that_way():
    assert settings.LOGGING["formatters"]["line"]["()"] == "clinic.web.logs.LogFormatter"
