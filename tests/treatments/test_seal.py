"""The seal is canonical, complete, the same on both engines, and detects every change."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import connection
from django.utils import timezone

from clinic.models import CatalogueFile, Credential
from tests import factories
from tests.treatments import notes
from treatments.models import Muscle, NeedlingSession, Override
from treatments.rules.signing import seal
from treatments.selectors.signing import reading
from treatments.selectors.signing import seal as seal_selectors

# Every note here is changed with the lock triggers dropped, as somebody with a database shell would.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlocked")]


@pytest.fixture
def session(draft):
    factories.site(
        draft, muscle="ut", side="left", struck_at=timezone.now(), struck_by=draft.therapist, needles=3
    )
    return notes.signed(draft)


def fresh(session) -> NeedlingSession:
    return reading.with_people(reading.notes().get(pk=session.pk))


def change(table: str, column: str, value, pk: int) -> None:
    """Changes a row as somebody with a database shell would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])


def test_the_seal_is_canonical_json_with_its_digest(session):
    text = session.seal.text
    assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text
    assert session.seal.digest == hashlib.sha256(text.encode()).hexdigest()


def test_it_says_who_signed_what_with_which_catalogues(draft, therapist):
    Credential.objects.filter(user=therapist).update(number="PT-20417")
    sealed = seal.read(notes.signed(draft).seal)
    assert sealed["version"] == seal.VERSION
    assert sealed["signer"]["name"] == "Maria Lund, PT"
    assert sealed["signer"]["credentials"][0]["number"] == "PT-20417"
    assert sealed["patient"]["ref"] == draft.patient.ref
    assert sealed["catalogues"] == dict(CatalogueFile.objects.values_list("name", "digest"))
    assert sealed["locked"]["session"]["signed_by_id"] == therapist.pk


@pytest.mark.parametrize("name", ["conditions", "sites", "measurements", "aftercare", "overrides"])
def test_every_column_of_every_locked_table_is_in_it(session, name):
    Override.objects.create(session=session, rule="x", reason="y", by=session.therapist)
    locked = seal_selectors.locked_values(fresh(session))
    columns = {field.attname for field in seal_selectors.LOCKED_TABLES[name]._meta.concrete_fields}
    assert set(locked["session"]) == {field.attname for field in NeedlingSession._meta.concrete_fields}
    assert all(set(row) == columns for row in locked[name])
    assert locked[name] or name == "measurements"


def test_a_struck_site_is_sealed_as_struck(session):
    sites = seal.read(session.seal)["locked"]["sites"]
    assert [site["struck_at"] is not None for site in sites] == [True, False]


def test_values_are_exact(session):
    site = seal.read(session.seal)["locked"]["sites"][1]
    assert (site["gauge_mm"], site["muscle_id"], site["length_mm"]) == ("0.30", "is", 40)
    assert site["struck_at"] is None
    assert seal.read(session.seal)["locked"]["session"]["signed_at"].endswith("+00:00")


def test_an_untouched_note_agrees(session):
    verdict = seal_selectors.verify(fresh(session))
    assert verdict.agrees
    assert verdict.differences == ()


@pytest.mark.parametrize(
    ("part", "column", "value"),
    [
        ("session", "note", "rewritten"),
        ("session", "needles_out", 2),
        ("session", "ended_at", timezone.now() + dt.timedelta(hours=1)),
        ("sites", "depth_mm", 18),
        ("sites", "gauge_mm", "0.25"),
        ("sites", "side", "left"),
        ("sites", "note", "x"),
        ("conditions", "pain_after", 0),
        ("aftercare", "text", "other words"),
    ],
)
def test_one_changed_value_is_found(session, part, column, value):
    model = {"session": NeedlingSession, **seal_selectors.LOCKED_TABLES}[part]
    row = session if part == "session" else model.objects.filter(session=session).order_by("-pk").first()
    change(model._meta.db_table, column, value, row.pk)
    verdict = seal_selectors.verify(fresh(session))
    assert not verdict.agrees
    assert len(verdict.differences) == 1
    assert verdict.differences[0][0].endswith(column)


def test_an_added_row_and_a_row_that_is_gone_are_found(session):
    now = timezone.now()
    Override.objects.create(session=session, rule="x", reason="y", by=session.therapist)
    assert [difference[2] for difference in seal_selectors.verify(fresh(session)).differences] == ["added"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM treatments_override WHERE session_id = %s", [session.pk])
        cursor.execute("DELETE FROM treatments_aftercare WHERE session_id = %s", [session.pk])
    assert [difference[2] for difference in seal_selectors.verify(fresh(session)).differences] == [
        "gone",
        "gone",
    ]
    assert now


def test_a_seal_whose_text_was_changed_is_found(session):
    text = session.seal.text.replace("infra", "supra")
    change("treatments_seal", "text", notes.stored("text", text), session.seal.pk)
    assert not seal_selectors.verify(fresh(session)).text_is_whole


def test_a_better_catalogue_name_does_not_break_a_seal(session):
    Muscle.objects.filter(code="is").update(name="Infraspinatus muscle")
    Muscle.objects.filter(code="is").update(hazards=[])
    assert seal_selectors.verify(fresh(session)).agrees
    assert reading.sealed_note(fresh(session)).standing[0]["head"] == "Infraspinatus, right."


def test_a_column_that_came_later_was_not_signed(session, monkeypatch):
    text = json.loads(session.seal.text)
    del text["locked"]["session"]["plan"]
    older = seal.canonical(text)
    change("treatments_seal", "text", notes.stored("text", older), session.seal.pk)
    change("treatments_seal", "digest", notes.stored("digest", seal.digest(older)), session.seal.pk)
    assert seal_selectors.verify(fresh(session)).agrees


def test_sealing_and_checking_read_the_rows_in_one_question(session, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = fresh(session)
        seal_selectors.verify(found)
