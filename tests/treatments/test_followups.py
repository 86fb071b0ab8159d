"""The call list and single calls: who is due, what the caller sees, what is stored."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Practice
from clinic.values.errors import RuleViolation, StaleRecord
from patients.models import PatientAccess
from patients.rules import wordings
from tests import factories
from treatments.actions.followups import calls, soreness
from treatments.models import ContactAttempt, FollowUp, RedFlag, SorenessReport, WarningSign
from treatments.selectors.board import absence, my_day
from treatments.selectors.followups import calls as call_list

pytestmark = pytest.mark.django_db


def post_call(client, followup, **fields):
    data = {"form_key": uuid.uuid4().hex, "result": "spoke", "now": "3", "none_of_these": "on", **fields}
    return client.post(
        reverse("treatments:followup-answer", args=[followup.ref]),
        {name: value for name, value in data.items() if value is not None},
    )


def signs(**yes) -> dict[str, str]:
    """Answers to every warning sign: no, except for these codes."""
    return {row.code: yes.get(row.code.replace("-", "_"), "no") for row in WarningSign.objects.current()}


@pytest.fixture
def due(draft):
    factories.site(draft)
    return factories.followup(draft)


@pytest.fixture
def desk(signed_in, reception):
    return signed_in(reception)


def test_the_list_shows_who_is_due_and_not_who_is_due_later(desk, due, draft):
    later = factories.followup(draft, step=72, due_at=timezone.now() + dt.timedelta(hours=1))
    page = desk.get(reverse("treatments:followups"))
    assert page.status_code == 200
    assert [row.followup for row in page.context["rows"]] == [due]
    assert later not in [row.followup for row in page.context["rows"]]


def test_warning_signs_come_first_and_then_the_oldest(desk, draft, therapist, due):
    older = factories.followup(draft, step=12, due_at=timezone.now() - dt.timedelta(days=2))
    flagged = factories.followup(draft, step=6, due_at=timezone.now() - dt.timedelta(minutes=1))
    soreness.file(flagged, by=therapist, now=1, signs=signs(chest_pain="yes"))
    page = desk.get(reverse("treatments:followups"))
    assert [row.followup for row in page.context["rows"]] == [flagged, older, due]


def test_the_desk_sees_no_muscle_and_no_answer(desk, draft, due, therapist):
    flagged = factories.followup(draft, step=6)
    soreness.file(flagged, by=therapist, now=9, note="wants ice", signs=signs(chest_pain="yes"))
    for url in (reverse("treatments:followups"), due.get_absolute_url(), flagged.get_absolute_url()):
        text = desk.get(url).content.decode()
        assert "Infraspinatus" not in text
        assert "wants ice" not in text
        assert "Yes: " not in text


def test_the_therapist_sees_muscles_and_the_sign(signed_in, therapist, draft, due):
    flagged = factories.followup(draft, step=6)
    soreness.file(flagged, by=therapist, now=1, signs=signs(chest_pain="yes"))
    text = signed_in(therapist).get(reverse("treatments:followups")).content.decode()
    assert "Infraspinatus R 2" in text
    assert "Chest pain" in text


def test_an_answer_closes_the_follow_up_and_leads_to_the_next(desk, due, draft, reception):
    following = factories.followup(draft, step=48)
    response = post_call(desk, due, now="4", worst="6", hours="20", drank_water="yes", note="slept well")
    assert response.url == following.get_absolute_url()
    report = SorenessReport.objects.get()
    assert (report.now, report.worst, report.hours, report.drank_water, report.note) == (
        4,
        6,
        20,
        True,
        "slept well",
    )
    assert {sign.answer for sign in wordings.unpacked(report.warning_signs)} == {"no"}
    assert len(report.warning_signs) == WarningSign.objects.current().count()
    assert (report.triage, report.reported_by) == ("expected", reception)
    due.refresh_from_db()
    assert (due.outcome, due.closed_by, due.attempts) == ("answered", reception, 1)
    assert (
        AuditEvent.objects.filter(code="followup.answered", object_ref=due.ref, actor=reception).count() == 1
    )


def test_a_call_that_reached_nobody_is_counted_and_stays_due(desk, due, reception):
    post_call(desk, due, result="voicemail", now=None, none_of_these=None, note="left our number")
    due.refresh_from_db()
    assert (due.attempts, due.closed_at, due.claimed_by) == (1, None, None)
    contact = ContactAttempt.objects.get()
    assert (contact.result, contact.note, contact.made_by) == ("voicemail", "left our number", reception)
    assert not SorenessReport.objects.exists()


def test_after_the_practice_attempts_the_list_asks_for_a_decision(desk, due):
    limit = Practice.objects.get().call_attempts
    FollowUp.objects.filter(pk=due.pk).update(attempts=limit)
    page = desk.get(reverse("treatments:followups") + "?only=unreached")
    assert [row.why for row in page.context["rows"]] == [f"{limit} attempts: decide"]
    assert "close as not reached" in desk.get(due.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"now": None}, "now"),
        ({"now": "11"}, "now"),
        ({"now": "-1"}, "now"),
        ({"worst": "2", "now": "5"}, "worst"),
        ({"none_of_these": None}, "none_of_these"),
        ({"none_of_these": None, "sign_chest-pain": "no"}, "none_of_these"),
        ({"hours": "999999999999"}, "hours"),
        ({"hours": "-3"}, "hours"),
        ({"hours": "a day"}, "hours"),
        ({"note": "x" * 10_001}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"result": None}, "result"),
        ({"result": "flew"}, "result"),
    ],
)
def test_bad_input_is_said_at_the_field_and_nothing_is_filed(desk, due, fields, field):
    response = post_call(desk, due, **{"note": "kept word for word", **fields})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert fields.get("note", "kept word for word")[:50].replace(
        "\x00", ""
    ) in response.content.decode().replace("\x00", "")
    assert not SorenessReport.objects.exists()
    due.refresh_from_db()
    assert (due.attempts, due.closed_at) == (0, None)


def test_silence_is_never_health_for_the_action_either(due, reception):
    with pytest.raises(RuleViolation) as refused:
        soreness.file(due, by=reception, now=2, signs={"breathless": "no"})
    assert refused.value.codes == {"warning-signs-open"}


def test_the_same_form_twice_files_once(desk, due):
    key = uuid.uuid4().hex
    first, second = post_call(desk, due, form_key=key), post_call(desk, due, form_key=key)
    assert (first.status_code, second.url) == (302, first.url)
    assert SorenessReport.objects.count() == 1


def test_the_second_caller_is_told_who_filed(desk, due, other_therapist):
    soreness.file(due, by=other_therapist, now=8, signs=signs())
    response = post_call(desk, due)
    assert response.status_code == 409
    assert "Jo filed the answers at" in response.content.decode()
    with pytest.raises(StaleRecord):
        soreness.file(due, by=other_therapist, now=1, signs=signs())


def test_somebody_who_is_calling_is_named_and_can_be_taken_over(desk, due, other_therapist, reception):
    calls.claim(due, by=other_therapist)
    assert "Jo has been calling since" in desk.get(reverse("treatments:followups")).content.decode()
    assert post_call(desk, due).status_code == 422
    url = reverse("treatments:followup-claim", args=[due.ref])
    assert "Jo has been calling since" in desk.post(url, follow=True).content.decode()
    desk.post(url, {"take_over": "yes"})
    due.refresh_from_db()
    assert due.claimed_by == reception
    assert post_call(desk, due).status_code == 302


def test_the_same_caller_claims_once_however_often_it_is_sent(due, reception):
    claims = AuditEvent.objects.filter(code="followup.claimed")
    calls.claim(due, by=reception)
    first = FollowUp.objects.get(pk=due.pk).claimed_at

    calls.claim(due, by=reception)

    assert (claims.count(), FollowUp.objects.get(pk=due.pk).claimed_at) == (1, first)
    FollowUp.objects.filter(pk=due.pk).update(claimed_at=timezone.now() - dt.timedelta(hours=1))
    calls.claim(due, by=reception)
    assert claims.count() == 2


def test_a_caller_who_was_called_away_frees_the_row(desk, due, other_therapist):
    long_ago = timezone.now() - dt.timedelta(hours=1)
    FollowUp.objects.filter(pk=due.pk).update(claimed_at=long_ago, claimed_by=other_therapist)
    assert post_call(desk, due).status_code == 302


@pytest.mark.parametrize("fields", [{"now": "7"}, {"course": "worse"}, {"wants_call": "on"}])
def test_an_answer_that_calls_for_a_talk_stays_open_for_the_therapist(
    desk, signed_in, therapist, due, fields
):
    post_call(desk, due, **fields)
    due.refresh_from_db()
    assert due.closed_at is None
    close_url = reverse("treatments:followup-close", args=[due.ref])
    ending = {"outcome": "answered", "reason": "spoke, ice and rest"}
    assert desk.post(close_url, ending).status_code == 422
    assert signed_in(therapist).post(close_url, ending).status_code == 302
    due.refresh_from_db()
    assert (due.outcome, due.closed_by) == ("answered", therapist)


def test_high_soreness_at_a_later_step_calls_for_a_talk_sooner(draft, reception):
    factories.followup(draft, step=24)
    later = factories.followup(draft, step=72)
    assert soreness.file(later, by=reception, now=4, signs=signs()).triage == "talk"


def test_closing_needs_an_outcome_and_a_reason(desk, due):
    url = reverse("treatments:followup-close", args=[due.ref])
    response = desk.post(url, {"reason": " "})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"outcome", "reason"}
    assert desk.post(url, {"outcome": "answered", "reason": "fine"}).status_code == 422
    assert desk.post(url, {"outcome": "unreachable", "reason": "three voicemails"}).status_code == 302
    due.refresh_from_db()
    assert (due.outcome, due.outcome_reason) == ("unreachable", "three voicemails")


def test_a_closed_follow_up_takes_no_answer(desk, due, reception):
    calls.close(due, by=reception, outcome="declined", reason="asked not to be called")
    assert post_call(desk, due).status_code == 422
    assert not SorenessReport.objects.exists()


def test_a_correction_is_a_row_of_its_own(signed_in, therapist, due):
    first = soreness.file(due, by=therapist, now=1, note="first", signs=signs())
    client = signed_in(therapist)
    url = reverse("treatments:followup-correct", args=[due.ref])
    assert client.get(url).context["form"]["now"].value() == 1
    client.post(url, {"now": "8", "none_of_these": "on"})
    newer = SorenessReport.objects.get(supersedes=first)
    assert (newer.now, newer.triage) == (8, "talk")
    first.refresh_from_db()
    assert (first.now, first.note) == (1, "first")
    due.refresh_from_db()
    assert due.closed_at is None
    event = AuditEvent.objects.get(code="followup.corrected")
    assert event.changes["now"] == [1, 8]


def test_the_desk_corrects_without_seeing_what_was_filed(desk, due, therapist):
    soreness.file(due, by=therapist, now=9, note="private words", signs=signs())
    page = desk.get(reverse("treatments:followup-correct", args=[due.ref]))
    assert page.context["form"]["now"].value() is None
    assert "private words" not in page.content.decode()


def test_a_restricted_patient_is_called_by_named_people_only(desk, reception, due, ada, lead):
    ada.restricted_at, ada.restricted_by = timezone.now(), lead
    ada.save(update_fields=["restricted_at", "restricted_by"])
    assert desk.get(reverse("treatments:followups")).context["rows"] == []
    assert desk.get(due.get_absolute_url()).status_code == 404
    assert post_call(desk, due).status_code == 404
    PatientAccess.objects.create(patient=ada, user=reception)
    assert desk.get(due.get_absolute_url()).status_code == 200


def test_a_sign_in_that_expired_files_nothing(client, due):
    response = post_call(client, due)
    assert response.status_code == 401
    assert not SorenessReport.objects.exists()


def test_calls_move_to_another_therapist_and_say_so(due, draft, lead, other_therapist):
    done = factories.followup(draft, step=48)
    calls.close(done, by=lead, outcome="not_needed", reason="seen today")
    assert calls.move([due, done], by=lead, to=other_therapist) == 1
    due.refresh_from_db()
    assert due.assigned_to == other_therapist
    assert AuditEvent.objects.filter(code="followup.moved").count() == 1


def test_the_admin_and_a_stranger_do_not_call(signed_in, admin, client):
    assert signed_in(admin).get(reverse("treatments:followups")).status_code == 403
    assert client.get(reverse("treatments:followups")).status_code == 302


def test_the_lead_who_has_to_act_finds_and_makes_the_calls(signed_in, lead, due, reception):
    soreness.file(due, by=reception, signs={"breathless": "yes"})
    other = factories.followup(due.session, step=72)
    client = signed_in(lead)

    board = client.get("/").content.decode()
    assert 'href="/followups/"' in board
    assert "Follow-ups due" in board
    assert "Short of breath" in client.get("/followups/").content.decode()
    assert post_call(client, other).status_code == 302
    assert other.reports.get().reported_by == lead


def test_who_may_not_change_details_is_not_sent_there_by_a_wrong_number(signed_in, lead, due, ada):
    client = signed_in(lead)

    response = post_call(client, due, result="wrong_number")

    assert "/edit/" not in response.url
    ada.refresh_from_db()
    assert ada.phone_wrong_at
    page = client.get(due.get_absolute_url()).content.decode()
    assert "/edit/" not in page
    assert "The desk can correct it." in page


def test_the_list_is_paged(desk, draft):
    for step in range(1, 28):
        factories.followup(draft, step=step)
    first = desk.get(reverse("treatments:followups"))
    assert (len(first.context["rows"]), first.context["older_url"]) == (25, "?only=&page=2")
    assert len(desk.get(reverse("treatments:followups") + "?page=2").context["rows"]) == 2
    assert desk.get(reverse("treatments:followups") + "?page=x").status_code == 200


def test_a_warning_sign_shows_the_emergency_words_at_once(desk, due, therapist):
    answers = {f"sign_{code}": answer for code, answer in signs(breathless="yes").items()}
    response = post_call(desk, due, none_of_these=None, **answers)
    assert response.url == due.get_absolute_url()
    page = desk.get(response.url).content.decode()
    assert Practice.objects.get().emergency_words in page
    assert RedFlag.objects.get().therapist == therapist


def test_a_correction_of_answers_that_were_corrected_meanwhile_is_a_conflict(signed_in, therapist, due):
    first = soreness.file(due, by=therapist, now=1, signs=signs())
    client, url = signed_in(therapist), reverse("treatments:followup-correct", args=[due.ref])
    assert f'name="report" value="{first.pk}"' in client.get(url).content.decode()
    soreness.correct(first, by=therapist, now=2, signs=signs())

    response = client.post(url, {"report": first.pk, "now": "8", "none_of_these": "on"})

    assert response.status_code == 409
    assert SorenessReport.objects.get(superseded_by=None).now == 2


def test_the_number_in_the_navigation_is_the_length_of_the_list(signed_in, desk, draft, due, reception, lead):
    acted_on = factories.followup(draft, step=6)
    soreness.file(acted_on, by=lead, now=1, signs=signs(chest_pain="yes"))
    factories.followup(draft, step=96, due_at=timezone.now() + dt.timedelta(hours=1))

    assert desk.get(reverse("treatments:followups")).context["practice"].followups_due == 2
    draft.patient.restricted_at, draft.patient.restricted_by = timezone.now(), lead
    draft.patient.save(update_fields=["restricted_at", "restricted_by"])
    page = desk.get(reverse("treatments:followups"))
    assert (page.context["practice"].followups_due, page.context["counts"]["due"]) == (0, 0)


def test_a_warning_sign_comes_first_however_many_calls_are_older(lead, draft, due):
    """On each page: the first is read by the index of what is due, which knows of no warning sign."""
    now = timezone.now()
    soreness.file(due, by=lead, now=1, signs=signs(chest_pain="yes"))
    older = [
        factories.followup(draft, step=100 + hours, due_at=now - dt.timedelta(hours=hours))
        for hours in range(50, 0, -1)
    ]

    shown = [call_list.page(lead, now=timezone.now(), attempts=3, number=number) for number in (1, 2, 3)]

    assert [more for _, more in shown] == [True, True, False]
    assert [row.followup.ref for rows, _ in shown for row in rows] == [row.ref for row in (due, *older)]


def test_a_warning_sign_reaches_whoever_took_the_calls_over(therapist, other_therapist, due, lead):
    FollowUp.objects.filter(pk=due.pk).update(assigned_to=therapist)
    soreness.file(due, by=lead, now=1, signs=signs(chest_pain="yes"))

    moving = absence.calls_of(therapist, timezone.localdate())
    calls.move(moving, by=lead, to=other_therapist)

    assert [flag.report.followup for flag in my_day.red_flags_for(other_therapist, everybody=False)] == [due]
