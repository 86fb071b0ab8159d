"""A warning sign is filed at once, whatever else the form, the caller or the call lacks."""

import uuid

import pytest
from django.urls import reverse

from clinic.models import AuditEvent, Practice
from clinic.values.errors import StaleRecord
from patients.rules import wordings
from tests import factories
from treatments.actions.followups import calls, red_flags, soreness
from treatments.models import ContactAttempt, RedFlag, SorenessReport, WarningSign

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(draft):
    factories.site(draft, muscle="rho")
    return factories.followup(draft)


@pytest.fixture
def desk(signed_in, reception):
    return signed_in(reception)


def post(client, followup, page="answer", **fields):
    url = reverse(f"treatments:followup-{page}", args=[followup.ref])
    return client.post(url, {"form_key": uuid.uuid4().hex, **fields})


def standing() -> SorenessReport:
    return SorenessReport.objects.get(superseded_by=None)


def answers(report) -> dict[str, str]:
    return {sign.code: sign.answer for sign in wordings.unpacked(report.warning_signs)}


def no_to_all() -> dict[str, str]:
    return {row.code: "no" for row in WarningSign.objects.current()}


def test_one_yes_is_filed_alone_and_the_rest_counts_as_not_asked(desk, due, therapist):
    response = post(desk, due, result="spoke", sign_breathless="yes")

    report = standing()
    assert response.url == due.get_absolute_url()
    assert (report.now, report.triage) == (None, "urgent")
    assert answers(report) == {**dict.fromkeys(no_to_all(), "not_asked"), "breathless": "yes"}
    assert RedFlag.objects.get().therapist == therapist
    assert AuditEvent.objects.filter(code="redflag.raised").count() == 1


@pytest.mark.parametrize(
    "beside",
    [
        {"result": ""},
        {"result": "flew"},
        {"result": "someone_else"},
        {"none_of_these": "on"},
        {"hours": "a day"},
        {"worst": "2", "now": "5"},
        {"now": "eleven"},
        {"note": "x" * 10_001},
        {"note": "a\x00b"},
        {"again_at": "whenever"},
        {"result": "call_again"},
        {"result": "call_again", "again_at": "tomorrow 9:30"},
        *({"result": result} for result in ContactAttempt.Result.values),
    ],
)
def test_nothing_else_in_the_form_holds_a_sign_up(desk, due, beside):
    post(desk, due, **{"result": "spoke", "sign_chest-pain": "yes", **beside})

    assert answers(standing())["chest-pain"] == "yes"
    assert RedFlag.objects.count() == 1


@pytest.mark.parametrize(
    ("beside", "field"),
    [({"hours": "a day"}, "hours"), ({"worst": "2", "now": "5"}, "worst"), ({"note": "x" * 10_001}, "note")],
)
def test_what_could_not_be_read_beside_a_sign_is_asked_again_as_it_was_typed(desk, due, beside, field):
    response = post(desk, due, **{"result": "spoke", "sign_chest-pain": "yes", **beside})
    page = response.content.decode()

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert beside[field] in page
    assert "The warning sign is on file." in page
    assert page.index(Practice.objects.get().emergency_words) < page.index("data-error-summary")


def test_what_to_say_stands_above_the_questions_and_above_the_page(desk, due):
    words = Practice.objects.get().emergency_words
    asked = desk.get(due.get_absolute_url()).content.decode()
    assert asked.index(words) < asked.index("Are you short of breath?")

    post(desk, due, result="spoke", sign_breathless="yes")

    filed = desk.get(due.get_absolute_url()).content.decode()
    assert filed.index(words) < filed.index("<h1>")


@pytest.mark.parametrize("sign", ["breathless", "one-side-weak", "bladder-bowel"])
def test_every_emergency_is_told_to_call_911_whatever_the_words_of_the_practice_name(desk, due, sign):
    post(desk, due, result="spoke", **{f"sign_{sign}": "yes"})

    page = desk.get(due.get_absolute_url()).content.decode()
    assert "Call 911 now. Do not drive yourself. Do not wait for us." in page


def test_none_of_these_beside_a_yes_says_nothing_of_the_others(desk, due):
    post(
        desk, due, **{"result": "spoke", "none_of_these": "on", "sign_fainted": "yes", "sign_dry-cough": "no"}
    )

    filed = answers(standing())
    assert (filed["fainted"], filed["dry-cough"], filed["blue-lips"]) == ("yes", "no", "not_asked")


def test_a_sign_waits_neither_for_another_caller_nor_for_a_closed_call(desk, due, draft, other_therapist):
    calls.claim(due, by=other_therapist)
    closed = factories.followup(draft, step=72)
    calls.close(closed, by=other_therapist, outcome="unreachable", reason="three voicemails")

    for followup in (due, closed):
        assert post(desk, followup, result="spoke", sign_breathless="yes").status_code == 302

    assert RedFlag.objects.count() == 2


def test_a_sign_that_comes_after_answers_were_filed_is_added_to_them(desk, due, other_therapist):
    soreness.file(due, by=other_therapist, now=3, note="slept well", signs=no_to_all())

    post(desk, due, **{"result": "spoke", "sign_blue-lips": "yes", "note": "husband called back"})

    report = standing()
    assert (report.now, report.triage, report.note) == (3, "urgent", "slept well\nhusband called back")
    assert answers(report) == {**no_to_all(), "blue-lips": "yes"}
    assert RedFlag.objects.get().report == report


def test_the_rest_is_added_later_without_losing_what_is_on_file(desk, due, reception):
    post(desk, due, result="spoke", sign_breathless="yes", note="on the stairs")
    page = desk.get(due.get_absolute_url()).content.decode()
    url = reverse("treatments:followup-rest", args=[due.ref])
    assert url in page
    fields = desk.get(url).context["form"].fields
    assert "sign_breathless" not in fields
    assert "sign_chest-pain" in fields

    first = standing()
    response = post(
        desk, due, "rest", report=first.pk, now="4", note="since noon", **{"sign_chest-pain": "no"}
    )

    report = standing()
    assert response.url == due.get_absolute_url()
    assert (report.supersedes, report.now, report.note) == (first, 4, "on the stairs\nsince noon")
    assert (answers(report)["breathless"], answers(report)["chest-pain"]) == ("yes", "no")
    assert answers(report)["dry-cough"] == "not_asked"
    assert RedFlag.objects.count() == 1
    event = AuditEvent.objects.get(code="followup.added_to")
    assert (event.actor, event.changes["now"]) == (reception, [None, 4])
    assert "now" not in desk.get(url).context["form"].fields


def test_adding_never_takes_a_yes_back(due, reception):
    first = soreness.file(due, by=reception, signs={"breathless": "yes"})

    newer = soreness.add(first, by=reception, now=2, signs=no_to_all())

    assert (answers(newer)["breathless"], newer.triage) == ("yes", "urgent")


def test_a_second_addition_is_a_conflict_unless_it_brings_a_sign(due, reception):
    first = soreness.file(due, by=reception, signs={"breathless": "yes"})
    soreness.add(first, by=reception, now=2, signs={})

    with pytest.raises(StaleRecord):
        soreness.add(first, by=reception, now=5, signs={})
    newest = soreness.add(first, by=reception, signs={"fainted": "yes"})

    assert (newest.now, answers(newest)["fainted"]) == (2, "yes")


def test_a_new_sign_goes_on_the_board_again_and_a_known_one_does_not(due, reception, therapist):
    first = soreness.file(due, by=reception, signs={"breathless": "yes"})
    red_flags.acknowledge(RedFlag.objects.get(), by=therapist, action="Sent to the emergency room.")

    second = soreness.add(first, by=reception, now=2, signs={})
    assert not RedFlag.objects.waiting().exists()
    third = soreness.add(second, by=reception, signs={"fainted": "yes"})

    assert RedFlag.objects.waiting().get().report == third


def test_the_page_of_the_sign_shows_what_was_added_and_what_was_not_asked(
    signed_in, due, reception, therapist
):
    first = soreness.file(due, by=reception, signs={"breathless": "yes"})
    soreness.add(first, by=reception, now=6, note="since noon", signs={"chest-pain": "yes"})

    page = signed_in(therapist).get(reverse("treatments:red-flag", args=[due.ref]))

    assert "Do you have pain in your chest?" in page.context["yes"]
    assert "Do you have a new dry cough?" in page.context["not_asked"]
    assert "6 now" in page.content.decode()
    assert "since noon" in page.content.decode()


def test_pages_that_show_soreness_say_warning_sign_where_no_number_was_asked(
    signed_in, due, reception, therapist, draft
):
    soreness.file(due, by=reception, signs={"breathless": "yes"})
    client = signed_in(therapist)

    record = client.get(draft.patient.get_absolute_url())
    board = client.get(reverse("treatments:today")).content.decode()

    assert record.status_code == 200
    assert "None at 24 h" not in record.content.decode()
    assert "Sore None" not in board
    assert "Short of breath: 911 now." in board


def test_silence_beside_no_is_still_not_health(desk, due):
    assert post(desk, due, result="spoke", now="2", sign_breathless="no").status_code == 422
    assert not SorenessReport.objects.exists()
    assert not ContactAttempt.objects.exists()


def test_a_correction_by_who_does_not_see_the_answers_leaves_out_none_of_them(desk, due, reception):
    first = soreness.file(due, by=reception, now=3, signs={"breathless": "yes"})

    post(desk, due, "correct", report=first.pk, sign_fainted="yes")

    report = standing()
    assert (report.now, answers(report)["breathless"], answers(report)["fainted"]) == (3, "yes", "yes")
