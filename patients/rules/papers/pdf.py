"""A PDF document as far as it has to be one: its first line, its end, the table that the end points to.

Nothing may stand before the first line or behind the last, so that it is no other kind of file as well.
"""

import re
from typing import BinaryIO

from patients.rules.papers.reading import BLOCK, Damaged, exactly

SIGNATURE = b"%PDF-"
# technical: where readers look for the end and the first line
_TAIL, _HEAD = 1024, 64
# source: ISO 32000-2, 7.5.2, 7.5.5 and 7.5.8
_FIRST_LINE = re.compile(rb"%PDF-(1\.[0-7]|2\.0)\s")
_END = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF[\s\x00]*\Z")
_TABLE = re.compile(rb"\s*(xref\b|[0-9]+\s+[0-9]+\s+obj\b)")
_PASSWORD = b"/Encrypt"


def check(file: BinaryIO, size: int) -> None:
    """Raises Damaged. The file stands at its beginning."""
    if not _FIRST_LINE.match(file.read(_HEAD)):
        raise Damaged
    file.seek(max(0, size - _TAIL))
    end = _END.search(file.read(_TAIL))
    if end is None or int(end[1]) >= size:
        raise Damaged
    file.seek(int(end[1]))
    if not _TABLE.match(file.read(_HEAD)):
        raise Damaged


def needs_password(file: BinaryIO, size: int) -> bool:
    """Whether it names a key to its content, which nobody may have in ten years.

    The word stands in the open wherever it stands: what leads to the content is not compressed.
    """
    file.seek(0)
    before, left = b"", size
    while left:
        block = exactly(file, min(left, BLOCK))
        if _PASSWORD in before + block:
            return True
        before, left = block[-len(_PASSWORD) :], left - len(block)
    return False
