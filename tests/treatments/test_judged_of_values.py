"""Rules of the seal and of the board on values: no database."""

import datetime as dt
import json

import pytest

from treatments.models import NeedlingSession, Seal
from treatments.rules.board import due_notes
from treatments.rules.board.due_notes import Reader
from treatments.rules.signing import seal, seal_check

NOON = dt.datetime(2026, 5, 14, 17, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
LOCKED = {"session": {"note": "As told"}, "sites": [{"id": 4, "depth_mm": 20}]}
TEXT = json.dumps({"locked": LOCKED})
DIGEST = seal.digest(TEXT)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (LOCKED, set()),
        ({**LOCKED, "session": {"note": "Rewritten", "added_later": 1}}, {"session note"}),
        ({**LOCKED, "sites": [{"id": 4, "depth_mm": 35}]}, {"sites 4 depth_mm"}),
        ({**LOCKED, "sites": []}, {"sites 4"}),
        ({**LOCKED, "sites": [*LOCKED["sites"], {"id": 5}]}, {"sites 5"}),
    ],
)
def test_a_seal_is_compared_column_by_column(now, expected):
    verdict = seal.check(TEXT, DIGEST, now)

    assert verdict.text_is_whole
    assert {where for where, _, _ in verdict.differences} == expected


def test_another_digest_is_another_text():
    assert not seal.check(TEXT, "0" * 64, LOCKED).agrees


def faults(text: str = TEXT, **known) -> list[str]:
    facts = {"is_signed": True, "audited": DIGEST, "now": LOCKED, "cosigned": None, **known}
    return [kind for kind, _ in seal_check.faults_of(Seal(text=text, digest=DIGEST), **facts)]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, []),
        ({"audited": ""}, []),
        ({"audited": None}, ["inserted"]),
        ({"audited": "0" * 64}, ["replaced"]),
        ({"is_signed": False}, ["inserted"]),
        ({"text": TEXT + " "}, ["altered"]),
        ({"text": "no JSON"}, ["altered"]),
        ({"now": {**LOCKED, "sites": []}}, ["drifted"]),
        ({"cosigned": DIGEST}, []),
        ({"cosigned": "0" * 64}, ["replaced"]),
    ],
)
def test_what_is_wrong_with_a_sealed_note_is_called_by_its_name(known, expected):
    assert faults(**known) == expected


def test_a_signature_without_a_seal_is_called_missing():
    found = seal_check.faults_of(None, is_signed=True, audited=DIGEST, now=LOCKED, cosigned=None)

    assert [kind for kind, _ in found] == ["missing"]


def written(pk: int, **fields) -> NeedlingSession:
    """A note as the selector of the board reads it."""
    session = NeedlingSession(pk=pk, **{"therapist_id": 1, "opened_at": NOON, **fields})
    session.open_events = []
    session.waits = session.signed_at is not None and session.supervisor_id is not None
    session.unanswered, session.cosigner = [], session.supervisor_id
    return session


OWN, OLD = written(1), written(2, therapist_id=3, opened_at=NOON - 5 * DAY)
LATE = written(3, therapist_id=3, supervisor_id=1, signed_at=NOON - 9 * DAY)
NEW = written(4, therapist_id=3, supervisor_id=1, signed_at=NOON)


@pytest.mark.parametrize(
    ("reader", "drafts", "old", "to_cosign", "late"),
    [
        (Reader(1, True, None, NOON - 7 * DAY), [OWN], [], [LATE, NEW], []),
        (Reader(1, False, None, NOON - 7 * DAY), [], [], [LATE, NEW], []),
        (Reader(9, False, NOON - DAY, NOON - 7 * DAY), [], [OLD], [], [LATE]),
    ],
)
def test_each_reader_gets_the_notes_that_wait_for_them(reader, drafts, old, to_cosign, late):
    notes = due_notes.sort_notes([OWN, OLD, NEW, LATE], reader, on=NOON.date())

    assert notes.drafts == drafts
    assert notes.old_drafts == old
    assert [waiting.session for waiting in notes.to_cosign] == to_cosign
    assert [waiting.session for waiting in notes.late_cosignatures] == late
