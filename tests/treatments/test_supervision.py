"""Another supervisor: who takes a draft over or co-signs a note, what refuses it, and what the note shows."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Role, User
from clinic.values.errors import RecordLocked, RuleViolation, StaleRecord
from patients.models import Patient
from tests import factories
from tests.treatments import notes
from treatments.actions.signing import after_signing, cosigning, supervision
from treatments.models import CoSignature, NeedlingSession, Seal, SupervisorChange
from treatments.selectors.signing import seal_check

pytestmark = pytest.mark.django_db
REASON = "Jo leaves on Friday"


@pytest.fixture(autouse=True)
def one_day(noon):
    """Sets the clock to noon, because a note just after midnight was begun on the day before."""


@pytest.fixture
def successor() -> User:
    return factories.user("sam", Role.THERAPIST, profession="pt", first_name="Sam", last_name="Standin")


@pytest.fixture
def supervised(draft, other_therapist) -> NeedlingSession:
    """Maria's draft with Jo named as supervisor."""
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=other_therapist)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def note(supervised) -> NeedlingSession:
    return notes.signed(supervised)


@pytest.fixture
def replace(lead, other_therapist, successor):
    """replace(session): Sam in place of Jo."""

    def act(session, **changed):
        named = {"by": lead, "to": successor, "instead_of": other_therapist.pk, "reason": REASON}
        return supervision.replace(session, **{**named, **changed})

    return act


def url(session) -> str:
    return reverse("treatments:session-supervisor", args=[session.ref])


def refused(act, *args, **changed) -> tuple[set[str], str]:
    with pytest.raises(RuleViolation) as refusal:
        act(*args, **changed)
    assert not SupervisorChange.objects.exists()
    return refusal.value.codes, " ".join(str(reason.message) for reason in refusal.value.reasons)


def test_a_draft_takes_the_new_supervisor_and_its_author_reads_why(
    supervised, replace, successor, therapist, lead, signed_in
):
    replace(supervised)

    supervised.refresh_from_db()
    assert supervised.supervisor == successor
    page = " ".join(signed_in(therapist).get(supervised.get_absolute_url()).text.split())
    assert "Sam Standin supervises in place of Jo Berg, PT" in page
    assert REASON in page
    event = AuditEvent.objects.get(code="session.supervisor_replaced")
    assert (event.actor, event.reason) == (lead, REASON)
    assert event.changes == {"supervisor": ["therapist2", "sam"]}


def test_a_signed_note_is_co_signed_by_the_new_one_and_stays_as_sealed(
    note, replace, successor, other_therapist, therapist
):
    before = Seal.objects.values().get()
    columns = NeedlingSession.objects.values().get()

    replace(note)
    made = cosigning.cosign(note, by=successor, proved=True, addenda_seen=0)

    assert (made.signed_by, made.digest) == (successor, note.seal.digest)
    assert Seal.objects.values().get() == before
    assert NeedlingSession.objects.values().get() == columns
    assert list(seal_check.faults(lambda done: None)) == []


def test_who_was_replaced_does_not_co_sign_any_more(note, replace, other_therapist):
    replace(note)

    with pytest.raises(RuleViolation) as refusal:
        cosigning.cosign(note, by=other_therapist, proved=True, addenda_seen=0)

    assert refusal.value.codes == {"not-the-supervisor"}
    assert "Sam Standin is named as supervisor" in str(refusal.value)
    assert not CoSignature.objects.exists()


def test_it_waits_on_the_board_of_the_new_one_alone(note, replace, successor, other_therapist, signed_in):
    replace(note)
    ways = reverse("treatments:session-cosign", args=[note.ref])

    assert ways in signed_in(successor).get(reverse("treatments:today")).text
    assert ways in signed_in(successor).get(note.get_absolute_url()).text
    assert ways not in signed_in(other_therapist).get(reverse("treatments:today")).text
    assert ways not in signed_in(other_therapist).get(note.get_absolute_url()).text


def test_handed_on_twice_the_last_one_co_signs(note, replace, successor, other_therapist, signed_in):
    replace(note)
    replace(note, to=other_therapist, instead_of=successor.pk)
    board = reverse("treatments:today")

    assert "1 note waits" in signed_in(other_therapist).get(board).text
    assert "waits for your co-signature" not in signed_in(successor).get(board).text


def test_page_and_paper_say_who_co_signed_in_whose_place_and_why(
    note, replace, successor, lead, ada, signed_in
):
    replace(note)
    client = signed_in(lead)
    assert "Waits for the co-signature of Sam Standin" in " ".join(
        client.get(note.get_absolute_url()).text.split()
    )
    cosigning.cosign(note, by=successor, proved=True, addenda_seen=0)

    for page in (
        note.get_absolute_url(),
        reverse("treatments:session-print", args=[note.ref]),
        reverse("treatments:record-print", args=[ada.ref]),
    ):
        text = " ".join(client.get(page).text.split())
        assert "Sam Standin" in text
        assert "in place of Jo Berg, PT" in text
        assert REASON in text
        assert "Sam Standin · supervised this session" not in text


def test_who_was_not_qualified_on_the_day_takes_nothing_over(note, replace, successor):
    successor.credentials.update(expires_on=timezone.localdate() - dt.timedelta(days=1))

    codes, words = refused(replace, note)

    assert codes == {"successor-refused"}
    assert "The license of Sam Standin" in words


def test_the_author_the_present_one_and_who_does_not_co_sign_take_nothing_over(
    note, replace, therapist, other_therapist, reception
):
    assert "nobody co-signs their own note" in refused(replace, note, to=therapist)[1]
    assert "is the supervisor already" in refused(replace, note, to=other_therapist)[1]
    assert "has no role that co-signs" in refused(replace, note, to=reception)[1]


def test_it_needs_a_reason(note, replace):
    assert refused(replace, note, reason=" ")[0] == {"reason-missing"}


def test_a_restricted_record_goes_to_nobody_who_may_not_open_it(note, replace, lead):
    restricted = {"restricted_at": timezone.now(), "restricted_by": lead}
    Patient.objects.filter(pk=note.patient.pk).update(**restricted)

    assert "is not named on it" in refused(replace, note)[1]


def test_nothing_waits_without_a_supervisor_or_of_a_note_in_error(draft, note, replace, therapist):
    after_signing.mark_error(note, by=therapist, reason="Wrong patient.")
    assert refused(replace, note)[0] == {"in-error"}


def test_a_draft_without_a_supervisor_has_nobody_to_replace(draft, replace):
    assert refused(replace, draft)[0] == {"no-supervisor"}


def test_a_co_signed_note_and_a_page_that_is_out_of_date_are_told(
    note, replace, other_therapist, successor, therapist
):
    with pytest.raises(StaleRecord, match="Somebody named Jo Berg"):
        replace(note, instead_of=successor.pk)
    cosigning.cosign(note, by=other_therapist, proved=True, addenda_seen=0)
    with pytest.raises(StaleRecord, match="has co-signed this note"):
        replace(note)
    assert not SupervisorChange.objects.exists()


def test_the_change_is_written_once(note, replace):
    change = replace(note)

    with pytest.raises(RecordLocked):
        change.delete()
    change.reason = "Else"
    with pytest.raises(RecordLocked):
        change.save()


@pytest.mark.usefixtures("unlocked")
def test_a_change_that_was_taken_away_is_found_by_the_seal_check(note, replace, successor):
    replace(note)
    cosigning.cosign(note, by=successor, proved=True, addenda_seen=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM treatments_supervisorchange")

    (fault,) = seal_check.faults(lambda done: None)

    assert (fault.kind, "not to co-sign" in fault.description) == ("inserted", True)


def test_the_page_keeps_what_was_typed_and_says_what_is_missing(
    note, lead, successor, other_therapist, signed_in
):
    client = signed_in(lead)
    assert "Sam Standin" in client.get(url(note)).text

    answer = client.post(url(note), {"to": "", "instead_of": other_therapist.pk, "reason": REASON})

    assert answer.status_code == 422
    assert REASON in answer.text
    assert "Choose who supervises instead." in answer.text
    typed = {"to": successor.pk, "instead_of": other_therapist.pk, "reason": REASON}
    sent = client.post(url(note), typed)
    assert sent.status_code == 302, sent.context["form"].errors
    assert sent.url == note.get_absolute_url()
    assert SupervisorChange.objects.get().supervisor == successor


@pytest.mark.parametrize("who", ["therapist", "reception", "admin"])
def test_only_a_lead_names_another(who, note, request, signed_in):
    assert signed_in(request.getfixturevalue(who)).get(url(note)).status_code == 403
