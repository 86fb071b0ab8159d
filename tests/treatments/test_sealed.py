"""`manage.py verify_record` names seals that were altered, removed or exchanged."""

import pytest
from django.db import connection

from tests import factories
from tests.treatments import notes
from treatments.models import CoSignature, NeedlingSession, Seal
from treatments.rules.signing import seal
from treatments.selectors.signing import seal_check

# Every note here is changed with the lock triggers dropped, as somebody with a database shell would.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlocked")]


@pytest.fixture
def session(draft):
    return notes.signed(draft)


def write(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults() -> list[tuple[str, str]]:
    return [(fault.where, fault.kind) for fault in seal_check.faults(lambda done: None)]


def alter_text(session):
    text = session.seal.text.replace("infra", "supra")
    write("UPDATE treatments_seal SET text = %s", notes.stored("text", text))


def alter_bytes(session):
    """What no zlib can read."""
    write("UPDATE treatments_seal SET text = %s", b"\x01" + session.seal.text.encode())


def exchange_text(session):
    """The best possible forgery without the key: text and digest together."""
    text = session.seal.text.replace("infra", "supra")
    packed = notes.stored("text", text), notes.stored("digest", seal.digest(text))
    write("UPDATE treatments_seal SET text = %s, digest = %s", *packed)


WAYS = {
    "text": (alter_text, {"altered"}),
    "bytes": (alter_bytes, {"altered"}),
    "text and digest": (exchange_text, {"replaced"}),
    "row": (lambda session: write("UPDATE treatments_needlesite SET depth_mm = 18"), {"drifted"}),
    "session": (lambda session: NeedlingSession.objects.update(note="rewritten"), {"drifted"}),
    "no seal": (lambda session: write("DELETE FROM treatments_seal"), {"missing"}),
    "no event": (
        lambda session: write("DELETE FROM clinic_auditevent WHERE code = 'session.signed'"),
        {"inserted"},
    ),
    "co-signature": (
        lambda session: CoSignature.objects.create(
            session=session, digest="0" * 64, signed_by=session.therapist
        ),
        {"replaced"},
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_change_a_signed_note_is_called_by_its_name(session, way):
    do, kinds = WAYS[way]
    assert faults() == []

    do(session)

    assert {kind for _, kind in faults()} >= kinds
    assert {where for where, _ in faults()} == {f"session {session.ref}"}


def test_a_seal_without_a_signature_is_found(session):
    NeedlingSession.objects.update(signed_at=None, signed_by=None)

    assert (f"session {session.ref}", "inserted") in faults()


def test_what_differs_is_named_without_its_values(session):
    NeedlingSession.objects.update(note="rewritten")

    (fault,) = seal_check.faults(lambda done: None)

    assert fault.description == "differs from its seal: session note"


def test_notes_are_read_in_pieces_whatever_their_number(
    session, ada, other_therapist, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(seal_check, "CHUNK", 1)
    another = factories.session(factories.patient(other_therapist), other_therapist)
    factories.session_condition(another)
    notes.signed(another)
    progress = []

    with django_assert_num_queries(5):
        assert list(seal_check.faults(progress.append)) == []

    assert progress == [1, 2]
    assert seal_check.count() == Seal.objects.count() == 2
