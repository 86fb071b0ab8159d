"""Days and times are written as Django's own `date_format` writes them, whatever the pattern."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.formats import date_format

from clinic.formats import written

CHICAGO = ZoneInfo("America/Chicago")
VALUES = [
    dt.date(2026, 1, 1), dt.date(987, 12, 31), dt.date(2024, 2, 29), dt.time(0, 5, 9), dt.time(12, 0),
    dt.datetime.fromisoformat("2026-05-12T13:07:03"), dt.datetime(2026, 9, 6, 23, 59, 59, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 8, 2, 30, tzinfo=CHICAGO), dt.datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=CHICAGO),
]  # fmt: skip
LETTERS = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTUuwWyYzZkpqvxCJKQRVX"
PATTERNS = [
    *LETTERS, "M j, Y, g:i A", "l, F j, g:i:s A", r"\M\o\n j", r"j \d\e F", "j. F Y", "H:i", "-", r"\\j",
]  # fmt: skip


def said(write, value, pattern):
    try:
        return str(write(value, pattern))
    except (TypeError, ValueError, AttributeError) as fault:
        return type(fault)


@pytest.mark.parametrize("language", ["en-us", "de", None])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_is_written_as_django_writes_it(pattern, language):
    with translation.override(language):
        for value in VALUES:
            assert said(written.written, value, pattern) == said(date_format, value, pattern)


def test_the_names_of_months_follow_the_language():
    words = []
    for language in ("en-us", "de", "en-us"):
        with translation.override(language):
            words.append(written.written(dt.date(2026, 5, 12), "F"))

    assert words == ["May", "Mai", "May"]
