"""How an event holds the rows that it wrote: their tables, their keys and their MACs as bytes.

Form 1 gives a table by its number, or by its name where it has none, and a key as what it is more than the
key before. The form before it had no number of its own: it began with the length of a table's name, which is
more than any number of a form.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from struct import Struct

from clinic.audit.table_numbers import NUMBERS, TABLES

# Half of a SHA-256: nobody without the key can try guesses but on the practice's own server.
MAC_BYTES = 16
GONE = bytes(MAC_BYTES)
FORM = 1
# A number's lower seven bits come first; the eighth says that more follow.
_LOW, _MORE = 0x7F, 0x80
_TABLE, _KEY = Struct(">BI"), Struct(">B")


@dataclass(frozen=True, slots=True)
class RowEntry:
    """The state of one row after an event; `mac` is GONE where the event removed it."""

    table: str
    key: str
    mac: bytes


def pack(entries: Iterable[RowEntry]) -> bytes:
    """Entries as bytes, the rows of a table together, in their order."""
    by_table: dict[str, list[RowEntry]] = {}
    for entry in entries:
        by_table.setdefault(entry.table, []).append(entry)
    packed = b"".join(part for table, rows in by_table.items() for part in _packed_table(table, rows))
    return bytes([FORM]) + packed if packed else b""


def joined(first: bytes, then: bytes) -> bytes:
    """The entries of both in this order; each is packed already."""
    return first + then[1:] if first and then else first or then


def _packed_table(table: str, rows: list[RowEntry]) -> Iterator[bytes]:
    number = NUMBERS.get(table, 0)
    yield _number(number) if number else _number(0) + _text(table)
    keys = _rising([row.key for row in rows])
    yield _number(len(rows) * 2 + (keys is None))
    for row, step in zip(rows, keys or [], strict=False):
        yield _number(step) + row.mac
    for row in rows if keys is None else []:
        yield _text(row.key) + row.mac


def _rising(keys: list[str]) -> list[int] | None:
    """Each key as what it is more than the one before; None where they are no rising numbers."""
    if not all(key.isascii() and key.isdigit() and str(int(key)) == key for key in keys):
        return None
    steps = [int(key) - int(before) for before, key in zip(["0", *keys], keys, strict=False)]
    return steps if min(steps) >= 0 else None


def _text(text: str) -> bytes:
    return _number(len(text.encode())) + text.encode()


def _number(value: int) -> bytes:
    found = bytearray()
    while value > _LOW:
        found.append(value & _LOW | _MORE)
        value >>= 7
    return bytes([*found, value])


def unpack(packed: bytes) -> Iterator[RowEntry]:
    """The entries in their order. Raises ValueError where the bytes are no entries."""
    packed = bytes(packed)
    if not packed:
        return
    if packed[0] > FORM:
        yield from _unpack_names(packed)
        return
    reader = _Reader(packed, place=1)
    while reader.place < len(packed):
        yield from _table_at(reader)


def _table_at(reader: "_Reader") -> Iterator[RowEntry]:
    number = reader.number()
    if number > len(TABLES):
        raise ValueError("a table that this release does not know")
    table = TABLES[number - 1] if number else reader.text()
    count, is_text = divmod(reader.number(), 2)
    key = 0
    for _ in range(count):
        if is_text:
            yield RowEntry(table, reader.text(), reader.take(MAC_BYTES))
        else:
            key += reader.number()
            yield RowEntry(table, str(key), reader.take(MAC_BYTES))


class _Reader:
    """Reads bytes from one place on."""

    def __init__(self, packed: bytes, place: int = 0):
        self.packed, self.place = packed, place

    def take(self, length: int) -> bytes:
        found = self.packed[self.place : self.place + length]
        if len(found) < length:
            raise ValueError("cut off")
        self.place += length
        return found

    def number(self) -> int:
        value = shift = 0
        while True:
            (byte,) = self.take(1)
            value |= (byte & _LOW) << shift
            if not byte & _MORE:
                return value
            shift += 7

    def text(self) -> str:
        return self.take(self.number()).decode()


def _unpack_names(packed: bytes) -> Iterator[RowEntry]:
    """The form of before: per table its name and their number, per row its key and its MAC."""
    reader = _Reader(packed)
    while reader.place < len(packed):
        length, count = _TABLE.unpack(reader.take(_TABLE.size))
        table = reader.take(length).decode()
        for _ in range(count):
            (key,) = _KEY.unpack(reader.take(_KEY.size))
            yield RowEntry(table, reader.take(key).decode(), reader.take(MAC_BYTES))
