"""Writes sealed backups in the format of earlier releases; only tests still need it."""

import secrets
from collections.abc import Iterable, Iterator

from clinic.backup import former_format
from clinic.backup.former_format import NONCE_BYTES, SALT_BYTES

# Made by the last release that wrote them, from b"begin" and b"end" under "k" * 40.
SEALED_BY_LAST_RELEASE = bytes.fromhex(
    "66696c69666f726d206261636b757001907d3bd1a1796bccfb537e17c833fbd2a0c445faae74ce176f72c272fb2d4c17"
    "995b07a43c71f42b509bdbfc04bacd4f"
)


def seal(pieces: Iterable[bytes], secret: str) -> Iterator[bytes]:
    """The header, then the chunks. The last chunk is marked, so that a truncated file is noticed."""
    file_key = former_format.file_key_of(secret, secrets.token_bytes(SALT_BYTES))
    yield file_key.header
    for number, (data, last) in enumerate(_even(pieces, former_format.CHUNK)):
        bound = file_key.header + (b"last" if last else b"more")
        yield file_key.cipher.encrypt(number.to_bytes(NONCE_BYTES, "big"), data, bound)


def _even(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """(chunk, is it the last) of the pieces. There is always a last chunk, which may be empty."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > size:
            yield bytes(waiting[:size]), False
            del waiting[:size]
    yield bytes(waiting), True
