"""What may be filed, by content alone: hostile, cut and misnamed files. No database, nothing decoded."""

import io
import time

import pytest

from patients.rules.papers import files
from patients.rules.papers.files import MAX_BYTES, MAX_PIXELS, MAX_SIDE
from tests import scans

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PNG, JPEG = scans.png(), scans.jpeg()


def judged(content: bytes):
    """What it is, or None, and the codes of what is wrong with it."""
    facts = files.judged(io.BytesIO(content), len(content))
    return (None if facts.reasons else facts), {reason.code for reason in facts.reasons}


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (scans.PDF, "application/pdf"),
        (scans.pdf(b"%" + HTML), "application/pdf"),
        (scans.PDF + b"\r\n\x00", "application/pdf"),
        (PNG, "image/png"),
        (scans.png(MAX_SIDE, MAX_PIXELS // MAX_SIDE), "image/png"),
        (scans.png(more=scans.chunk(b"tEXt", b"x" * 200_000)), "image/png"),
        (JPEG, "image/jpeg"),
        (scans.jpeg(frame=0xC2), "image/jpeg"),
        (scans.jpeg(scan=b"\x00" * 65_535 + b"\xff\x00" * 70_000), "image/jpeg"),
        (scans.jpeg(scan=b"\x00" * (64 * 1024 - 1)), "image/jpeg"),
    ],
)
def test_what_scanners_and_phones_make_is_taken_whole(content, media_type):
    facts, codes = judged(content)

    assert not codes
    assert (facts.media_type, facts.size) == (media_type, len(content))


@pytest.mark.parametrize("content", [PNG, JPEG])
@pytest.mark.parametrize("behind", [HTML, SVG, b"PK\x03\x04", b"ftypmp42" * 9_000])
def test_what_stands_behind_a_picture_is_not_filed_with_it(content, behind):
    facts, _ = judged(content + behind)

    assert facts.size == len(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (HTML, "file-other"),
        (HTML + scans.PDF, "file-other"),
        (b"\n" + scans.PDF, "file-other"),
        (scans.PDF.replace(b"%PDF-1.4", b"%PDF-9.4"), "file-damaged"),
        (scans.PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4x"), "file-damaged"),
        (SVG, "file-other"),
        (b"<?xml version='1.0'?>" + SVG, "file-other"),
        (b"GIF89a" + PNG, "file-other"),
        (b"PK\x03\x04" + scans.PDF, "file-other"),
        (b"MZ" + JPEG, "file-other"),
        (b"\x89PNG", "file-other"),
        (b"%PDF", "file-other"),
        (b"II*\x00" + PNG, "file-tiff"),
        (b"MM\x00*", "file-tiff"),
        (b"\x00\x00\x00\x18ftypheic", "file-heic"),
        (b"\x00\x00\x00\x18ftypmp42", "file-other"),
        (b"%PDF-9.9\n" + scans.PDF, "file-damaged"),
        (scans.PDF + HTML, "file-damaged"),
        (scans.PDF + b"PK\x03\x04", "file-damaged"),
        (scans.PDF.replace(b"startxref\n110", b"startxref\n7"), "file-damaged"),
        (scans.PDF.replace(b"startxref\n110", b"startxref\n9999999"), "file-damaged"),
        (b"%PDF-1.4\n" + HTML, "file-damaged"),
        (scans.pdf(trailer=b"/Encrypt 4 0 R"), "file-password"),
        (scans.pdf(b"x" * (64 * 1024 - 14) + b"/Encrypt 4 0 R"), "file-password"),
        (scans.png(100_000, 100_000), "file-pixels"),
        (scans.png(MAX_SIDE + 1, 1), "file-pixels"),
        (scans.png(MAX_SIDE, MAX_PIXELS // MAX_SIDE + 1), "file-pixels"),
        (scans.jpeg(65_535, 65_535), "file-pixels"),
        (scans.png(0, 5), "file-damaged"),
        (PNG.replace(b"IDAT", b"IDAX"), "file-damaged"),
        (scans.png().replace(b"\x08\x00\x00\x00\x00", b"\x07\x00\x00\x00\x00"), "file-damaged"),
        (PNG[:8] + scans.chunk(b"IDAT") + PNG[8:], "file-damaged"),
        (PNG[:8] + scans.chunk(b"tEXt") * 30_000, "file-damaged"),
        (scans.jpeg(8, 0), "file-damaged"),
        (scans.jpeg(frame=0xC3), "file-unshown"),
        (b"\xff\xd8\xff\xd9", "file-damaged"),
        (b"\xff\xd8" + b"\xff" * 200_000, "file-damaged"),
        (JPEG[:-2] + b"\xff" * 200_000, "file-damaged"),
        (b"\xff\xd8" + b"\xff\xe1\x00\x00" + JPEG[2:], "file-damaged"),
        (b"\xff\xd8" + scans.segment(0xE1, b"") * 30_000, "file-damaged"),
    ],
)
def test_what_is_none_of_them_is_refused_by_its_content(content, code):
    facts, codes = judged(content)

    assert facts is None
    assert codes == {code}


@pytest.mark.parametrize("whole", [scans.PDF, PNG, JPEG], ids=["pdf", "png", "jpeg"])
def test_no_file_that_was_cut_off_is_taken(whole):
    """The last line end of a PDF may be missing."""
    lengths = range(1, len(whole) - whole.endswith(b"\n"))

    taken = [length for length in lengths if judged(whole[:length])[0] is not None]

    assert taken == []


def test_ten_megabytes_are_taken_and_one_byte_more_is_not():
    most = scans.pdf(b"x" * (MAX_BYTES - 300))
    most += b"\n" * (MAX_BYTES - len(most))

    assert judged(most)[1] == set()
    assert judged(most + b"\n")[1] == {"file-large"}


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff" + b"\xff" * (MAX_BYTES - 3),
        JPEG[:-2] + b"\xff\x00" * (MAX_BYTES // 2 - 200),
        b"\xff\xd8" + b"\xff\xe1\x00\x02" * (MAX_BYTES // 4 - 2),
        PNG[:33] + scans.chunk(b"tEXt") * (MAX_BYTES // 12 - 9),
        b"%PDF-1.4\n" + b"startxref " * (MAX_BYTES // 10 - 9),
    ],
    ids=["filling", "scan", "segments", "chunks", "pdf"],
)
def test_no_file_that_fits_takes_long_to_judge(content):
    began = time.process_time()

    assert judged(content)[0] is None

    assert time.process_time() - began < 1.5
