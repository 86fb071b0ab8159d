"""A sealed file opens with its key only, completely or not at all; so does one of an earlier release."""

import errno
import io
import os
import threading
import tracemalloc
from pathlib import Path

import pyrage
import pytest

from clinic import mint
from clinic.backup import BackupError, age_keys, former_format, sealing
from tests import former_backup

KEY = "k" * 40
PIECES = [b"begin", b"a" * 320_000, b"", b"b" * 192_000, b"end"]
CONTENT = b"".join(PIECES)


@pytest.fixture(autouse=True)
def as_large_chunks(monkeypatch):
    """Makes the chunks of the former format as large as age's."""
    monkeypatch.setattr(former_format, "CHUNK", sealing.PIECE)


def sealed_by_age(pieces, secret: str) -> list[bytes]:
    """The header with its nonce, then the chunks."""
    file = io.BytesIO()
    sealing.seal(pieces, secret, file)
    whole = file.getvalue()
    body = whole.index(b"\n", whole.index(b"\n--- ") + 1) + 1 + 16
    size = sealing.PIECE + 16
    return [whole[:body], *(whole[at : at + size] for at in range(body, len(whole), size))]


def sealed_formerly(pieces, secret: str) -> list[bytes]:
    return list(former_backup.seal(pieces, secret))


@pytest.fixture(params=[sealed_by_age, sealed_formerly], ids=["age", "former"])
def writer(request):
    return request.param


def opened(path: Path, *secrets: str) -> bytes:
    with path.open("rb") as file:
        return b"".join(sealing.unseal(file, list(secrets or [KEY])))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file"


def test_what_was_sealed_opens_with_its_key_and_with_a_former_one(path, writer):
    path.write_bytes(b"".join(writer(PIECES, KEY)))

    assert opened(path) == CONTENT
    assert opened(path, "n" * 40, KEY) == CONTENT


def test_a_file_that_an_earlier_release_wrote_opens(path):
    path.write_bytes(former_backup.SEALED_BY_LAST_RELEASE)

    assert opened(path) == b"beginend"


@pytest.mark.parametrize("size", [0, 1, *(at + by for at in (65536, 131072) for by in (-1, 0, 1))])
def test_every_length_has_its_last_chunk(path, writer, size):
    path.write_bytes(b"".join(writer([b"x" * size], KEY)))

    assert opened(path) == b"x" * size


def test_the_same_content_is_sealed_differently_each_time(writer):
    first, second = writer(PIECES, KEY), writer(PIECES, KEY)

    assert not set(first) & set(second)
    assert len(first) == 9
    assert b"aaaa" not in b"".join(first)


def flipped(parts: list[bytes], number: int, at: int = 0) -> list[bytes]:
    part = bytearray(parts[number])
    part[at] ^= 1
    return [*parts[:number], bytes(part), *parts[number + 1 :]]


DAMAGES = {
    "a flipped byte of the beginning": (lambda parts, _: flipped(parts, 0), "no backup of Filiform"),
    "a flipped byte in the middle": (lambda parts, _: flipped(parts, 3), "piece 3 of it does not open"),
    "a flipped byte at the end": (lambda parts, _: flipped(parts, 8), "its end was changed"),
    "the very last byte flipped": (lambda parts, _: flipped(parts, 8, -1), "its end was changed"),
    "swapped chunks": (
        lambda parts, _: [*parts[:2], parts[3], parts[2], *parts[4:]],
        "piece 2 of it does not open",
    ),
    "a chunk left out": (lambda parts, _: [*parts[:2], *parts[3:]], "piece 2 of it does not open"),
    "a chunk twice": (lambda parts, _: [*parts[:3], parts[2], *parts[3:]], "piece 3 of it does not open"),
    "cut between chunks": (lambda parts, _: parts[:-1], "was cut off"),
    "cut within a chunk": (lambda parts, _: [*parts[:-1], parts[-1][:10]], "was cut off"),
    "cut after its header": (lambda parts, _: parts[:1], "was cut off"),
    "cut within its header": (lambda parts, _: [parts[0][:20]], "its beginning was changed"),
    "something added at the end": (lambda parts, _: [*parts, b"more"], "its end was changed"),
    "the last chunk of another file": (lambda parts, other: [*parts[:-1], other[-1]], "its end was changed"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_said_to_be(path, writer, damage):
    damaged, message = DAMAGES[damage]
    path.write_bytes(b"".join(damaged(writer(PIECES, KEY), writer(PIECES, KEY))))

    with pytest.raises(BackupError, match=message):
        opened(path)


def test_no_byte_of_the_beginning_can_be_changed(path, writer):
    header, *chunks = writer([b"content"], KEY)

    for at in range(len(header)):
        path.write_bytes(b"".join(flipped([header, *chunks], 0, at)))
        with pytest.raises(BackupError, match="changed"):
            opened(path)


def test_another_key_opens_nothing_and_is_said(path, writer):
    path.write_bytes(b"".join(writer(PIECES, KEY)))

    with pytest.raises(BackupError, match="under another key"):
        opened(path, "n" * 40)


def test_a_minted_key_is_an_age_identity_that_age_itself_opens_with(tmp_path):
    """pyrage alone opens the file, as the program `age` would, without code of the product."""
    mint.mint(tmp_path / ".env")
    (secret,) = (
        line.removeprefix("BACKUP_KEY=")
        for line in (tmp_path / ".env").read_text().splitlines()
        if line.startswith("BACKUP_KEY=")
    )

    whole = b"".join(sealed_by_age(PIECES, secret))

    assert pyrage.decrypt(whole, [pyrage.x25519.Identity.from_str(secret)]) == CONTENT


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32, bytes(range(32)), KEY[:32].encode()])
def test_an_identity_is_written_as_age_writes_it(secret):
    written = age_keys.identity(secret)

    assert str(pyrage.x25519.Identity.from_str(written)) == written


def test_an_identity_has_32_bytes():
    with pytest.raises(ValueError, match="32 bytes"):
        age_keys.identity(b"short")


def test_a_mistyped_identity_is_said_and_not_taken_for_a_word(path):
    secret = age_keys.identity(bytes(32))
    path.write_bytes(b"".join(sealed_by_age(PIECES, KEY)))

    for wrong in (secret[:-1] + "Q", secret + "Q", secret[:-1]):
        with pytest.raises(BackupError, match="is mistyped"):
            opened(path, wrong)
        with pytest.raises(BackupError, match="is mistyped"):
            sealing.seal(PIECES, wrong, io.BytesIO())


class Full(io.RawIOBase):
    """A file object that accepts so many bytes."""

    def __init__(self, room: int):
        self.room = room

    def writable(self):
        return True

    def write(self, data):
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(data)


@pytest.mark.parametrize("room", [0, 200, 400, 100_000, 512_000])
def test_a_full_disk_is_said_in_its_own_words_even_at_the_last_byte(room):
    with pytest.raises(OSError, match="No space left on device"):
        sealing.seal(PIECES, KEY, Full(room))


@pytest.mark.parametrize(
    "failure", [BackupError("broken off"), SystemExit(143), KeyboardInterrupt(), KeyError(1)]
)
def test_what_goes_wrong_with_the_pieces_is_said_as_it_is(failure):
    def pieces():
        yield b"begin"
        raise failure

    with pytest.raises(type(failure)) as raised:
        sealing.seal(pieces(), KEY, io.BytesIO())

    assert raised.value is failure


def test_a_disk_that_cannot_be_read_is_said_in_its_own_words(path):
    path.write_bytes(b"".join(sealed_by_age(PIECES, KEY)))

    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 200_000:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return super().read(size)

    with pytest.raises(OSError, match="Input/output error"):
        list(sealing.unseal(Failing(path.read_bytes()), [KEY]))


def test_who_stops_reading_leaves_no_thread_and_no_open_pipe(path):
    path.write_bytes(b"".join(sealed_by_age(PIECES * 4, KEY)))
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))

    for _ in range(20):
        with path.open("rb") as file:
            pieces = sealing.unseal(file, [KEY])
            assert next(pieces).startswith(b"begin")
            pieces.close()

    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_a_large_file_needs_no_more_memory_than_a_small_one(path):
    size = 64 * 1024 * 1024
    tracemalloc.start()
    try:
        with path.open("wb") as file:
            sealing.seal((b"x" * 1024 * 1024 for _ in range(64)), KEY, file)
        with path.open("rb") as file:
            assert sum(map(len, sealing.unseal(file, [KEY]))) == size
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8 * 1024 * 1024
