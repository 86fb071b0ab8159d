"""Scanned papers that nobody signed: pages and cards drawn here, which say that they are of the demo."""

import zlib
from collections.abc import Iterable
from struct import pack

# technical: US letter in points, and a plastic card of 3.375 by 2.125 inches at 160 dpi
PAGE_WIDTH, PAGE_HEIGHT = 612, 792
CARD_WIDTH, CARD_HEIGHT = 540, 340
MARGIN, LINE, LETTERS = 72, 24, 14
STRIPE, EDGE = (90, 150), 24
BACKGROUND, INK = b"\xdc\xe6\xf0", b"\x46\x64\x82"


def page(lines: Iterable[str]) -> bytes:
    """A PDF of one page with these lines of plain text, the first of them saying that it is of the demo."""
    lines = ("Demo practice: a fictional page. Nobody signed it.", "", *lines)
    text = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    start = f"BT /F1 {LETTERS} Tf {LINE} TL {MARGIN} {PAGE_HEIGHT - MARGIN} Td\n"
    drawing = f"{start}{text}ET".encode("ascii")
    return _pdf([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % (PAGE_WIDTH, PAGE_HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ])  # fmt: skip


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf(objects: list[bytes]) -> bytes:
    """source: ISO 32000-1, 7.5 (header, objects, cross-reference table, trailer)."""
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return file + head + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(file)


def card(*, has_stripe: bool) -> bytes:
    """A PNG of a card without a word on it; the back has a dark stripe."""
    rows = b"".join(_card_row(line, has_stripe=has_stripe) for line in range(CARD_HEIGHT))
    # source: PNG (W3C, third edition), 11.2.1: eight bits of red, green and blue each
    header = pack(">II5B", CARD_WIDTH, CARD_HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _card_row(line: int, *, has_stripe: bool) -> bytes:
    """One line of pixels, unfiltered."""
    is_dark = STRIPE[0] <= line < STRIPE[1] if has_stripe else line < EDGE or line >= CARD_HEIGHT - EDGE
    return b"\x00" + (INK if is_dark else BACKGROUND) * CARD_WIDTH


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))
