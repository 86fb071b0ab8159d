"""Columns that hold bytes: of hexadecimal digits, of long texts compressed, of files.

In Python digits and texts are text, and so is what the MAC of a row covers, however the column is laid out.
"""

import zlib
from collections.abc import Callable

from django.db import models


class _TextInBytes(models.TextField):
    """Text of which the column holds bytes."""

    pack: Callable[[str], bytes]
    unpack: Callable[[bytes], str]

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_prep_value(self, value):
        return self.pack(value) if isinstance(value, str) else value

    def get_db_prep_value(self, value, connection, prepared=False):
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else connection.Database.Binary(value)

    def from_db_value(self, value, expression, connection) -> str | None:
        """A column may hold text: before its migration, and where somebody wrote it past the product."""
        return value if value is None or isinstance(value, str) else self.unpack(bytes(value))


class HexField(_TextInBytes):
    """Digests, MACs and numbers of requests: two digits to a byte."""

    # for a migration on PostgreSQL: digits into bytes, and back
    sql_to_bytes, sql_to_text = "decode({0}, 'hex')", "encode({0}, 'hex')"
    packs_in_python = False

    def pack(self, text: str) -> bytes:
        return bytes.fromhex(text)

    def unpack(self, stored: bytes) -> str:
        return stored.hex()


class FileBytes(models.BinaryField):
    """A piece of a file. Its row's MAC leaves it out, so that no process holds the file to make one:

    a digest over all pieces stands in a covered column elsewhere, and a check of the record compares both.
    """


class CompressedText(_TextInBytes):
    """A long text. The first byte says how the rest is written: 0 as it is, else by zlib with a dictionary.

    A dictionary is text that others have in common with it, and is kept as long as any text that was written
    with it: without it, or with another, zlib refuses to read.
    """

    # for a migration on PostgreSQL: text into what `plain` writes, and back
    sql_to_bytes = "'\\x00'::bytea || convert_to({0}, 'UTF8')"
    sql_to_text = "convert_from(substring({0} from 2), 'UTF8')"
    packs_in_python = True
    dictionaries: dict[int, bytes] = {}
    # what new texts are written with
    newest = 0

    def pack(self, text: str) -> bytes:
        if not self.newest:
            return self.plain(text)
        compressor = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zdict=self.dictionaries[self.newest])
        return bytes([self.newest]) + compressor.compress(text.encode()) + compressor.flush()

    @staticmethod
    def plain(text: str) -> bytes:
        return b"\0" + text.encode()

    def unpack(self, stored: bytes) -> str:
        """What nobody has packed is given as it stands: its digest and its row's MAC tell that it is none."""
        try:
            return self._read(stored)
        except (IndexError, KeyError, ValueError, zlib.error):
            return stored.decode(errors="replace")

    def _read(self, stored: bytes) -> str:
        if stored[0] == 0:
            return stored[1:].decode()
        decompressor = zlib.decompressobj(zdict=self.dictionaries[stored[0]])
        text = decompressor.decompress(stored[1:])
        if not decompressor.eof or decompressor.unused_data:
            raise ValueError("cut off, or something stands behind it")
        return text.decode()
