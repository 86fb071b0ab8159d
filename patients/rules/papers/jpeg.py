"""A JPEG picture from its first marker to its last: its size from its frame, its end behind its scans.

A preview stands inside a segment, which is skipped by its length. What a phone writes behind the end, such as
a film or another picture, is no part of it.
"""

import re
from itertools import islice, repeat
from struct import Struct
from typing import BinaryIO

from patients.rules.papers.reading import BLOCK, MOST_STEPS, Damaged, Picture, Unshown, exactly

SIGNATURE = b"\xff\xd8\xff"
# source: ITU-T T.81, table B.1 and B.2.2
_SCAN, _END = 0xDA, 0xD9
# source: ITU-T T.81, table B.1
_FRAMES = range(0xC0, 0xD0)
# source: ITU-T T.81, table B.1
_NO_FRAMES = {0xC4, 0xC8, 0xCC}
# source: ITU-T T.81, table B.1
_SHOWN_FRAMES = {0xC0, 0xC1, 0xC2}
# source: ITU-T T.81, table B.1
_WITHOUT_LENGTH = {0x01, 0xD8, *range(0xD0, 0xD8)}
_LENGTH, _FRAME = Struct(">H"), Struct(">BHHB")
# in a scan: no byte of its own, no restart, no filling
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def picture(file: BinaryIO) -> Picture:
    """Raises Damaged and Unshown. The file stands at its beginning."""
    # technical: the first marker has two bytes
    exactly(file, 2)
    frame, has_scan = None, False
    for _ in islice(repeat(None), MOST_STEPS):
        marker = _marker(file)
        if marker == _END:
            if frame is None or not has_scan:
                raise Damaged
            return Picture(*frame, file.tell())
        segment = _segment(file, marker)
        if marker in _FRAMES and marker not in _NO_FRAMES:
            frame = _frame(marker, segment)
        if marker == _SCAN:
            has_scan = True
            _skip_scan(file)
    raise Damaged


def _marker(file: BinaryIO) -> int:
    if exactly(file, 1) != b"\xff":
        raise Damaged
    for _ in range(BLOCK):
        (marker,) = exactly(file, 1)
        # technical: bytes of one bit fill the room before a marker
        if marker != 0xFF:
            return marker
    raise Damaged


def _segment(file: BinaryIO, marker: int) -> bytes:
    if not marker or marker in _WITHOUT_LENGTH:
        raise Damaged
    (length,) = _LENGTH.unpack(exactly(file, _LENGTH.size))
    if length < _LENGTH.size:
        raise Damaged
    return exactly(file, length - _LENGTH.size)


def _frame(marker: int, segment: bytes) -> tuple[int, int]:
    if marker not in _SHOWN_FRAMES:
        raise Unshown
    if len(segment) < _FRAME.size:
        raise Damaged
    precision, height, width, components = _FRAME.unpack(segment[: _FRAME.size])
    # technical: gray, color and print color; eight bits each is what browsers and readers show
    if not (width and height) or components not in (1, 3, 4):
        raise Damaged
    # technical: eight bits of a color are what is shown everywhere
    if precision != 8:
        raise Unshown
    return width, height


def _skip_scan(file: BinaryIO) -> None:
    """To the marker behind a scan."""
    while True:
        at = file.tell()
        block = file.read(BLOCK)
        # technical: a marker has two bytes
        if len(block) < 2:
            raise Damaged
        if found := _MARKER.search(block):
            file.seek(at + found.start())
            return
        # a marker may begin with the last byte
        file.seek(at + len(block) - 1)
