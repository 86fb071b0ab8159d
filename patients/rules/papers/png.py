"""A PNG picture from its signature to its end: each chunk whole, by its own checksum."""

import zlib
from itertools import islice, repeat
from struct import Struct
from typing import BinaryIO

from patients.rules.papers.reading import MOST_STEPS, Damaged, Picture, blocks, exactly

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# source: W3C, Portable Network Graphics (PNG) Specification, third edition, 5.3 and 11.2.1
_CHUNK, _CRC, _HEADER = Struct(">I4s"), Struct(">I"), Struct(">II5B")
# source: W3C PNG, third edition, 5.3
_LONGEST = 2**31 - 1
# source: W3C PNG, third edition, 11.2.1
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}


def picture(file: BinaryIO) -> Picture:
    """Raises Damaged. The file stands at its beginning."""
    exactly(file, len(SIGNATURE))
    width, height = _size(*_chunk(file, keeps=_HEADER.size))
    has_pixels = False
    for _ in islice(repeat(None), MOST_STEPS):
        kind, content = _chunk(file)
        if kind == b"IEND" and has_pixels and not content:
            return Picture(width, height, file.tell())
        if kind == b"IEND":
            break
        has_pixels = has_pixels or kind == b"IDAT"
    raise Damaged


def _size(kind: bytes, header: bytes) -> tuple[int, int]:
    if kind != b"IHDR" or len(header) != _HEADER.size:
        raise Damaged
    width, height, depth, color, compression, filtering, interlacing = _HEADER.unpack(header)
    is_known = depth in _DEPTHS.get(color, ()) and not (compression or filtering) and interlacing in (0, 1)
    if not (width and height and is_known):
        raise Damaged
    return width, height


def _chunk(file: BinaryIO, keeps: int = 1) -> tuple[bytes, bytes]:
    """Its name, and the beginning of what is in it."""
    length, kind = _CHUNK.unpack(exactly(file, _CHUNK.size))
    if length > _LONGEST or not kind.isalpha():
        raise Damaged
    checksum, kept = zlib.crc32(kind), b""
    for block in blocks(file, length):
        checksum = zlib.crc32(block, checksum)
        kept = kept or block[: keeps + 1]
    if _CRC.unpack(exactly(file, _CRC.size)) != (checksum,):
        raise Damaged
    return kind, kept
