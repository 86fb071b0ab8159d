"""The sealed files of earlier releases, which can still be opened: chunks of AES-GCM under a derived key.

Each chunk is bound to its file, to its place and to whether it is the last: one that was changed, moved, left
out or added does not open. Nothing is handed on before it was verified.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clinic.backup import damage

MAGIC = b"filiform backup\x01"
SALT_BYTES, MARK_BYTES, NONCE_BYTES, TAG_BYTES = 16, 8, 12, 16
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class FileKey:
    """The key of one file. `header` is its beginning: the salt, and a mark of the key."""

    header: bytes
    cipher: AESGCM

    def open(self, number: int, data: bytes, *, last: bool) -> bytes:
        associated_data = self.header + (b"last" if last else b"more")
        return self.cipher.decrypt(number.to_bytes(NONCE_BYTES, "big"), data, associated_data)


def unseal(file: BinaryIO, known: list[str]) -> Iterator[bytes]:
    """The content of the file, piece by piece."""
    file_key = _key_of(file, known)
    data, number = file.read(CHUNK + TAG_BYTES), 0
    while True:
        following = file.read(CHUNK + TAG_BYTES)
        try:
            yield file_key.open(number, data, last=not following)
        except InvalidTag as broken:
            raise damage.unreadable_piece(number + 1, last=not following) from broken
        if not following:
            return
        data, number = following, number + 1


def file_key_of(secret: str, salt: bytes) -> FileKey:
    derived = HKDF(SHA256(), 32 + MARK_BYTES, salt, MAGIC).derive(secret.encode())
    return FileKey(MAGIC + salt + derived[32:], AESGCM(derived[:32]))


def _key_of(file: BinaryIO, known: list[str]) -> FileKey:
    header = file.read(len(MAGIC) + SALT_BYTES + MARK_BYTES)
    salt = header[len(MAGIC) : len(MAGIC) + SALT_BYTES]
    for secret in known:
        file_key = file_key_of(secret, salt)
        if secrets.compare_digest(file_key.header, header):
            return file_key
    raise damage.unreadable_header()
