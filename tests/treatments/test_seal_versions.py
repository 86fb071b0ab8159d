"""Seals of earlier releases can still be read, shown and checked."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from clinic import formats
from clinic.formats import sealed
from clinic.models import CatalogueRow, Location
from patients.models import Patient
from tests import factories
from tests.treatments import notes
from treatments.models import NeedlingSession, Seal
from treatments.rules.record.patient_sessions import NONE_MERGED
from treatments.rules.signing import seal as seal_rules
from treatments.selectors.record import printing
from treatments.selectors.signing import reading, seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlocked")]

# Written by the release that had version 1 only, byte by byte.
FIRST = Path(__file__).with_name("seal_of_version_1.json")
DIGEST = "e77a7f9057abbe838dc255672d80030fc355efdc4018a4480cab2b9a778b440e"


@pytest.fixture
def text() -> str:
    return FIRST.read_text(encoding="utf-8").rstrip("\n")


@pytest.fixture
def session(text, therapist) -> NeedlingSession:
    """The rows that belong to that seal."""
    locked = json.loads(text)["locked"]
    keys = locked["session"]
    parents(keys, therapist)
    row = rebuilt(NeedlingSession, keys)
    for name, model in seal.LOCKED_TABLES.items():
        for columns in locked[name]:
            rebuilt(model, columns)
    Seal.objects.create(
        session=row, version=1, text=text, digest=DIGEST, sealed_at=row.signed_at, sealed_by=row.signed_by
    )
    return fresh(row)


def parents(keys: dict, therapist) -> None:
    """The parents of the rows, with their original keys."""
    type(therapist).objects.create(
        pk=keys["therapist_id"], username="maria", first_name="Maria", last_name="L"
    )
    Location.objects.create(pk=keys["location_id"], code="sealed", name="Sealed")
    patient = factories.patient(therapist, pk=keys["patient_id"], family_name="Examplewood", given_name="Ada")
    assert isinstance(patient, Patient)
    factories.visit(patient, therapist, pk=keys["visit_id"])
    episode = factories.episode(patient, therapist, pk=keys["episode_id"])
    factories.condition(episode, therapist, pk=keys["id"])
    factories.screening(patient, therapist, pk=keys["screening_id"])
    factories.screening(patient, therapist, kind="visit", pk=keys["visit_screening_id"])
    factories.consent(patient, therapist, pk=keys["consent_id"])


def rebuilt(model, columns: dict):
    """Inserts the row without the lock check of its save; columns that came later take their default."""
    fields = [field for field in model._meta.concrete_fields if field.attname in columns]
    row = model(**{field.attname: value_of(field, columns[field.attname]) for field in fields})
    return model.objects.bulk_create([row])[0]


def value_of(field, value):
    if value is None:
        return None
    if field.is_relation and issubclass(field.remote_field.model, CatalogueRow):
        return field.remote_field.model.objects.get(code=value).pk
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        return parse_datetime(value)
    return parse_date(value) if kind == "DateField" else value


def fresh(row) -> NeedlingSession:
    return reading.with_people(reading.notes().get(pk=row.pk))


def test_a_seal_of_the_first_version_agrees_with_its_rows(session):
    verdict = seal.verify(session)

    assert verdict.differences == ()
    assert verdict.agrees


def test_a_change_under_it_is_found(session):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE treatments_needlesite SET depth_mm = 35 WHERE session_id = %s", [session.pk])

    assert {name.split()[-1] for name, _, _ in seal.verify(fresh(session)).differences} == {"depth_mm"}


def test_it_is_shown_with_the_credentials_that_it_knew(session):
    note_read = reading.sealed_note(session)

    assert note_read.standing[0]["head"] == "Infraspinatus, right."
    assert note_read.signed_as == "Maria Lund, PT, license PT-20417, under general"
    assert note_read.supervised_as == ""


def test_todays_seals_know_more(session):
    assert seal_rules.read(session.seal)["version"] == 1
    assert seal_rules.VERSION == 4


# The columns of a session that version 3 was the first to seal.
OF_VERSION_3 = ("needles_second_at", "needles_second_by_id", "not_needled", "not_needled_detail")


@pytest.fixture
def second(draft) -> NeedlingSession:
    """A note with the seal that version 2 would have written."""
    note = notes.signed(draft)
    told = seal_rules.read(note.seal)
    assert set(OF_VERSION_3) <= told["locked"]["session"].keys()
    told["said"]["session"] = in_the_writing_of(2, note)
    told["locked"]["session"] = {
        name: value for name, value in told["locked"]["session"].items() if name not in OF_VERSION_3
    }
    text = seal_rules.canonical({**told, "version": 2})
    values = {"version": 2, "text": text, "digest": seal_rules.digest(text)}
    Seal.objects.filter(session=note).update(**values)
    return fresh(note)


def test_a_seal_of_the_second_version_agrees_and_is_shown(second):
    verdict, note_read = seal.verify(second), reading.sealed_note(second)

    assert verdict.agrees
    assert {"label": "Needles", "value": "1 in, 1 out"} in note_read.facts


def test_what_the_third_version_seals_is_watched(draft):
    note = notes.signed(draft)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE treatments_needlingsession SET not_needled = 'declined' WHERE id = %s", [note.pk]
        )

    assert [name for name, _, _ in seal.verify(fresh(note)).differences] == ["session not_needled"]


def in_the_writing_of(version: int, note: NeedlingSession) -> list[str]:
    return seal.current_text(note, version=version)["session"]


@pytest.fixture
def third(draft) -> NeedlingSession:
    """A note with the seal that version 3 would have written."""
    note = notes.signed(draft, next_visit_on=dt.date(2026, 12, 1))
    told = seal_rules.read(note.seal)
    told["said"]["session"] = in_the_writing_of(3, note)
    text = seal_rules.canonical({**told, "version": 3})
    Seal.objects.filter(session=note).update(version=3, text=text, digest=seal_rules.digest(text))
    return fresh(note)


def test_every_version_has_its_way_of_writing_days():
    assert list(sealed.WRITINGS) == list(range(1, seal_rules.VERSION + 1))


def test_a_seal_of_the_third_version_agrees_and_is_shown_as_it_was_written(third):
    start = timezone.localtime(third.started_at)
    note_read = reading.sealed_note(third)

    assert seal.verify(third).agrees
    assert f"{start.day} {start:%b %Y, %H:%M} to " in note_read.sentences[0]
    assert "Next visit 1 Dec 2026." in note_read.sentences


def test_a_new_note_writes_days_and_times_as_its_pages_do(draft):
    note = notes.signed(draft, next_visit_on=dt.date(2026, 12, 1))
    start, end = note.started_at, note.ended_at
    said = seal_rules.read(note.seal)["said"]["session"]

    assert said[0].startswith(f"Visit 1, {formats.moment(start)} to {formats.clock(end)} (")
    assert "Next visit Dec 1, 2026." in said


@pytest.mark.parametrize("old", ["session", "second", "third"])
def test_what_was_changed_under_an_old_seal_is_marked_and_its_days_are_not(old, request):
    note = request.getfixturevalue(old)
    signed = reading.sealed_note(note)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE treatments_needlesite SET depth_mm = 35 WHERE session_id = %s", [note.pk])

    for shown in (reading.sealed_note(fresh(note)), printed(note)):
        assert shown.differs
        assert shown.now_sentences == signed.sentences
        assert shown.changed
        assert all(change in shown.now_sites for change in shown.changed)


def printed(note):
    """The note as the printed chart reads it."""
    ((_, shown),) = printing.notes(printing.sessions(note.patient, merged=NONE_MERGED))
    return shown


def test_a_seal_whose_version_was_overwritten_is_shown_with_its_differences(third):
    told = {**seal_rules.read(third.seal), "version": 99}
    Seal.objects.filter(session=third).update(text=seal_rules.canonical(told))

    assert reading.sealed_note(fresh(third)).differs
