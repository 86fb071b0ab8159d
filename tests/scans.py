"""Files as scanners and phones make them, built from nothing, and damaged ones."""

import zlib
from struct import pack

PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \n"
    b"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n110\n%%EOF\n"
)


def pdf(middle: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF with something in a comment or in its trailer."""
    body = b"%PDF-1.7\n" + middle + b"\n"
    return body + b"xref\n0 0\ntrailer\n<< " + trailer + b" >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def chunk(kind: bytes, content: bytes = b"") -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))


def png(width: int = 2, height: int = 2, *, more: bytes = b"") -> bytes:
    """Gray. Its rows are there for the smallest only: nobody decodes it."""
    header = pack(">II5B", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x80\x80" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", pixels) + chunk(b"IEND")


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + pack(">H", len(content) + 2) + content


def jpeg(
    width: int = 8, height: int = 8, *, frame: int = 0xC0, scan: bytes = b"\x12\xff\x00\xff\xd0\x34"
) -> bytes:
    """With a preview inside a segment, as cameras write it."""
    preview = segment(0xE1, b"Exif\x00\x00\xff\xd8\xff\xd9")
    shape = pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    start = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return b"\xff\xd8" + preview + segment(frame, shape) + start + scan + b"\xff\xd9"
