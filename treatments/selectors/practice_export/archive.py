"""Files as one ZIP that is written while it is sent: no file of it is ever held whole."""

import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

# A file of the export: its name in the folder, and its bytes in pieces.
File = tuple[str, Iterable[bytes]]


class _Written:
    """What was written since it was last taken. It has no place to go back to, and a ZIP can do without."""

    def __init__(self):
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces = []
        return taken


def zipped(files: Iterable[File]) -> Iterator[bytes]:
    # what the type of a ZIP asks of a file is more than it calls
    written: Any = _Written()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files:
            # a table may be larger than what a ZIP held before 2001
            with archive.open(name, "w", force_zip64=True) as entry:
                for piece in pieces:
                    entry.write(piece)
                    if taken := written.take():
                        yield taken
    yield written.take()
