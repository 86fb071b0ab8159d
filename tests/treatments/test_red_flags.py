"""Red flags: on the board at once, and reviewed once."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from patients.actions import wordings
from patients.models import QuestionWording
from tests import factories
from treatments.actions.followups import red_flags, soreness
from treatments.forms.followups import ActionForm
from treatments.models import RedFlag, WarningSign
from treatments.selectors.followups import soreness as reports

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(draft, reception):
    factories.site(draft, muscle="rho")
    return raised(factories.followup(draft), by=reception)


def raised(followup, *, by, yes: str = "breathless") -> RedFlag:
    signs = {row.code: "yes" if row.code == yes else "no" for row in WarningSign.objects.current()}
    report = soreness.file(followup, by=by, now=2, note="since last night", signs=signs)
    return RedFlag.objects.get(report=report)


def url(flag) -> str:
    return reverse("treatments:red-flag", args=[flag.report.followup.ref])


def test_a_warning_sign_is_raised_for_the_therapist_and_on_record(flag, therapist):
    assert (flag.therapist, flag.acknowledged_at) == (therapist, None)
    assert flag.report.triage == "urgent"
    assert AuditEvent.objects.filter(code="redflag.raised").count() == 1


def test_the_therapist_reads_the_answers_and_what_they_may_mean(signed_in, therapist, flag):
    text = signed_in(therapist).get(url(flag)).content.decode()
    assert "Are you short of breath?" in text
    assert "since last night" in text
    assert "A site over the lung was needled" in text
    assert "kind=pneumothorax" in text


def test_a_sign_is_read_in_the_words_in_which_it_was_asked(signed_in, therapist, flag):
    WarningSign.objects.filter(code="breathless").update(question="Is breathing hard?")
    wordings.publish(WarningSign.objects, catalogue=QuestionWording.Catalogue.WARNING_SIGN)
    client, call = signed_in(therapist), flag.report.followup
    pages = [url(flag), call.get_absolute_url()]

    for page in pages:
        text = client.get(page).content.decode()
        assert "Are you short of breath?" in text, page
        assert "Is breathing hard?" not in text, page
    (line,) = reports.latest_reports(flag.report.followup.session.patient)
    assert line.signs == ("Are you short of breath?",)


def test_a_sign_that_is_not_of_the_chest_proposes_its_own_kind(signed_in, therapist, draft, reception):
    factories.site(draft, muscle="rho")
    other = raised(factories.followup(draft), by=reception, yes="numb-weak")
    text = signed_in(therapist).get(url(other)).content.decode()
    assert "A site over the lung" not in text
    assert "kind=nerve-symptom" in text


def test_saying_what_was_done_takes_it_off_the_board(signed_in, therapist, flag):
    client = signed_in(therapist)
    assert client.post(url(flag), {"action": "  "}).status_code == 422
    response = client.post(url(flag), {"action": "Called 10:20, sent to the emergency department."})
    assert response.url == reverse("treatments:today")
    flag.refresh_from_db()
    assert flag.acknowledged_by == therapist
    assert flag.action == "Called 10:20, sent to the emergency department."
    assert AuditEvent.objects.filter(code="redflag.acknowledged").count() == 1


def test_the_second_to_act_is_told_who_did(signed_in, therapist, lead, flag):
    red_flags.acknowledge(flag, by=lead, action="Called the ambulance.")
    response = signed_in(therapist).post(url(flag), {"action": "Called her."})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Hana acted on this warning sign" in text
    assert "Called the ambulance." in text
    flag.refresh_from_db()
    assert flag.action == "Called the ambulance."


def test_the_desk_sees_that_somebody_must_act_and_no_answers(signed_in, reception, flag):
    client = signed_in(reception)
    assert client.get(url(flag)).status_code == 403
    text = client.get(reverse("treatments:followups")).content.decode()
    assert "Warning sign (911 now), call" in text
    assert "hort of breath" not in text


def words_of(response) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


@pytest.mark.parametrize("who", ["therapist", "lead"])
def test_a_banner_names_the_sign_the_number_and_the_way(signed_in, therapist, lead, flag, who):
    board = words_of(signed_in({"therapist": therapist, "lead": lead}[who]).get("/"))
    phone = flag.report.followup.session.patient.phone
    assert f"Short of breath: 911 now. {phone} Reported" in board
    assert "Call now , Examplewood, Ada" in board


def test_a_banner_names_the_signs_that_were_added_later(signed_in, therapist, flag, reception):
    soreness.add(flag.report, by=reception, signs={"chest-pain": "yes"})
    assert "Short of breath, chest pain: 911 now." in words_of(signed_in(therapist).get("/"))


def test_the_banner_of_the_desk_says_call_and_the_number_and_never_the_answers(signed_in, reception, flag):
    desk, phone = signed_in(reception), flag.report.followup.session.patient.phone
    for page in ("/", flag.report.followup.get_absolute_url()):
        words = words_of(desk.get(page))
        assert f"Warning sign (911 now), call {phone}" in words
        assert "Short of breath" not in words


def test_the_page_of_a_sign_has_one_red_box_and_the_call_is_its_main_action(signed_in, therapist, flag):
    page = signed_in(therapist).get(url(flag)).content.decode()
    page = page[page.index("<main") : page.index("</main>")]
    primary = re.findall(r"<(?:a|button)[^>]*btn-primary[^>]*>", page)
    assert len(primary) == 1
    assert 'href="tel:' in primary[0]
    assert page.count('class="band"') + page.count("note k-stop") == 1


def test_a_sign_that_was_acted_on_asks_nobody_to_call(signed_in, therapist, flag):
    red_flags.acknowledge(flag, by=therapist, action="Called her.")
    client = signed_in(therapist)
    assert 'href="tel:' not in client.get(url(flag)).content.decode()
    call = words_of(client.get(flag.report.followup.get_absolute_url()))
    assert "somebody has acted on it" in call
    assert "Tell the patient now" not in call


def test_no_example_contradicts_the_emergency_words():
    assert not re.search(r"taxi|drive|car\b", str(ActionForm().fields["action"].help_text))


def test_a_reply_with_a_sign_is_never_called_better(signed_in, therapist, other_therapist, draft, reception):
    signs = {row.code: "yes" if row.code == "fainted" else "no" for row in WarningSign.objects.current()}
    followup = factories.followup(draft)
    report = soreness.file(followup, by=reception, now=0, course="better", signs=signs)
    client = signed_in(therapist)

    pages = ["/", *(row.get_absolute_url() for row in (followup, draft, draft.patient)), url(report.red_flag)]
    said = [words_of(client.get(page)).replace("whichever feels better", "") for page in pages]
    opening = reverse("treatments:session-open", args=[draft.patient.ref])
    said.append(words_of(signed_in(other_therapist).get(opening)))
    assert [words for words in said if "better" in words] == []
    assert "Soreness 0 at 24 h" in said[-1]
    board = words_of(client.get("/"))
    assert "Fainted, 24 h after treatment" in board
    assert "Sore 0" not in board


def test_a_visit_after_a_warning_sign_says_so_and_names_no_low_soreness(
    signed_in, therapist, draft, reception
):
    earlier = factories.arrived(draft.patient, therapist, booked_for=timezone.now() - dt.timedelta(days=7))
    done = factories.session(draft.patient, therapist, visit=earlier, opened_at=earlier.booked_for)
    soreness.file(factories.followup(done), by=reception, now=1, signs={"breathless": "yes"})

    board = words_of(signed_in(therapist).get("/"))

    assert "Warning sign at 24 h." in board
    assert "Sore 1" not in board


def test_a_follow_up_without_a_warning_sign_has_no_such_page(signed_in, therapist, draft):
    followup = factories.followup(draft)
    assert signed_in(therapist).get(reverse("treatments:red-flag", args=[followup.ref])).status_code == 404


def test_a_correction_with_the_same_sign_raises_no_second_flag(flag, therapist):
    signs = {row.code: "yes" for row in WarningSign.objects.current()}
    soreness.correct(flag.report, by=therapist, now=3, signs=signs)
    assert RedFlag.objects.count() == 1
