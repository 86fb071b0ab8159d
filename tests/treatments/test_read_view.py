"""The read view of a note: the sealed text, later entries, and the printed sheet."""

import pytest
from django.db import connection
from django.urls import reverse

from clinic.models import AuditEvent
from tests import factories
from tests.statements import BUDGET, as_lines, data_statements
from tests.treatments import notes
from treatments.actions.followups import soreness
from treatments.actions.signing import after_signing, signature
from treatments.models import Muscle, WarningSign

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(draft):
    return notes.signed(draft)


def read(client, session) -> str:
    page = client.get(session.get_absolute_url())
    assert page.status_code == 200
    return page.content.decode()


def test_the_signed_note_shows_what_was_signed_and_that_it_is_unchanged(signed_in, therapist, session):
    Muscle.objects.filter(code="is").update(name="Renamed")
    text = read(signed_in(therapist), session)
    assert "Infraspinatus, right." in text
    assert "Plan: Same in a week." in text
    assert "Unchanged since it was signed" in text
    assert "Do not rely on it" not in text
    assert AuditEvent.objects.filter(code="session.read", object_ref=session.ref).count() == 1


@pytest.mark.usefixtures("unlocked")
def test_a_note_that_differs_shows_both_texts_in_red(signed_in, therapist, session):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE treatments_needlingsession SET plan = %s WHERE id = %s", ["Rewritten", session.pk]
        )
    text = read(signed_in(therapist), session)
    assert "This note differs from what was signed. Do not rely on it." in text
    assert "Plan: Same in a week." in text
    assert "Plan: Rewritten" in text
    assert "Unchanged since" not in text


@pytest.mark.usefixtures("unlocked")
def test_a_note_that_differs_marks_what_differs_says_whom_to_tell_and_is_on_record(
    signed_in, therapist, lead, session
):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE treatments_needlingsession SET plan = %s WHERE id = %s", ["Rewritten", session.pk]
        )
    text = read(signed_in(therapist), session)
    assert "<mark>Plan: Same in a week.</mark>" in text
    assert "<mark>Plan: Rewritten</mark>" in text
    assert text.count("<mark>") == 2
    assert "Tell Hana Oduya, and whoever keeps the server." in text
    event = AuditEvent.objects.get(code="session.drifted")
    assert (event.actor, event.object_ref) == (therapist, session.ref)


def test_a_note_that_agrees_tells_nobody(signed_in, therapist, lead, session):
    text = read(signed_in(therapist), session)
    assert "<mark>" not in text
    assert not AuditEvent.objects.filter(code="session.drifted").exists()


def test_the_note_says_with_which_licence_it_was_signed(signed_in, therapist, session):
    licence = therapist.credentials.get()
    therapist.credentials.update(number="another")
    text = read(signed_in(therapist), session)
    assert f"Signed by Maria Lund, PT, license {licence.number} to" in text
    assert "under General" in text
    assert "another" not in text


@pytest.mark.usefixtures("unlocked")
def test_a_signed_note_without_its_seal_is_not_to_be_relied_on(signed_in, therapist, session):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM treatments_seal WHERE session_id = %s", [session.pk])
    text = read(signed_in(therapist), session)
    assert "Do not rely on it." in text
    assert "The seal is gone" in text
    assert "Infraspinatus, right." in text


def test_the_days_after_and_the_addenda_stand_beneath(signed_in, therapist, session, reception):
    followup = session.followups.get(step=24)
    signs = {row.code: "no" for row in WarningSign.objects.current()}
    soreness.file(followup, by=reception, now=4, signs=signs)
    after_signing.addend(
        session, by=therapist, kind="addendum", reason="typed wrongly", text="Depth was <18> mm."
    )
    text = read(signed_in(therapist), session)
    assert "Sore 4 at 24 h" in text
    assert "Depth was &lt;18&gt; mm." in text
    assert "typed wrongly" in text
    assert "Maria Lund, PT" in text


def test_a_note_in_error_is_struck_and_stays_readable(signed_in, therapist, session):
    after_signing.mark_error(session, by=therapist, reason="Wrong patient.")
    text = read(signed_in(therapist), session)
    assert "is-struck" in text
    assert "Wrong patient." in text
    assert "Infraspinatus, right." in text


def test_a_colleague_reads_a_draft_as_a_draft(signed_in, other_therapist, draft):
    text = read(signed_in(other_therapist), notes.ready(draft))
    assert "Draft, not signed" in text
    assert "Maria Lund, PT writes this draft" in text
    assert "Infraspinatus, right." in text


def test_the_sentences_of_a_draft_are_those_that_will_be_signed(signed_in, other_therapist, therapist, draft):
    client, session = signed_in(other_therapist), notes.ready(draft)
    before = client.get(session.get_absolute_url()).context["note"]
    signature.sign(session, by=therapist, proved=True, identity_checked=True)
    after = client.get(session.get_absolute_url()).context["note"]
    assert before.sites == after.sites
    assert before.sentences == after.sentences


def test_the_desk_does_not_read_notes(signed_in, reception, session):
    client = signed_in(reception)
    assert client.get(session.get_absolute_url()).status_code == 403
    assert client.get(reverse("treatments:session-print", args=[session.ref])).status_code == 403


def test_paper_says_who_printed_it_and_is_on_record(signed_in, lead, session):
    page = signed_in(lead).get(reverse("treatments:session-print", args=[session.ref])).content.decode()
    assert "Printed by Hana Oduya" in page
    assert "EXAMPLEWOOD, Ada" in page
    assert "not signed" not in page
    assert AuditEvent.objects.filter(code="session.printed", actor=lead, object_ref=session.ref).count() == 1


def test_paper_of_a_draft_says_so_in_words(signed_in, therapist, draft):
    page = signed_in(therapist).get(reverse("treatments:session-print", args=[draft.ref])).content.decode()
    assert "Draft – not signed" in page


def test_what_may_be_done_depends_on_who_reads(signed_in, therapist, other_therapist, lead, session):
    ways = {
        user.username: set(signed_in(user).get(session.get_absolute_url()).context["ways"])
        for user in (therapist, other_therapist, lead)
    }
    assert ways == {
        "therapist": {"print", "addendum", "error", "wrong", "event"},
        "therapist2": {"print", "addendum", "event"},
        "lead": {"print", "addendum", "error", "wrong", "event"},
    }


@pytest.mark.parametrize("history", [0, 30])
@pytest.mark.parametrize("name", ["read", "sign", "print", "list", "call", "flag"])
def test_every_page_asks_few_questions_however_long_the_history(
    signed_in, therapist, other_therapist, ada, draft, history, name
):
    for _ in range(history):
        past = factories.session(ada, other_therapist)
        factories.session_condition(past)
        factories.site(past)
        factories.followup(past, step=24)
    session = notes.ready(draft) if name == "sign" else notes.signed(draft)
    followup = factories.followup(session, step=6)
    if name == "flag":
        signs = {row.code: "yes" for row in WarningSign.objects.current()}
        soreness.file(followup, by=therapist, now=4, signs=signs)
    url = {
        "read": session.get_absolute_url(),
        "sign": reverse("treatments:session-sign", args=[session.ref]),
        "print": reverse("treatments:session-print", args=[session.ref]),
        "list": reverse("treatments:followups"),
        "call": followup.get_absolute_url(),
        "flag": reverse("treatments:red-flag", args=[followup.ref]),
    }[name]
    client = signed_in(therapist)
    with data_statements() as queries:
        assert client.get(url).status_code == 200
    assert len(queries) <= BUDGET, as_lines(queries)
