"""The publisher's order file of ICD-10-CM: reading it, and saying why a file is not it. No queries.

Columns, counted from 1: 1-5 the order number, 7-13 the code without its dot, 15 whether it can be billed (1)
or is a heading (0), 17-76 the short title, 78 on the long title. Seen in icd10cm-order-April-2025.txt of
github.com/StefanoTrv/simple_icd_10_CM: 97,584 lines from A00 to U099.
"""

import datetime as dt
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from clinic import formats
from clinic.models import CodeSet
from clinic.rules import code_sets
from clinic.rules.code_sets import CATEGORY_LENGTH, CodeRow

# own choice: several times the file of April 2025, which has 14.5 million characters
MAX_BYTES = 60_000_000
FIRST_CODE, LAST_CHAPTER, CHAPTER_BEFORE = "A00", "U", "Z"
_LINE = re.compile(
    r"(?P<order>\d{5}) (?P<code>[A-Z][0-9A-Z]{2,6}) +(?P<flag>[01]) (?P<short>.{60}) (?P<title>.+)"
)
FLAG_AT = 14
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


class NotTheOrderFile(Exception):
    """Its text says why, and what to do."""


class OrderFile(NamedTuple):
    """`rows` are the billable codes, `records` counts the headings too."""

    rows: list[CodeRow]
    records: int


def year_in(name: str) -> int | None:
    """The year in the name of the file, such as icd10cm_order_2027.txt."""
    found = _YEAR.search(name)
    return int(found[1]) if found else None


def read(content: bytes) -> OrderFile:
    """Raises NotTheOrderFile."""
    lines = _text(content).replace("\r\n", "\n").split("\n")
    if lines.pop():
        raise NotTheOrderFile(_("The file breaks off in its last line. Download it again."))
    flags = {}
    rows = []
    for number, line in enumerate(lines, start=1):
        code, flag, title = _record(line, number)
        if code in flags:
            raise NotTheOrderFile(
                _("Line %(line)s has %(code)s a second time.") % {"line": number, "code": code}
            )
        flags[code] = flag
        if flag == "1":
            rows.append(CodeRow(with_dot(code), title))
    _check_whole(list(flags.items()))
    return OrderFile(rows, len(flags))


def with_dot(code: str) -> str:
    head, rest = code[:CATEGORY_LENGTH], code[CATEGORY_LENGTH:]
    return f"{head}.{rest}" if rest else head


def _text(content: bytes) -> str:
    if not content.strip():
        raise NotTheOrderFile(_("The file is empty."))
    if content.startswith((_ZIP, _GZIP)):
        raise NotTheOrderFile(
            _("This is a packed archive. Unpack it and give the order file: icd10cm_order_2027.txt, say.")
        )
    try:
        text = "" if content.startswith(_UTF_16) or b"\0" in content else content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise NotTheOrderFile(
            _("This is not text in UTF-8. Give the file itself, not what another program saved of it.")
        )
    if text.lstrip("\ufeff \r\n").startswith("<"):
        raise NotTheOrderFile(
            _("This is XML, such as the tabular list. The order file is plain text, a line for each code.")
        )
    return text.removeprefix("\ufeff")


def _record(line: str, number: int) -> tuple[str, str, str]:
    """(code, flag, long title) of a line."""
    found = _LINE.fullmatch(line)
    is_in_columns = found is not None and found.start("flag") == FLAG_AT
    if found and is_in_columns and found["order"] == f"{number:05}" and found["short"].strip():
        return found["code"], found["flag"], found["title"].strip()
    raise NotTheOrderFile(
        _(
            "Line %(line)s is not a line of the order file: an order number that counts from 00001, a code"
            " without its dot, 0 or 1, and a short and a long title in fixed columns. Other files of the"
            " publisher do not do."
        )
        % {"line": number}
    )


def _check_whole(flags: list[tuple[str, str]]) -> None:
    """From the first code to the last chapter, and nothing below a code or missing below a heading."""
    first, last = flags[0][0], flags[-1][0]
    chapters = {code[0] for code, _flag in flags}
    if first != FIRST_CODE or not last.startswith(LAST_CHAPTER) or CHAPTER_BEFORE not in chapters:
        raise NotTheOrderFile(
            _("The file runs from %(first)s to %(last)s, a whole one from A00 to chapter U. Get it again.")
            % {"first": with_dot(first), "last": with_dot(last)}
        )
    for (code, flag), (following, _flag) in zip(flags, [*flags[1:], ("", "1")], strict=True):
        if following.startswith(code) != (flag == "0"):
            raise NotTheOrderFile(
                _(
                    "%(code)s and the next line contradict each other: a heading has codes below it,"
                    " a code has none."
                )
                % {"code": with_dot(code)}
            )


def check_against(
    file: OrderFile,
    *,
    digest: str,
    fiscal_year: int,
    valid_from: dt.date,
    sets: list[CodeSet],
    today: dt.date,
) -> None:
    """Raise NotTheOrderFile where it is not the file of that year, or of no year that is needed."""
    known = sorted(sets, key=lambda each: each.valid_from)
    _check_year(fiscal_year, valid_from, first=known[0].fiscal_year if known else fiscal_year, today=today)
    for other in known:
        if other.digest == digest and other.valid_from != valid_from:
            raise NotTheOrderFile(
                _("This very file is loaded as %(release)s. Give the file of FY%(year)s.")
                % {"release": other.release, "year": fiscal_year}
            )
    # the excerpt of the year gives way to any whole file of it
    kept = [each for each in known if not (each.is_excerpt and each.fiscal_year == fiscal_year)]
    _check_not_older(fiscal_year, valid_from, kept)
    before = [each for each in kept if each.valid_from < valid_from]
    if before:
        _check_after(file, before[-1], fiscal_year)


def _check_year(fiscal_year: int, valid_from: dt.date, *, first: int, today: dt.date) -> None:
    last = code_sets.fiscal_year_of(today) + 1
    if not first <= fiscal_year <= last:
        raise NotTheOrderFile(
            _("FY%(year)s is not needed: give the file of a year from FY%(first)s to FY%(last)s.")
            % {"year": fiscal_year, "first": first, "last": last}
        )
    begins, ends = code_sets.days_of(fiscal_year)
    if not begins <= valid_from < ends:
        raise NotTheOrderFile(
            _("FY%(year)s runs from %(begins)s to %(ends)s; %(day)s is not in it.")
            % {
                "year": fiscal_year,
                "begins": formats.day(begins),
                "ends": formats.day(ends),
                "day": formats.day(valid_from),
            }
        )


def _check_not_older(fiscal_year: int, valid_from: dt.date, kept: list[CodeSet]) -> None:
    later = [each for each in kept if each.fiscal_year == fiscal_year and each.valid_from > valid_from]
    if later:
        raise NotTheOrderFile(
            _("FY%(year)s is loaded as of %(day)s. This file begins on %(begins)s: it is an older release.")
            % {
                "year": fiscal_year,
                "day": formats.day(later[-1].valid_from),
                "begins": formats.day(valid_from),
            }
        )


def _check_after(file: OrderFile, former: CodeSet, fiscal_year: int) -> None:
    """The code set has grown with each release, so a smaller one is an older one, or a part."""
    if file.records < former.records:
        raise NotTheOrderFile(
            _(
                "The file has %(records)s lines, %(former)s had %(earlier)s. It is of an earlier year than"
                " FY%(year)s, or a part of it is missing."
            )
            % {
                "records": file.records,
                "former": former.release,
                "earlier": former.records,
                "year": fiscal_year,
            }
        )
    known = set(code_sets.codes_of(former).text.split("\n"))
    if file.records == former.records and known <= set(code_sets.text_of(file.rows).split("\n")):
        raise NotTheOrderFile(
            _("The file is that of %(former)s: give the one of FY%(year)s.")
            % {"former": former.release, "year": fiscal_year}
        )


def too_large() -> str:
    return _("The file is larger than %(size)s MB, several times the order file. Check what it is.") % {
        "size": MAX_BYTES // 1_000_000
    }
