"""Files enter by the routes that take one, from whoever may use them; every other body stays small."""

import re
import tempfile
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone

from clinic.management.commands import serve
from clinic.values import references
from clinic.web import bodies, uploads
from patients.models import Paper
from patients.rules.bringing_in import files as brought
from patients.rules.papers import files
from patients.views import papers
from tests import scans, world

MIB = 1024 * 1024
FORM = reverse("patients:paper-file", args=[references.patient_ref()])
TABLE = reverse("patients:bring-in")


def sent(content: bytes = scans.PDF, **more) -> dict:
    today = f"{timezone.localdate():%m/%d/%Y}"
    file = SimpleUploadedFile("scan.pdf", content)
    return {"kind": "other", "title": "Permit", "paper_on": today, "file": file, **more}


def test_two_routes_take_a_file():
    taking = {each.name for each in world.addresses() if getattr(each.view, "largest_file", 0)}

    assert taking == {"patients:paper-file", "patients:bring-in"}


@pytest.mark.django_db
def test_no_other_page_takes_a_file(signed_in, ada, reception):
    client = signed_in(reception)

    for path in (reverse("patients:disclosures", args=[ada.ref]), reverse("account_login"), "/nowhere/"):
        assert client.post(path, sent()).status_code in (400, 404), path


@pytest.mark.django_db
def test_a_scan_enters_without_the_name_that_its_computer_gave_it(signed_in, ada, reception, monkeypatch):
    """Often it is a patient's. A table keeps its name, by which its reader tells it from others."""
    seen = []
    monkeypatch.setattr(papers.actions, "file", lambda *args, content, **more: seen.append(content.name))

    signed_in(reception).post(reverse("patients:paper-file", args=[ada.ref]), sent())

    assert seen == ["file"]


@pytest.mark.django_db
def test_more_than_one_file_is_refused(signed_in, ada, reception):
    path = reverse("patients:paper-file", args=[ada.ref])

    assert signed_in(reception).post(path, sent(more=SimpleUploadedFile("x", b"x"))).status_code == 400
    assert not Paper.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["lead", None])
def test_no_byte_is_kept_of_somebody_who_may_not_file(client, ada, request, who, monkeypatch):
    if who:
        client.force_login(request.getfixturevalue(who))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: pytest.fail("a file was begun"))

    answer = client.post(reverse("patients:paper-file", args=[ada.ref]), sent())

    assert answer.status_code == (403 if who else 401)
    if not who:
        assert "Permit" in answer.content.decode()


@pytest.mark.django_db
def test_ten_megabytes_are_never_in_memory_at_once(signed_in, ada, reception, tmp_path):
    client = signed_in(reception)
    path = reverse("patients:paper-file", args=[ada.ref])
    client.post(path, sent())
    whole = scans.pdf(b"%" + b"x" * (files.MAX_BYTES - 200))
    body = tmp_path / "body"
    body.write_bytes(encode_multipart(BOUNDARY, sent(whole)))
    tracemalloc.start()
    try:
        with body.open("rb") as stream:
            answer = client.request(**{
                "REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_TYPE": MULTIPART_CONTENT,
                "CONTENT_LENGTH": str(body.stat().st_size), "wsgi.input": stream,
            })  # fmt: skip
        filed = tracemalloc.get_traced_memory()[1]
        assert answer.status_code == 302
        tracemalloc.reset_peak()
        opened = client.get(reverse("patients:paper-download", args=[ada.ref, Paper.objects.latest("pk").pk]))
        before = tracemalloc.get_traced_memory()[0]
        assert sum(len(part) for part in opened.streaming_content) == len(whole)
        read = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()

    assert filed < 3 * MIB
    assert read < MIB


class Adjusted:
    """What the parser asks of the server's settings."""

    max_request_body_size, max_request_header_size = serve.LARGEST_BODY, 256 * 1024
    inbuf_overflow, url_scheme = 512 * 1024, "http"


def head(path: str, length: int, *, method: str = "POST", more: str = "") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n{more}\r\n".encode()


@pytest.mark.parametrize(
    ("path", "length", "taken"),
    [
        (FORM, files.MAX_BYTES + MIB, True),
        (f"{FORM}?kind=card_front", files.MAX_BYTES + MIB, True),
        (FORM, files.MAX_BYTES + uploads.ROOM_BESIDE, False),
        (TABLE, brought.PAGE_BYTES + MIB, True),
        (TABLE, brought.PAGE_BYTES + uploads.ROOM_BESIDE, False),
        (FORM.removesuffix("file/"), serve.LARGEST_BODY, False),
        (FORM.replace("file", "../papers/file"), serve.LARGEST_BODY, False),
        ("/nowhere/", serve.LARGEST_BODY, False),
        ("/", serve.LARGEST_BODY - 1, True),
    ],
    ids=[
        "form",
        "form, filled",
        "more than fits",
        "table",
        "more than a table",
        "list",
        "dots",
        "nowhere",
        "board",
    ],  # fmt: skip
)
def test_a_large_body_is_read_on_the_route_of_a_file_only(path, length, taken):
    parser = bodies.BodyParser(Adjusted())

    parser.received(head(path, length))

    assert (parser.error is None) is taken


def test_a_body_of_unknown_length_is_bounded_the_same():
    for path, taken in ((FORM, True), ("/", False)):
        parser = bodies.BodyParser(Adjusted())
        parser.received(f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        block = b"%x\r\n" % MIB + b"x" * MIB + b"\r\n"
        for _ in range(6):
            parser.received(block)

        assert (parser.error is None) is taken
        parser.close()


def test_a_server_listens_with_it_on_every_address():
    for listen in ("127.0.0.1:0", "127.0.0.1:0 127.0.0.1:0"):
        server = serve.open_server(listen, 1)
        try:
            listening = server.map if hasattr(server, "map") else server._map
            channels = [each.channel_class for each in listening.values() if hasattr(each, "channel_class")]
            assert set(channels) == {bodies.BodyChannel}
            assert len(channels) == len(re.findall(r":", listen))
        finally:
            server.close()
