"""The sealed backup file: age's format (age-encryption.org/v1), written and read piece by piece.

It is encrypted for the identity that BACKUP_KEY is or is derived to. Its pieces of 64 kB are bound to their
place and to whether they are the last: a changed, moved, missing or added piece does not open, and nothing
is returned before it was verified. The public half of the identity is stored nowhere: without the key
nobody can make a file that opens. docs/admin.md says how to open one with `age` itself.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import BinaryIO

import pyrage
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from clinic.backup import BackupError, age_keys, damage, former_format

MAGIC = b"age-encryption.org/v1\n"
MAGICS = (MAGIC, former_format.MAGIC)
PIECE = 64 * 1024
SHORTEST_KEY = 32
AGE_IDENTITY = "AGE-SECRET-KEY-1"
DERIVED_FOR = b"filiform backup age"


def current_key() -> str:
    """The current BACKUP_KEY."""
    if len(settings.BACKUP_KEY) < SHORTEST_KEY:
        raise BackupError(
            f"BACKUP_KEY must be set to at least {SHORTEST_KEY} random characters. Run `python -m "
            "clinic.mint` to write one into .env, or set it in the environment. Keep a copy of it elsewhere."
        )
    return settings.BACKUP_KEY


def known_keys() -> list[str]:
    """The current key and the former ones, which older files need."""
    return [current_key(), *settings.BACKUP_FORMER_KEYS]


def seal(pieces: Iterable[bytes], secret: str, into: BinaryIO) -> None:
    """Write the sealed file of these pieces. When they break off, the file has no end and does not open."""
    source, target = PieceReader(pieces), Stream(into)
    try:
        pyrage.encrypt_io(source, target, [_identity(secret).to_public()])
    except (pyrage.EncryptError, OSError) as failed:
        raise source.failure or target.failure or failed from None
    if target.failure:
        raise target.failure


def unseal(file: BinaryIO, known: list[str]) -> Iterator[bytes]:
    """The content of a sealed file, piece by piece."""
    beginning = file.read(max(map(len, MAGICS)))
    file.seek(0)
    if beginning.startswith(former_format.MAGIC):
        return former_format.unseal(file, known)
    if beginning.startswith(MAGIC):
        return _unseal(file, [_identity(secret) for secret in known])
    raise damage.not_a_backup()


def _unseal(file: BinaryIO, identities: list) -> Iterator[bytes]:
    """pyrage writes what it opens into a pipe, from which the caller reads piece by piece."""
    reading, writing = os.pipe()
    source, opened_bytes = Stream(file), 0
    with ThreadPoolExecutor(1) as thread, os.fdopen(reading, "rb", buffering=0) as ready:
        work = thread.submit(_open_into, writing, source, identities)
        for piece in iter(partial(ready.read, PIECE), b""):
            opened_bytes += len(piece)
            yield piece
    try:
        work.result()
    except pyrage.DecryptError as broken:
        raise source.failure or damage.unreadable_header() from broken
    except OSError as broken:
        raise source.failure or damage.unreadable_piece(
            opened_bytes // PIECE + 1, last=source.is_at_end
        ) from broken


def _open_into(writing: int, source: "Stream", identities: list) -> None:
    with os.fdopen(writing, "wb", buffering=PIECE) as pipe:
        pyrage.decrypt_io(source, pipe, identities)


def _identity(secret: str) -> pyrage.x25519.Identity:
    """BACKUP_KEY itself when it is an age identity, as `clinic.mint` writes it; else one derived from it."""
    if not secret.startswith(AGE_IDENTITY):
        secret = age_keys.identity(HKDF(SHA256(), age_keys.BYTES, None, DERIVED_FOR).derive(secret.encode()))
    try:
        return pyrage.x25519.Identity.from_str(secret)
    except pyrage.IdentityError as mistyped:
        raise BackupError(
            f"A key in BACKUP_KEY or BACKUP_FORMER_KEYS begins with {AGE_IDENTITY} and is mistyped. Copy it "
            "again from where you keep it."
        ) from mistyped


class FailureRecorder:
    """Records an exception of our code: pyrage passes on only its message, or nothing for a last write."""

    failure: BaseException | None = None

    def recorded(self, call: Callable, *args):
        try:
            return call(*args)
        except BaseException as failure:
            self.failure = failure
            raise


class Stream(FailureRecorder):
    def __init__(self, file: BinaryIO):
        self.file, self.is_at_end = file, False

    def read(self, size: int) -> bytes:
        data = self.recorded(self.file.read, size)
        self.is_at_end = not data
        return data

    def write(self, data: bytes) -> int:
        return self.recorded(self.file.write, data)

    def flush(self) -> None:
        self.recorded(self.file.flush)


class PieceReader(FailureRecorder):
    """Pieces of any size, read as a file."""

    def __init__(self, pieces: Iterable[bytes]):
        self.pieces, self.rest = iter(pieces), memoryview(b"")

    def read(self, size: int) -> bytes:
        while not self.rest:
            piece = self.recorded(next, self.pieces, None)
            if piece is None:
                return b""
            self.rest = memoryview(piece)
        data, self.rest = self.rest[:size], self.rest[size:]
        return bytes(data)
