"""Signed locks hold against every way of writing."""

import uuid

import pytest
from django.db import connection, transaction
from django.utils import timezone

from clinic import audit
from clinic.locks import specification, triggers
from clinic.models import AuditEvent
from patients.models import Consent, ConsentText, QuestionWording, Screening
from tests import audit_chain, factories
from tests.locked_records import is_refused
from treatments.models import (
    Addendum,
    Aftercare,
    AftercareAdvice,
    DraftEvent,
    ErrorMark,
    Measurement,
    NeedleSite,
    NeedlingSession,
    Override,
    Seal,
    SessionCondition,
)


@pytest.fixture
def signed(draft, therapist):
    """A signed session with one row of every kind that is locked with it."""
    factories.site(draft)
    Measurement.objects.create(session=draft, kind="rom", side="right")
    Aftercare.objects.create(session=draft, item=AftercareAdvice.objects.first(), text="Drink water.")
    Override.objects.create(session=draft, rule="depth", reason="Checked.", by=therapist)
    DraftEvent.objects.create(session=draft, client_id=uuid.uuid4(), seq=1, field="note", by=therapist)
    NeedlingSession.objects.filter(pk=draft.pk).update(signed_at=timezone.now(), signed_by=therapist)
    Seal.objects.create(session=draft, version=1, text="{}", digest="0" * 64, sealed_by=therapist)
    Addendum.objects.create(session=draft, reason="Late", text="More.", written_by=therapist)
    ErrorMark.objects.create(session=draft, reason="Wrong.", marked_by=therapist)
    triggers.install(connection)
    return NeedlingSession.objects.get(pk=draft.pk)


def raw(sql: str, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


PARTS = [NeedleSite, SessionCondition, Measurement, Aftercare, Override, DraftEvent]
AFTER = [Seal, Addendum, ErrorMark]


@pytest.mark.parametrize("model", [*PARTS, *AFTER], ids=lambda model: model.__name__)
def test_a_row_of_a_signed_session_is_neither_changed_nor_removed(model, signed):
    row, table = model.objects.get(session=signed), model._meta.db_table

    assert is_refused(lambda: model.objects.filter(pk=row.pk).update(session=signed))
    assert is_refused(lambda: model.objects.bulk_update([row], ["session"]))
    assert is_refused(lambda: raw(f"UPDATE {table} SET session_id = session_id WHERE id = %s", row.pk))
    assert is_refused(lambda: raw(f"DELETE FROM {table} WHERE id = %s", row.pk))
    assert is_refused(lambda: model.objects.filter(pk=row.pk)._raw_delete("default"))


@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
def test_a_row_moves_neither_into_nor_out_of_a_signed_session(model, signed, ada, other_therapist):
    open_session = factories.session(ada, other_therapist)
    row = model.objects.get(session=signed)

    assert is_refused(lambda: model.objects.filter(pk=row.pk).update(session=open_session))
    if model is NeedleSite:
        loose = factories.site(open_session)
        assert is_refused(lambda: NeedleSite.objects.filter(pk=loose.pk).update(session=signed))


def test_a_new_site_does_not_enter_a_signed_session(signed):
    site = NeedleSite.objects.get(session=signed)
    site.pk, site.key, site.number = None, uuid.uuid4(), 9

    assert is_refused(lambda: NeedleSite.objects.bulk_create([site]))
    assert is_refused(lambda: NeedleSite.objects.bulk_create([site], ignore_conflicts=True))


def test_a_draft_still_takes_sites(ada, therapist):
    triggers.install(connection)
    session = factories.session(ada, therapist)

    site = factories.site(session)
    NeedleSite.objects.filter(pk=site.pk).update(depth_mm=12)

    assert NeedleSite.objects.get(pk=site.pk).depth_mm == 12


@pytest.mark.parametrize("stamp", ["signed", "voided", "closed_unsigned"])
def test_a_session_locks_in_each_of_its_three_ways(stamp, draft, therapist):
    triggers.install(connection)
    rows = NeedlingSession.objects.filter(pk=draft.pk)
    rows.update(**{f"{stamp}_at": timezone.now(), f"{stamp}_by": therapist})

    assert is_refused(lambda: rows.update(note="changed"))
    assert is_refused(lambda: rows.update(**{f"{stamp}_at": None, f"{stamp}_by": None}))
    assert is_refused(lambda: raw("DELETE FROM treatments_needlingsession WHERE id = %s", draft.pk))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_replace_does_not_push_out_a_signed_session(signed, ada, therapist):
    table = "treatments_needlingsession"
    columns = [f.column for f in NeedlingSession._meta.local_concrete_fields if f.column != "id"]
    copied = ", ".join(f'"{name}"' for name in columns)

    by_ref = f"INSERT OR REPLACE INTO {table} ({copied}) SELECT {copied} FROM {table} WHERE id = %s"
    by_key = f"INSERT OR REPLACE INTO {table} (id, {copied}) SELECT id, {copied} FROM {table} WHERE id = %s"
    assert is_refused(lambda: raw(by_ref, signed.pk))
    assert is_refused(lambda: raw(by_key, signed.pk))

    other = factories.session(ada, therapist)
    assert is_refused(
        lambda: raw(f"UPDATE OR REPLACE {table} SET visit_id = %s WHERE id = %s", signed.visit_id, other.pk)
    )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE is PostgreSQL's")
@pytest.mark.parametrize("table", ["treatments_needlesite", "clinic_auditevent", "treatments_seal"])
def test_truncate_is_refused(table, signed):
    raw("SET CONSTRAINTS ALL IMMEDIATE")

    assert is_refused(lambda: raw(f"TRUNCATE {table} CASCADE"))


def test_another_session_may_follow_a_voided_one(draft, therapist):
    triggers.install(connection)
    NeedlingSession.objects.filter(pk=draft.pk).update(voided_at=timezone.now(), voided_by=therapist)

    again = factories.session(draft.patient, therapist, visit=draft.visit, episode=draft.episode)

    assert again.is_draft


def test_the_audit_is_append_only(reception):
    triggers.install(connection)
    with transaction.atomic():
        event = audit.record("user.signed_in", reception, by=reception)

    rows = AuditEvent.objects.filter(seq=event.seq)
    assert is_refused(lambda: rows.update(reason="other"))
    assert is_refused(lambda: rows._raw_delete("default"))
    with transaction.atomic():
        audit.record("user.signed_out", reception, by=reception)
    assert audit_chain.first_broken_link() is None


def test_a_consent_and_a_published_text_stay(ada, therapist):
    consent = factories.consent(ada, therapist)
    triggers.install(connection)
    text = ConsentText.objects.filter(pk=consent.text_id)

    assert is_refused(lambda: Consent.objects.filter(pk=consent.pk).update(signer_name="Somebody"))
    assert is_refused(lambda: text.update(body="Other words"))
    text.update(retired_at=timezone.now())
    assert not ConsentText.objects.published().filter(pk=consent.text_id).exists()


def test_a_reviewed_screening_stays_with_its_answers(ada, therapist):
    answers = {"pacemaker": "yes", "willing": "yes"}
    screening = factories.screening(ada, therapist, answers=answers, reviewed_at=None, reviewed_by=None)
    triggers.install(connection)
    rows = Screening.objects.filter(pk=screening.pk)
    rows.update(concerns=["pacemaker 1 unknown stop"])

    rows.update(reviewed_at=timezone.now(), reviewed_by=therapist)

    assert is_refused(lambda: rows.update(concerns=[]))
    assert is_refused(lambda: rows.update(other_answers=[]))
    assert is_refused(lambda: rows.update(computed_level="stop"))


def test_the_words_of_a_question_stay(db):
    triggers.install(connection)
    wording = QuestionWording.objects.filter(code="pacemaker")

    assert is_refused(lambda: wording.update(text="Other words?"))
    assert is_refused(lambda: wording.update(version=2))
    assert is_refused(lambda: wording._raw_delete(wording.db))


def test_a_missing_trigger_is_noticed(db):
    triggers.install(connection)
    assert triggers.missing(connection) == []

    on = " ON treatments_needlesite" if connection.vendor == "postgresql" else ""
    raw(f"DROP TRIGGER filiform_lock_treatments_needlesite_update{on}")

    assert triggers.missing(connection) == ["filiform_lock_treatments_needlesite_update"]


def test_dropping_takes_all_of_them_off(db):
    triggers.install(connection)
    triggers.drop(connection)

    assert len(triggers.missing(connection)) == sum(
        len(triggers.names(lock, connection.vendor)) for lock in specification.lock_specifications()
    )
