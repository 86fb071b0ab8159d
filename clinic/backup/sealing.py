"""The sealed file: a stream in chunks of AES-GCM under a key of its own, read and written piece by piece.

Each chunk is bound to its file, to its place and to whether it is the last: one that was changed, moved, left
out or added does not open. Nothing is handed on before it was verified.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from clinic.backup import BackupError

MAGIC = b"filiform backup\x01"
SALT_BYTES, MARK_BYTES, NONCE_BYTES, TAG_BYTES = 16, 8, 12, 16
CHUNK = 1024 * 1024
SHORTEST_KEY = 32


@dataclass(frozen=True)
class FileKey:
    """What a file is sealed with. `header` opens the file: it tells the salt, and a mark of the key."""

    header: bytes
    cipher: AESGCM

    def seal(self, number: int, data: bytes, *, last: bool) -> bytes:
        return self.cipher.encrypt(_nonce(number), data, self._bound(last))

    def open(self, number: int, data: bytes, *, last: bool) -> bytes:
        return self.cipher.decrypt(_nonce(number), data, self._bound(last))

    def _bound(self, last: bool) -> bytes:
        return self.header + (b"last" if last else b"more")


def key() -> str:
    """Today's BACKUP_KEY."""
    if len(settings.BACKUP_KEY) < SHORTEST_KEY:
        raise BackupError(
            f"BACKUP_KEY must be set to at least {SHORTEST_KEY} random characters. Run `python -m "
            "clinic.mint` to write one into .env, or set it in the environment. Keep a copy of it elsewhere."
        )
    return settings.BACKUP_KEY


def keys() -> list[str]:
    """Today's key and the former ones: older files are under those."""
    return [key(), *settings.BACKUP_FORMER_KEYS]


def seal(pieces: Iterable[bytes], secret: str) -> Iterator[bytes]:
    """The sealed file of these pieces. It ends only when they did: what breaks off has no last chunk."""
    file_key = _file_key(secret, secrets.token_bytes(SALT_BYTES))
    yield file_key.header
    for number, (data, last) in enumerate(_even(pieces, CHUNK)):
        yield file_key.seal(number, data, last=last)


def unseal(file: BinaryIO, known: list[str]) -> Iterator[bytes]:
    """What was sealed, piece by piece."""
    file_key = _key_of(file, known)
    pieces = iter(lambda: file.read(CHUNK + TAG_BYTES), b"")
    for number, (data, last) in enumerate(_even(pieces, CHUNK + TAG_BYTES)):
        try:
            yield file_key.open(number, data, last=last)
        except InvalidTag as broken:
            raise BackupError(_explained(number, last)) from broken


def _explained(number: int, last: bool) -> str:
    if last:
        return "The file was cut off, or its end was changed. Copy it again from where it is whole."
    return (
        f"The file was changed or damaged after it was written: piece {number + 1:,} of it does not open. "
        "Copy it again from where it is whole, or use another."
    )


def _key_of(file: BinaryIO, known: list[str]) -> FileKey:
    header = file.read(len(MAGIC) + SALT_BYTES + MARK_BYTES)
    if not header.startswith(MAGIC):
        raise BackupError("That is no backup of Filiform, or its beginning was changed.")
    salt = header[len(MAGIC) : len(MAGIC) + SALT_BYTES]
    for secret in known:
        file_key = _file_key(secret, salt)
        if secrets.compare_digest(file_key.header, header):
            return file_key
    raise BackupError(
        "The file is under another key, or its beginning was changed. Set BACKUP_KEY to the key it was made "
        "with, or add that to BACKUP_FORMER_KEYS."
    )


def _file_key(secret: str, salt: bytes) -> FileKey:
    derived = HKDF(SHA256(), 32 + MARK_BYTES, salt, MAGIC).derive(secret.encode())
    return FileKey(MAGIC + salt + derived[32:], AESGCM(derived[:32]))


def _nonce(number: int) -> bytes:
    """A counter is enough: no two files share a key."""
    return number.to_bytes(NONCE_BYTES, "big")


def _even(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """(chunk, is it the last) of any pieces. There is always a last one, be it empty."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > size:
            yield bytes(waiting[:size]), False
            del waiting[:size]
    yield bytes(waiting), True
