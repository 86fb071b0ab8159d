"""What a file is, by its content alone: a PDF, a PNG or a JPEG picture that can be filed, or why it is none.

The headers and the structure of these three are read here. No picture is decoded, so that none can be made to
fill the memory; a library that decodes would be asked for its first bytes only.
"""

from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from clinic import formats
from clinic.values.errors import Reason
from patients.models import Paper
from patients.rules.papers import jpeg, pdf, png
from patients.rules.papers.reading import Damaged, Unshown

MAX_BYTES = 10 * 1024 * 1024  # own choice: some thirty pages at 300 dpi
# own choice: legal paper at 600 dpi has 43 million, the largest picture of an iPhone 49
MAX_PIXELS = 50_000_000
# own choice: a longer one is no page
MAX_SIDE = 20_000
FIELD = "file"
# technical: where such a file names its kind
_KIND_AT = 4
# source: ISO/IEC 23008-12, 10.2, and the brands that phones write
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
EXTENSIONS = {Paper.MediaType.PDF: "pdf", Paper.MediaType.PNG: "png", Paper.MediaType.JPEG: "jpg"}


@dataclass(frozen=True)
class FileFacts:
    """`size` are the bytes that are filed. With `reasons` nothing is."""

    media_type: str = ""
    size: int = 0
    reasons: tuple[Reason, ...] = ()


def judged(file: BinaryIO, size: int) -> FileFacts:
    """What can be filed of a file of so many bytes, or why nothing can."""
    if not size:
        return _refused("file-empty", _("This file is empty. Scan the paper again."))
    if size > MAX_BYTES:
        return _too_large(size)
    try:
        return _read(file, size)
    except Damaged:
        text = _("This file is cut off or damaged. Scan the paper again, or print it to a PDF.")
        return _refused("file-damaged", text)
    except Unshown:
        text = _("Browsers do not show this kind of JPEG picture. Scan the paper to a PDF.")
        return _refused("file-unshown", text)


def _read(file: BinaryIO, size: int) -> FileFacts:
    file.seek(0)
    # technical: the signatures stand in the first bytes
    start = file.read(12)
    file.seek(0)
    if start.startswith(png.SIGNATURE):
        return _picture(Paper.MediaType.PNG, png.picture(file))
    if start.startswith(jpeg.SIGNATURE):
        return _picture(Paper.MediaType.JPEG, jpeg.picture(file))
    if start.startswith(pdf.SIGNATURE):
        return _document(file, size)
    return _other(start)


def _picture(media_type: str, found) -> FileFacts:
    if max(found.width, found.height) > MAX_SIDE or found.width * found.height > MAX_PIXELS:
        text = _(
            "This picture has %(width)s by %(height)s pixels, which is more than fits. Scan it with 300 dots "
            "per inch."
        ) % {"width": formats.whole(found.width), "height": formats.whole(found.height)}
        return _refused("file-pixels", text)
    return FileFacts(media_type, found.size)


def _document(file: BinaryIO, size: int) -> FileFacts:
    pdf.check(file, size)
    if pdf.needs_password(file, size):
        text = _("This PDF is protected by a password or against copying. File one that anybody can open.")
        return _refused("file-password", text)
    return FileFacts(Paper.MediaType.PDF, size)


def _other(start: bytes) -> FileFacts:
    if start.startswith(_TIFF):
        text = _("This is a TIFF picture, which browsers do not show. Scan the paper to a PDF.")
        return _refused("file-tiff", text)
    if start[_KIND_AT : _KIND_AT + 4] == b"ftyp" and start[8:12] in _HEIC:
        text = _(
            "This is an HEIC photo, which not every browser shows. Send it as JPEG; an iPhone takes it with "
            "Settings, Camera, Formats, Most Compatible."
        )
        return _refused("file-heic", text)
    text = _("This is no PDF and no PNG or JPEG picture, whatever it is called. Scan the paper to a PDF.")
    return _refused("file-other", text)


def _too_large(size: int) -> FileFacts:
    text = _("This file has %(size)s MB; 10 MB fit. Scan it with 300 dots per inch, or in parts.")
    # technical: megabytes with one digit, rounded up
    return _refused("file-large", text % {"size": formats.decimal(-(-size * 10 // 2**20) / 10, 1)})


def _refused(code: str, text: str) -> FileFacts:
    return FileFacts(reasons=(Reason(code, text, field=FIELD),))
