"""How a call ends, who has it now, what is said first, and which call comes next."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent, Practice
from tests import factories
from treatments.actions.followups import calls, soreness
from treatments.models import ContactAttempt, FollowUp, WarningSign
from treatments.selectors.board import my_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

SPOKE = {"result": "spoke", "now": "2", "none_of_these": "on"}


@pytest.fixture
def due(draft):
    factories.site(draft)
    return factories.followup(draft, assigned_to=draft.therapist)


@pytest.fixture
def desk(signed_in, reception):
    return signed_in(reception)


def post(client, followup, **fields):
    url = reverse("treatments:followup-answer", args=[followup.ref])
    return client.post(url, {"form_key": uuid.uuid4().hex, **fields})


def answered() -> dict[str, str]:
    return {row.code: "no" for row in WarningSign.objects.current()}


def listed(client) -> list[FollowUp]:
    return [row.followup for row in client.get(reverse("treatments:followups")).context["rows"]]


def test_someone_else_answered_is_counted_and_says_so_to_the_next_caller(desk, due):
    post(desk, due, result="someone_else", note="his son")

    due.refresh_from_db()
    assert (due.attempts, due.closed_at) == (1, None)
    assert "Someone else answered, today" in desk.get(reverse("treatments:followups")).content.decode()


def test_a_call_to_make_again_is_due_at_that_time(desk, due):
    later = timezone.localtime() + dt.timedelta(hours=2)
    post(desk, due, result="call_again", again_at=f"{later:%H:%M}")

    due.refresh_from_db()
    assert timezone.localtime(due.due_at).strftime("%H:%M") == f"{later:%H:%M}"
    assert (ContactAttempt.objects.get().again_at, listed(desk)) == (due.due_at, [])
    assert "due_at" in AuditEvent.objects.get(code="followup.attempted").changes
    FollowUp.objects.filter(pk=due.pk).update(due_at=timezone.now() - dt.timedelta(minutes=1))
    page = desk.get(reverse("treatments:followups")).content.decode()
    assert "Call again today" in page


def test_a_time_can_be_agreed_on_with_whoever_answers(desk, due):
    later = timezone.localtime() + dt.timedelta(hours=2)

    post(desk, due, result="someone_else", again_at=f"{later:%H:%M}")

    contact = ContactAttempt.objects.get()
    assert (contact.result, contact.again_at is not None, listed(desk)) == ("someone_else", True, [])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"result": "call_again"}, "Write when to call again"),
        ({"result": "call_again", "again_at": "soon"}, "Write a day and a time"),
        ({"result": "call_again", "again_at": "1/2/2020 10:00"}, "That time has passed."),
        (
            {"result": "call_again", "again_at": "tomorrow 23:30"},
            "Outside the calling hours, 8:00 AM to 8:00 PM",
        ),
        ({"result": "call_again", "again_at": "1/2/2030 10:00"}, "within 14 days"),
        ({"result": "declined", "again_at": "tomorrow 10:00"}, "“Declined” ends this call."),
        (
            {"result": "spoke", "now": "2", "none_of_these": "on", "again_at": "tomorrow 10:00"},
            "“Spoke” ends",
        ),
    ],
)
def test_a_time_that_cannot_be_is_explained_and_nothing_is_counted(desk, due, fields, sentence):
    response = post(desk, due, note="kept word for word", **fields)

    assert response.status_code == 422
    assert sentence in " ".join(response.context["form"].errors["again_at"])
    assert "kept word for word" in response.content.decode()
    assert not ContactAttempt.objects.exists()


@pytest.mark.parametrize(("note", "reason"), [("", "Declined on the phone."), ("too busy", "too busy")])
def test_who_declines_is_not_called_again_for_this_step(desk, due, reception, note, reason):
    post(desk, due, result="declined", note=note)

    due.refresh_from_db()
    assert (due.outcome, due.outcome_reason, due.closed_by) == ("declined", reason, reception)
    assert listed(desk) == []


def test_a_wrong_number_is_marked_and_leads_to_its_correction_and_back(desk, due, ada, reception):
    response = post(desk, due, result="wrong_number")

    ada.refresh_from_db()
    assert ada.phone_wrong_by == reception
    assert (
        response.url == f"{reverse('patients:edit', args=[ada.ref])}?back={due.get_absolute_url()}#id_phone"
    )
    assert "Wrong number: correct it" in desk.get(reverse("treatments:followups")).content.decode()
    assert "Wrong number, found on" in desk.get(due.get_absolute_url()).content.decode()

    page = desk.get(response.url)
    typed = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    typed = {**typed, "phone": "312 555 0188", "born": f"{ada.born:%m/%d/%Y}"}
    posted = {name: value for name, value in typed.items() if value is not False}
    saved = desk.post(response.url, {**posted, "seen": page.context["seen"], "back": page.context["back"]})

    assert saved.url == due.get_absolute_url()
    ada.refresh_from_db()
    assert (ada.phone, ada.phone_wrong_at) == ("312 555 0188", None)


def test_a_number_that_reaches_the_patient_after_all_is_no_longer_wrong(desk, due, ada):
    post(desk, due, result="wrong_number")
    post(desk, due, result="spoke", now="2", none_of_these="on")

    ada.refresh_from_db()
    assert ada.phone_wrong_at is None
    assert AuditEvent.objects.filter(code="patient.phone_marked").count() == 2


def test_the_page_of_details_leads_back_within_the_practice_only(desk, ada):
    page = desk.get(reverse("patients:edit", args=[ada.ref]) + "?back=https://elsewhere.example/")

    assert page.context["back"] == ""


@pytest.mark.parametrize(("made", "words"), [(0, "0 of 3"), (3, "3 of 3"), (4, "4, decide after 3")])
def test_attempts_are_never_more_than_their_number(desk, due, made, words):
    FollowUp.objects.filter(pk=due.pk).update(attempts=made)

    page = desk.get(due.get_absolute_url()).content.decode()

    assert words in page
    assert "4 of 3" not in page


def test_save_and_next_goes_on_down_the_list_and_not_to_the_same_call(desk, draft, due):
    first = factories.followup(draft, step=12, due_at=due.due_at - dt.timedelta(hours=2))
    last = factories.followup(draft, step=48, due_at=due.due_at + dt.timedelta(minutes=1))

    assert post(desk, due, result="no_answer").url == last.get_absolute_url()
    assert post(desk, last, result="no_answer").url == first.get_absolute_url()
    assert post(desk, first, result="no_answer").url == reverse("treatments:followups")


def test_next_is_nobody_who_is_being_called_or_waits_for_a_therapist(desk, draft, due, other_therapist):
    called = factories.followup(draft, step=48, due_at=due.due_at + dt.timedelta(minutes=1))
    calls.claim(called, by=other_therapist)
    talk = factories.followup(draft, step=72, due_at=due.due_at + dt.timedelta(minutes=2))
    soreness.file(talk, by=other_therapist, now=9, signs=answered())

    assert post(desk, due, result="voicemail").url == reverse("treatments:followups")


def test_the_script_asks_for_the_birth_date_before_it_speaks_of_a_treatment(desk, due, ada):
    page = desk.get(due.get_absolute_url()).content.decode()
    script = page[page.index("script-steps") :]
    born = script.index(formats.day(ada.born))

    assert script.index("date of birth") < born < script.index("You were treated")
    assert "treated" not in script[: script.index("Once the birth date matches")]
    assert Practice.objects.get().name not in script[: script.index("Once the birth date matches")]


def test_a_call_that_was_moved_shows_who_has_it_now(desk, due, draft, lead, other_therapist):
    assert "has it now" not in desk.get(due.get_absolute_url()).content.decode()
    calls.move([due], by=lead, to=other_therapist)

    for url in (reverse("treatments:followups"), due.get_absolute_url(), reverse("treatments:today")):
        assert f"{other_therapist.short_name} has it now" in desk.get(url).content.decode()
    post(desk, due, result="spoke", now="9", none_of_these="on")
    filed = desk.get(due.get_absolute_url()).content.decode()
    assert f"{other_therapist.display_name} has it on the list" in filed


def test_a_sign_of_a_moved_call_names_who_has_it_now(desk, signed_in, due, lead, other_therapist):
    calls.move([due], by=lead, to=other_therapist)

    post(desk, due, result="spoke", sign_breathless="yes")

    assert (
        f"{other_therapist.display_name} has it on the board"
        in desk.get(due.get_absolute_url()).content.decode()
    )
    assert f"{other_therapist.short_name} has it now" in signed_in(lead).get("/").content.decode()


def test_a_call_of_a_therapist_who_left_is_with_the_lead(desk, due, therapist):
    therapist.is_active = False
    therapist.save(update_fields=["is_active"])

    page = desk.get(due.get_absolute_url()).content.decode()

    assert f"{therapist.short_name} has left: the clinical lead has it now" in page


def test_replies_reach_whoever_has_the_call_now(due, lead, reception, other_therapist):
    calls.move([due], by=lead, to=other_therapist)
    report = soreness.file(due, by=reception, now=3, signs=answered())

    assert my_day.replies_to(other_therapist, now=timezone.now()) == [report]
