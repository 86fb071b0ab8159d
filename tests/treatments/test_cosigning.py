"""Co-signature: who may, by when, with which proof, and what the note then shows."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent, Practice, User
from clinic.values.errors import RuleViolation, StaleRecord
from tests import factories
from tests.treatments import notes
from treatments.actions.signing import after_signing, cosigning
from treatments.models import CoSignature, NeedlingSession

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_day(noon):
    """Sets the clock to noon, because a note just after midnight was begun on the day before."""


@pytest.fixture
def session(draft, other_therapist):
    """Maria's note, signed, with Jo named as supervisor."""
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=other_therapist)
    draft.refresh_from_db()
    return notes.signed(draft)


def url(session) -> str:
    return reverse("treatments:session-cosign", args=[session.ref])


def post(client, session, **fields):
    data = {"form_key": uuid.uuid4().hex, "addenda_seen": 0, "password": factories.PASSWORD, **fields}
    return client.post(url(session), {name: value for name, value in data.items() if value is not None})


def signed_days_ago(session, days: int):
    """Moves the signature into the past; the lock triggers are dropped."""
    then = timezone.now() - dt.timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE treatments_needlingsession SET signed_at = %s WHERE id = %s", [then, session.pk]
        )
    session.refresh_from_db()


def test_the_supervisor_co_signs_with_the_password(signed_in, other_therapist, session):
    response = post(signed_in(other_therapist), session)

    assert response.url == session.get_absolute_url()
    made = CoSignature.objects.get()
    assert (made.session, made.signed_by, made.digest) == (session, other_therapist, session.seal.digest)
    event = AuditEvent.objects.get(code="session.cosigned")
    assert (event.actor, event.object_ref, event.changes) == (
        other_therapist,
        session.ref,
        {"seal": [None, session.seal.digest]},
    )


def test_it_stands_beneath_the_note_with_name_credentials_and_time(signed_in, other_therapist, lead, session):
    number = other_therapist.credentials.get().number
    before = signed_in(lead).get(session.get_absolute_url()).text
    assert "Waits for the co-signature of Jo Berg, PT" in before

    post(signed_in(other_therapist), session)

    at = timezone.localtime(CoSignature.objects.get().signed_at)
    for page in (session.get_absolute_url(), reverse("treatments:session-print", args=[session.ref])):
        text = signed_in(lead).get(page).text
        assert f"Co-signed, {formats.moment(at)}" in text
        assert "Jo Berg, PT" in text
        assert number in text
        assert "Waits for the co-signature" not in text


@pytest.mark.parametrize("password", ["", "thick needles"])
def test_without_the_right_password_nothing_is_co_signed(signed_in, other_therapist, session, password):
    response = post(signed_in(other_therapist), session, password=password, statement="Seen throughout.")

    assert response.status_code == 422
    assert "Seen throughout." in response.text
    assert not CoSignature.objects.exists()
    assert AuditEvent.objects.filter(code="session.proof_failed").count() == bool(password)


def test_the_action_wants_the_proof_too(other_therapist, session):
    with pytest.raises(RuleViolation) as refused:
        cosigning.cosign(session, by=other_therapist, proved=False, addenda_seen=0)
    assert refused.value.codes == {"proof-missing"}


def refusal(session, by, **values) -> set[str]:
    with pytest.raises(RuleViolation) as refused:
        cosigning.cosign(session, by=by, proved=True, **{"addenda_seen": 0, **values})
    assert not CoSignature.objects.exists()
    return refused.value.codes


def test_only_who_was_named_co_signs(signed_in, therapist, lead, session):
    assert refusal(session, lead) == {"not-the-supervisor"}
    assert refusal(session, therapist) == {"not-the-supervisor"}
    page = signed_in(lead).get(url(session))
    assert "Jo Berg, PT is named as supervisor and co-signs it." in page.text
    assert 'name="statement"' not in page.text


def test_a_note_without_a_supervisor_is_not_co_signed(lead, draft):
    assert refusal(notes.signed(draft), lead) == {"no-supervisor"}


def test_a_draft_is_not_co_signed(other_therapist, draft):
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=other_therapist)
    draft.refresh_from_db()
    assert "not-signed" in refusal(draft, other_therapist)


def test_a_note_in_error_is_not_co_signed(therapist, other_therapist, session):
    after_signing.mark_error(session, by=therapist, reason="Wrong patient.")
    assert refusal(session, other_therapist) == {"in-error"}


def test_who_was_not_qualified_on_the_day_does_not_co_sign(other_therapist, session):
    other_therapist.credentials.update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    assert refusal(session, other_therapist) == {"not-qualified"}


def test_who_was_qualified_on_the_day_co_signs_after_their_licence_has_ended(
    other_therapist, session, monkeypatch
):
    later = timezone.now() + dt.timedelta(days=3)
    other_therapist.credentials.update(expires_on=timezone.localdate())
    monkeypatch.setattr(cosigning.timezone, "now", lambda: later)
    assert cosigning.cosign(session, by=other_therapist, proved=True, addenda_seen=0).signed_at == later


@pytest.mark.usefixtures("unlocked")
def test_a_note_that_differs_is_not_co_signed(other_therapist, session):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE treatments_needlingsession SET plan = %s WHERE id = %s", ["Else", session.pk])
    assert refusal(session, other_therapist) == {"note-differs"}


def test_a_second_co_signature_is_told_of_the_first(signed_in, other_therapist, session):
    client, key = signed_in(other_therapist), uuid.uuid4().hex
    first, again = post(client, session, form_key=key), post(client, session, form_key=key)
    assert (first.status_code, again.status_code) == (302, 302)
    response = post(client, session)
    assert response.status_code == 409
    assert "Jo Berg, PT co-signed this note" in response.text
    assert CoSignature.objects.count() == 1
    assert "has co-signed it" in client.get(url(session)).text


def test_words_added_meanwhile_are_read_first(signed_in, therapist, other_therapist, session):
    client = signed_in(other_therapist)
    after_signing.addend(session, by=therapist, kind="addendum", reason="forgotten", text="She felt dizzy.")

    assert post(client, session).status_code == 409
    assert not CoSignature.objects.exists()
    assert "She felt dizzy." in client.get(url(session)).text
    assert post(client, session, addenda_seen=1).status_code == 302


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize(("days", "late"), [(6, False), (8, True)])
def test_a_late_co_signature_says_why(signed_in, other_therapist, session, days, late, monkeypatch):
    later = timezone.now() + dt.timedelta(days=days)
    monkeypatch.setattr(cosigning.timezone, "now", lambda: later)

    response = post(signed_in(other_therapist), session)

    assert response.status_code == (422 if late else 302)
    if late:
        assert "statement" in response.context["form"].errors
        assert post(signed_in(other_therapist), session, statement="Sick leave.").status_code == 302
    assert CoSignature.objects.get().statement == ("Sick leave." if late else "")


def test_the_note_is_locked_from_the_authors_signature(session, therapist):
    assert session.state == "signed"
    with pytest.raises(StaleRecord):
        after_signing.void(session, by=therapist, reason="x")


def test_notes_wait_on_the_supervisors_board(signed_in, therapist, other_therapist, lead, session):
    page = signed_in(other_therapist).get(reverse("treatments:today"))
    assert "1 note waits for your co-signature" in page.text
    assert url(session) in page.text
    for somebody in (therapist, lead):
        assert url(session) not in signed_in(somebody).get(reverse("treatments:today")).text

    post(signed_in(other_therapist), session)

    assert "co-signature" not in signed_in(other_therapist).get(reverse("treatments:today")).text


def test_an_overdue_one_is_on_the_supervisors_and_the_leads_board(signed_in, other_therapist, lead, session):
    Practice.objects.update(cosign_days=1)

    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        mine = signed_in(other_therapist).get(reverse("treatments:today")).text
        leads = signed_in(lead).get(reverse("treatments:today")).text

    assert "Overdue" in mine
    assert "Jo Berg, PT co-signs" in leads
    assert "1 co-signature is overdue" in leads


def test_a_note_in_error_waits_for_nobody(signed_in, therapist, other_therapist, session):
    after_signing.mark_error(session, by=therapist, reason="Wrong patient.")
    assert "co-signature" not in signed_in(other_therapist).get(reverse("treatments:today")).text


def test_a_lead_who_is_a_therapist_by_profession_can_be_the_supervisor(signed_in, draft, lead):
    User.objects.filter(pk=lead.pk).update(profession="pt")
    factories.credential(lead)
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=lead)
    draft.refresh_from_db()
    note = notes.signed(draft)
    assert "1 note waits for your co-signature" in signed_in(lead).get(reverse("treatments:today")).text
    assert post(signed_in(lead), note).status_code == 302


def test_the_desk_does_not_co_sign(signed_in, reception, session):
    assert signed_in(reception).get(url(session)).status_code == 403


@pytest.mark.parametrize(
    ("fields", "field"), [({"statement": "x" * 10_001}, "statement"), ({"statement": "a\x00b"}, "statement")]
)
def test_words_that_do_not_fit_come_back(signed_in, other_therapist, session, fields, field):
    response = post(signed_in(other_therapist), session, **fields)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not CoSignature.objects.exists()
