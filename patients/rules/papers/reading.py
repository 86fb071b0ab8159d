"""Reading a file of which nobody knows what it is: exactly so many bytes, or it is damaged."""

from dataclasses import dataclass
from typing import BinaryIO

# technical: read at once, so that a file is never held as a whole
BLOCK = 64 * 1024
# own choice: chunks or segments. A scan has some hundreds; a file of nothing else is made by who means harm.
MOST_STEPS = 20_000


class Damaged(Exception):
    """It begins as a file of its kind does, and goes on as none does."""


class Unshown(Exception):
    """It is whole, but of a kind of its kind that browsers do not show."""


@dataclass(frozen=True)
class Picture:
    """Pixels, and the bytes that belong to it: what stands behind its end is no part of it."""

    width: int
    height: int
    size: int


def exactly(file: BinaryIO, length: int) -> bytes:
    found = file.read(length)
    if len(found) != length:
        raise Damaged
    return found


def blocks(file: BinaryIO, length: int):
    """The next `length` bytes, a block at a time."""
    while length:
        block = exactly(file, min(length, BLOCK))
        length -= len(block)
        yield block
