"""Amendment requests of a patient: who answers, by when, and what the record then shows."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation, StaleRecord
from tests import factories
from tests.treatments import notes
from treatments.actions.record import amendments as actions
from treatments.actions.signing import after_signing
from treatments.models import Addendum, AmendmentAnswer, NeedlingSession
from treatments.rules.record import amendments

pytestmark = pytest.mark.django_db
ASKED, WORDS = "The pain began in March.", "The pain began in March 2026, as the patient says."


@pytest.fixture
def session(draft):
    return notes.signed(draft)


@pytest.fixture
def amendment_request(session, reception):
    values = {"kind": "patient_request", "reason": "Asked on the phone", "text": ASKED}
    return after_signing.addend(session, by=session.therapist, **values)


def url(amendment_request) -> str:
    return reverse("treatments:amendment-answer", args=[amendment_request.session.ref, amendment_request.pk])


def post(client, amendment_request, **fields):
    data = {"form_key": uuid.uuid4().hex, "answer": "accepted", "text": WORDS, **fields}
    return client.post(url(amendment_request), data)


def refused(amendment_request, **values) -> set[str]:
    with pytest.raises(RuleViolation) as refusal:
        actions.answer(amendment_request, **{"accepted": True, "text": WORDS, **values})
    assert not AmendmentAnswer.objects.exists()
    return refusal.value.codes


@pytest.mark.parametrize(("answer", "accepted"), [("accepted", True), ("denied", False)])
def test_the_author_answers_once_and_it_is_on_record(
    signed_in, therapist, amendment_request, answer, accepted
):
    response = post(signed_in(therapist), amendment_request, answer=answer)

    assert response.url == amendment_request.session.get_absolute_url()
    made = AmendmentAnswer.objects.get()
    assert (made.request, made.accepted, made.text, made.answered_by) == (
        amendment_request,
        accepted,
        WORDS,
        therapist,
    )
    event = AuditEvent.objects.get(code="amendment.answered")
    assert (event.actor, event.patient_ref) == (therapist, amendment_request.session.patient.ref)
    assert event.changes == {"answer": [None, answer], "text": [None, WORDS]}


def test_a_lead_answers_too_and_a_colleague_does_not(signed_in, lead, other_therapist, amendment_request):
    assert refused(amendment_request, by=other_therapist) == {"not-the-author"}
    response = post(signed_in(other_therapist), amendment_request)
    assert response.status_code == 422
    assert "Maria Lund, PT or a lead answers this request." in response.text
    assert WORDS in response.text

    post(signed_in(lead), amendment_request)

    assert AmendmentAnswer.objects.get().answered_by == lead


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"answer": ""}, "Choose whether the request is accepted or denied."),
        ({"answer": "perhaps"}, "That choice is not offered any more."),
        ({"text": " "}, "Write what is amended, or why the request is denied."),
        ({"text": "x" * 10_001}, "10,000 fit"),
    ],
)
def test_an_answer_that_lacks_something_comes_back_as_typed(
    signed_in, therapist, amendment_request, fields, sentence
):
    response = post(signed_in(therapist), amendment_request, **fields)

    assert response.status_code == 422
    assert sentence in response.text
    assert not AmendmentAnswer.objects.exists()


def test_the_action_refuses_what_no_form_has_read(therapist, session, amendment_request):
    assert refused(amendment_request, by=therapist, text=" ") == {"text-missing"}
    plain = after_signing.addend(session, by=therapist, kind="addendum", reason="x", text="y")
    assert refused(plain, by=therapist) == {"no-request"}


def test_the_second_answer_is_told_of_the_first(signed_in, therapist, lead, amendment_request):
    client = signed_in(lead)
    assert client.get(url(amendment_request)).status_code == 200
    actions.answer(amendment_request, by=therapist, accepted=False, text="Not part of the record.")

    response = post(client, amendment_request)

    assert response.status_code == 409
    assert "Maria Lund, PT answered this request" in response.text
    assert AmendmentAnswer.objects.get().accepted is False
    with pytest.raises(StaleRecord):
        actions.answer(amendment_request, by=lead, accepted=True, text=WORDS)
    assert "Maria Lund, PT denied it" in " ".join(client.get(url(amendment_request)).text.split())


@pytest.mark.parametrize(("accepted", "word"), [(True, "Accepted"), (False, "Denied")])
def test_the_answer_stands_beneath_the_note_on_paper_and_in_the_history(
    signed_in, therapist, lead, amendment_request, accepted, word
):
    seal = amendment_request.session.seal.text
    actions.answer(amendment_request, by=therapist, accepted=accepted, text=WORDS)
    client, patient = signed_in(lead), amendment_request.session.patient

    for address in (
        amendment_request.session.get_absolute_url(),
        reverse("treatments:session-print", args=[amendment_request.session.ref]),
        reverse("treatments:record-print", args=[patient.ref]),
    ):
        text = client.get(address).text
        assert text.index(ASKED) < text.index(word) < text.index(WORDS)
    history = client.get(reverse("treatments:history", args=[patient.ref])).text
    assert "answered a patient" in history
    assert WORDS in history
    assert NeedlingSession.objects.get(pk=amendment_request.session_id).seal.text == seal


def test_a_note_is_amended_once_a_request_is_accepted(signed_in, therapist, ada, amendment_request):
    client, record = signed_in(therapist), reverse("treatments:record", args=[ada.ref])
    assert client.get(amendment_request.session.get_absolute_url()).context["amended"] == ""
    assert not Addendum.objects.amending().exists()
    assert "Amended" not in client.get(record).text
    other = after_signing.addend(
        amendment_request.session,
        by=therapist,
        kind="patient_request",
        reason="Asked",
        text="Left, not right.",
    )
    actions.answer(other, by=therapist, accepted=False, text="It was the right.")
    assert not Addendum.objects.amending().exists()

    actions.answer(amendment_request, by=therapist, accepted=True, text=WORDS)

    assert list(Addendum.objects.amending()) == [amendment_request]
    assert client.get(amendment_request.session.get_absolute_url()).context["amended"].startswith("Amended ")
    assert "Amended" in client.get(record).text


def test_it_waits_on_the_board_of_the_author_and_of_the_lead(
    signed_in, therapist, other_therapist, lead, amendment_request
):
    last = timezone.localdate() + dt.timedelta(days=60)
    for user in (therapist, lead):
        text = signed_in(user).get("/").text
        assert "1 request to amend waits for an answer" in text
        assert f"answer by {formats.short_day(last)}" in text
        assert url(amendment_request) in text
        assert "Overdue" not in text
    assert "to amend" not in signed_in(other_therapist).get("/").text

    actions.answer(amendment_request, by=lead, accepted=True, text=WORDS)

    for user in (therapist, lead):
        assert "to amend" not in signed_in(user).get("/").text


@pytest.mark.parametrize(("days", "late"), [(60, False), (61, True)])
def test_after_sixty_days_it_is_overdue(days, late, noon, signed_in, therapist, session, amendment_request):
    client, now = signed_in(therapist), timezone.now()
    with time_machine.travel(now + dt.timedelta(days=days), tick=False):
        client.force_login(therapist)
        assert ("Overdue" in client.get("/").text) is late
        assert ("Overdue" in client.get(session.get_absolute_url()).text) is late
    assert amendments.due_on(amendment_request.written_at) == timezone.localdate() + dt.timedelta(days=60)


def test_a_request_beneath_a_closed_draft_waits_as_a_request_and_not_as_a_draft(signed_in, lead, draft):
    after_signing.close_unsigned(draft, by=lead, reason="The therapist has left.")
    after_signing.addend(draft, by=lead, kind="patient_request", reason="Asked", text=ASKED)

    context = signed_in(lead).get("/").context

    assert [row["session"] for row in context["requests"]] == [draft]
    assert context["old_drafts"] == []
    assert context["to_cosign"] == []


def test_a_note_to_co_sign_with_a_request_waits_as_both(signed_in, other_therapist, draft):
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=other_therapist)
    draft.refresh_from_db()
    session = notes.signed(draft)
    after_signing.addend(session, by=session.therapist, kind="patient_request", reason="Asked", text=ASKED)

    assert [row.session for row in signed_in(other_therapist).get("/").context["to_cosign"]] == [session]
    assert signed_in(other_therapist).get("/").context["requests"] == []
    assert len(signed_in(session.therapist).get("/").context["requests"]) == 1


def test_a_request_in_a_restricted_record_is_not_there_for_others(signed_in, lead, ada, amendment_request):
    type(ada).objects.filter(pk=ada.pk).update(
        restricted_at=timezone.now(), restricted_by=amendment_request.written_by
    )

    assert "to amend" not in signed_in(lead).get("/").text
    assert signed_in(lead).get(url(amendment_request)).status_code == 404


def test_an_addendum_of_another_kind_has_no_answer_page(signed_in, therapist, session):
    plain = after_signing.addend(session, by=therapist, kind="late_entry", reason="x", text="y")

    assert signed_in(therapist).get(url(plain)).status_code == 404


def test_a_request_of_another_note_is_not_reached_through_this_one(
    signed_in, therapist, ada, amendment_request
):
    visit = factories.arrived(ada, therapist)
    other = factories.session(ada, therapist, visit=visit)
    crossed = reverse("treatments:amendment-answer", args=[other.ref, amendment_request.pk])

    assert signed_in(therapist).get(crossed).status_code == 404
