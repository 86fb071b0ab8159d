"""Columns that hold bytes say the same text before, behind and after their migrations."""

import hashlib
import zlib

import pytest
from django.core.management import call_command
from django.db import connection

from clinic.audit import row_check, verification
from clinic.models import AuditEvent
from clinic.models.columns import CompressedText, HexField
from tests import audit_chain
from tests.treatments import notes
from treatments.models import Seal
from treatments.models.signing import WORDS, SealText

TEXT = '{"said":"0.30 × 40 mm, naïve\\n","version":3}' * 20
WORDS_1 = "e6f898fa0a014c21aba4b7b6e50e046c46ede2a88b92ed6e9311f18847efe741"
BEFORE = {"treatments": "0020", "patients": "0011", "clinic": "0014"}


def raw(table: str, column: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY 1 LIMIT 1")
        value = cursor.fetchone()[0]
    return bytes(value) if isinstance(value, memoryview) else value


def test_digits_take_half_of_themselves():
    digest = hashlib.sha256(b"").hexdigest()

    assert HexField().unpack(HexField().pack(digest)) == digest
    assert len(HexField().pack(digest)) == 32


@pytest.mark.parametrize("text", ["", "a", TEXT])
@pytest.mark.parametrize("field", [CompressedText(), SealText()], ids=["plain", "compressed"])
def test_a_text_is_read_as_it_was_written(field, text):
    assert field.unpack(field.pack(text)) == text
    assert field.unpack(field.plain(text)) == text


@pytest.mark.parametrize(
    "tampered", [b"", b"\x01", b"\x09other words", b"\x01not by zlib", SealText().pack(TEXT) + b"more"]
)
def test_bytes_that_nobody_packed_are_another_text(tampered):
    assert SealText().unpack(tampered) != TEXT


def test_the_words_of_a_seal_are_never_changed():
    """Without them the seals that were written with them can no longer be read."""
    assert hashlib.sha256(WORDS[1]).hexdigest() == WORDS_1
    with pytest.raises(zlib.error):
        zlib.decompressobj(zdict=WORDS[1] + b" ").decompress(SealText().pack(TEXT)[1:])


@pytest.mark.django_db
def test_a_signed_note_holds_its_seal_in_bytes(draft):
    notes.signed(draft)

    assert raw("treatments_seal", "text")[0] == 1
    assert len(raw("treatments_seal", "text")) < len(Seal.objects.get().text) / 4
    assert len(raw("treatments_seal", "digest")) == len(raw("clinic_auditevent", "mac")) == 32


@pytest.mark.django_db(transaction=True)
def test_migrations_take_what_stands_there_back_and_forth(draft, monkeypatch):
    monkeypatch.setattr("clinic.locks.converting.CHUNK", 1)
    notes.signed(draft)
    seal = Seal.objects.values("text", "digest").get()
    events = list(AuditEvent.objects.order_by("seq").values("previous", "mac", "request_id"))
    first = f"clinic_auditevent WHERE seq = {AuditEvent.objects.order_by('seq').first().seq}"
    try:
        for app, migration in BEFORE.items():
            call_command("migrate", app, migration, verbosity=0)
        assert raw("treatments_seal", "text") == seal["text"]
        assert raw("treatments_seal", "digest") == seal["digest"]
        assert raw(first, "mac") == events[0]["mac"]
    finally:
        call_command("migrate", verbosity=0)

    assert Seal.objects.values("text", "digest").get() == seal
    assert (
        list(AuditEvent.objects.order_by("seq").values("previous", "mac", "request_id"))[: len(events)]
        == events
    )
    assert audit_chain.first_broken_link() is None
    assert list(row_check.faults(verification.ignore_progress)) == []


def events() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM clinic_auditevent")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_trail_that_was_taken_back_at_once_is_written_to_again_when_it_holds_bytes(draft):
    """Going back, and every migration behind it, write nothing to columns of the former layout."""
    notes.signed(draft)
    before = events()
    try:
        call_command("migrate", "clinic", BEFORE["clinic"], verbosity=0)
        call_command("migrate", "patients", BEFORE["patients"], verbosity=0)
        assert events() == before
        assert isinstance(raw("clinic_auditevent", "mac"), str)
    finally:
        call_command("migrate", verbosity=0)

    assert events() > before
    assert audit_chain.first_broken_link() is None
    assert list(row_check.faults(verification.ignore_progress)) == []
