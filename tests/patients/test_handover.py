"""The handed-over tablet is confined to one form until staff signs in again."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from patients.actions import handovers
from patients.models import Handover, Screening
from patients.rules import screenings
from patients.views.handovers import handing_over
from tests import factories
from tests.patients.posted_answers import answers_without_concern
from tests.second_factor import code_of, give_app

pytestmark = pytest.mark.usefixtures("requests_as_serving_role")
HERE, RETURN = reverse("patients:handover"), reverse("patients:handover-return")


@pytest.fixture
def tablet(ada, reception, signed_in) -> Client:
    """A device on which reception has just started the intake for Ada."""
    client = signed_in(reception)
    client.post(reverse("patients:screening-hand-over", args=[ada.ref]), {"kind": "intake"})
    return client


def page(step: int) -> str:
    return reverse("patients:handover-step", args=[step])


def walk(client: Client, **answers) -> str:
    """Answers all pages; returns the address of the summary page."""
    posted = answers_without_concern(**answers)
    address = client.get(HERE).url
    for _ in range(30):
        context = client.get(address).context
        if "rows" in context:
            return address
        fields = context["form"].fields
        address = client.post(address, {name: posted[name] for name in fields if name in posted}).url
    raise AssertionError("The questions never end.")


def test_nothing_of_the_member_of_staff_stays(tablet, ada, reception):
    handover = Handover.objects.get()

    assert dict(tablet.session) == {"handover": handover.pk}
    assert handover.started_by == reception
    for address in ("/", ada.get_absolute_url(), "/admin/", "/accounts/login/", "/patients/"):
        assert tablet.get(address).url == HERE
    assert AuditEvent.objects.filter(code="handover.started", patient_ref=ada.ref).exists()


def test_the_page_shows_a_first_name_and_no_more(tablet, ada):
    body = tablet.get(page(1)).content.decode()

    assert "Hello Ada" in body
    assert ada.family_name not in body
    assert ada.ref not in body
    assert "<nav" not in body


def test_pages_are_never_kept_by_the_browser(tablet):
    assert tablet.get(page(1)).headers["Cache-Control"] == "no-store"


def test_a_stranger_without_a_hand_over_signs_in(db):
    client = Client()

    assert client.get(HERE).url == reverse("account_login")
    assert client.get(RETURN).url == reverse("account_login")


def test_a_refused_page_keeps_what_was_typed(tablet):
    answer = tablet.post(page(2), {"answer-willing": "yes", "detail-needle-fear": "since school"})

    reopened = tablet.get(page(2)).content.decode()
    assert answer.status_code == 422
    assert "Choose an answer" in answer.content.decode()
    for body in (answer.content.decode(), reopened):
        assert "since school" in body
        assert body.count(" checked") == 1


@pytest.mark.parametrize(("typed", "sentence"), [("a\0b", "cannot be stored"), ("x" * 10_001, "10,000 fit")])
def test_what_cannot_be_stored_is_said(tablet, typed, sentence):
    answer = tablet.post(page(2), {"detail-needle-fear": typed})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "\0" not in Handover.objects.get().draft["detail-needle-fear"]


def test_it_goes_on_where_the_patient_stopped(tablet):
    posted = answers_without_concern()
    fields = tablet.get(page(1)).context["form"].fields
    tablet.post(page(1), {name: posted[name] for name in fields if name in posted})

    assert tablet.get(HERE).url == page(2)


def test_the_last_page_waits_for_every_answer(tablet):
    assert tablet.get(page(13)).url == page(1)
    assert tablet.post(page(13)).url == page(1)
    assert tablet.get(page(99)).status_code == 404
    assert not Screening.objects.exists()


def test_one_answer_is_changed_on_the_way_back_to_all(tablet):
    last = walk(tablet)
    rows = tablet.get(last).context["rows"]
    pregnancy = next(row["page"] for row in rows if row["item"].code == "pregnant")

    answer = tablet.post(f"{page(pregnancy)}?check", {"answer-pregnant": "unknown"})

    assert answer.url == last
    assert "I do not know" in tablet.get(last).content.decode()


def test_sent_answers_become_one_screening(tablet, ada, reception):
    last = walk(tablet, blood_thinner="yes")

    first, second = tablet.post(last), tablet.post(last)

    screening = Screening.objects.get()
    handover = Handover.objects.get()
    assert (first.url, second.status_code) == (HERE, 200)
    assert (screening.source, screening.computed_level) == ("tablet", "caution")
    assert screening.taken_by == reception
    assert handover.finished_at is not None
    assert handover.draft == {}
    assert "Thank you" in tablet.get(HERE).content.decode()


def test_after_sending_no_answer_can_be_seen_again(tablet):
    last = walk(tablet)
    tablet.post(last)

    for address in (page(1), last, HERE):
        body = tablet.get(address).content.decode()
        assert "Thank you" in body
        assert "Ada" not in body


def test_the_visit_screen_is_one_page(ada, reception, signed_in):
    visit = factories.arrived(ada, reception)
    client = signed_in(reception)
    client.post(reverse("patients:screening-hand-over", args=[ada.ref]), {"kind": "visit"})

    client.post(page(1), answers_without_concern("visit"))
    client.post(page(2))

    assert Screening.objects.get().visit == visit


def test_a_forgotten_tablet_closes_by_itself(tablet):
    last = walk(tablet)
    Handover.objects.update(started_at=timezone.now() - dt.timedelta(hours=3))

    body = tablet.post(last).content.decode()

    assert "This form has closed" in body
    assert not Screening.objects.exists()


def test_staff_sign_in_brings_the_tablet_back(tablet, ada, therapist):
    wrong = tablet.post(RETURN, {"login": "therapist", "password": "a guess of many letters"})
    right = tablet.post(RETURN, {"login": "therapist", "password": factories.PASSWORD})

    handover = Handover.objects.get()
    assert wrong.status_code == 422
    assert right.url == ada.get_absolute_url()
    assert handover.ended_by == therapist
    assert "handover" not in tablet.session
    assert tablet.session["_auth_user_id"] == str(therapist.pk)
    assert AuditEvent.objects.filter(code="handover.ended").exists()


def test_staff_with_a_second_factor_have_the_tablet_back_too(tablet, ada, therapist):
    secret = give_app(therapist)
    second_step = tablet.post(RETURN, {"login": "therapist", "password": factories.PASSWORD})
    assert second_step.url == reverse("mfa_authenticate")
    assert tablet.get("/").url == HERE, "still in the patient's hands"
    done = tablet.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert done.url == RETURN
    assert Handover.objects.get(patient=ada).ended_at is None, "a GET ends nothing"
    assert "Take the tablet back" in tablet.get(RETURN).content.decode()
    assert tablet.post(RETURN).url == ada.get_absolute_url()
    assert Handover.objects.get(patient=ada).ended_by == therapist


def test_somebody_without_records_comes_back_to_the_board(tablet, admin):
    answer = tablet.post(RETURN, {"login": "admin", "password": factories.PASSWORD})

    assert answer.url == reverse("treatments:today")


def test_the_way_back_offers_no_other_way_out(tablet):
    body = tablet.get(RETURN).content.decode()
    empty = tablet.post(RETURN, {}).content.decode()

    assert "password/reset" not in body
    assert "Enter your password." in empty


def test_guessing_at_the_way_back_is_slowed_down(tablet, therapist):
    for _ in range(12):
        tablet.post(RETURN, {"login": "therapist", "password": "a guess of many letters"})

    answer = tablet.post(RETURN, {"login": "therapist", "password": factories.PASSWORD})

    assert answer.status_code in (422, 429)
    assert "_auth_user_id" not in tablet.session


def test_a_tablet_taken_back_elsewhere_is_closed_here(tablet, therapist):
    Handover.objects.update(ended_at=timezone.now(), ended_by=therapist)

    assert "This form has closed" in tablet.get(page(1)).content.decode()


def test_the_lead_does_not_hand_over(ada, lead, signed_in):
    assert signed_in(lead).get(reverse("patients:screening-hand-over", args=[ada.ref])).status_code == 403


def test_staff_choose_which_questions(ada, reception, signed_in):
    answer = signed_in(reception).post(reverse("patients:screening-hand-over", args=[ada.ref]), {})

    assert answer.status_code == 422
    assert "Choose which questions to ask." in answer.content.decode()
    assert not Handover.objects.exists()


def test_two_presses_of_one_button_are_one_hand_over(ada, reception):
    first = handovers.start(ada, by=reception, purpose="screening", kind="intake")
    second = handovers.start(ada, by=reception, purpose="screening", kind="intake")
    other = handovers.start(ada, by=reception, purpose="screening", kind="visit")

    assert first == second
    assert other != first
    assert AuditEvent.objects.filter(code="handover.started").count() == 2


def test_a_hand_over_that_is_not_there_leads_to_the_door(tablet):
    session = tablet.session
    session["handover"] = 10**9
    session.save()

    assert tablet.get(HERE).url == reverse("account_login")
    assert tablet.get(reverse("account_login")).status_code == 200


def test_answers_belong_to_the_visit_of_today(ada, reception, signed_in):
    """A visit of last week that was never checked out."""
    week_ago = timezone.now() - dt.timedelta(days=7)
    factories.arrived(ada, reception, booked_for=week_ago, arrived_at=week_ago)
    today = factories.arrived(ada, reception)

    signed_in(reception).post(reverse("patients:screening-hand-over", args=[ada.ref]), {"kind": "visit"})

    assert Handover.objects.get().visit == today


def test_a_tablet_is_given_out_with_the_sign_in_ended_or_not_at_all(signed_in, reception, ada, monkeypatch):
    def fails(request):
        raise OperationalError("the disk is full")

    client, path = signed_in(reception), reverse("patients:screening-hand-over", args=[ada.ref])
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(handing_over, "logout", fails)
        assert client.post(path, {"kind": "intake"}).status_code == 503
    assert not Handover.objects.exists()

    assert client.post(path, {"kind": "intake"}).status_code == 302
    assert Handover.objects.count() == 1


def test_a_stop_that_was_never_sent_is_on_file_when_the_tablet_is_back(tablet, ada, reception, therapist):
    tablet.post(page(2), {"answer-willing": "no"})

    tablet.post(RETURN, {"login": "therapist", "password": factories.PASSWORD})

    screening = Screening.objects.get()
    assert (screening.computed_level, screening.taken_by, screening.source) == ("stop", reception, "tablet")
    assert [each.code for each in screenings.answered(screening)] == ["willing"]
    assert "pacemaker" in screening.not_asked


@pytest.mark.parametrize("answer", ["yes", ""])
def test_an_unsent_form_without_a_stop_leaves_no_answers(tablet, therapist, answer):
    tablet.post(page(2), {"answer-willing": answer})

    tablet.post(RETURN, {"login": "therapist", "password": factories.PASSWORD})

    assert not Screening.objects.exists()


def test_other_tabs_of_the_browser_are_told_by_a_cookie_that_goes_with_the_hand_over(tablet, therapist):
    told = tablet.cookies["handed_over"]
    assert (told.value, told["httponly"], told["samesite"], told["max-age"]) == ("1", "", "Lax", "")

    tablet.post(RETURN, {"login": "therapist", "password": factories.PASSWORD})

    assert tablet.cookies["handed_over"].value == ""


def test_a_cookie_that_outlived_its_hand_over_is_removed(signed_in, reception):
    client = signed_in(reception)
    client.cookies["handed_over"] = "1"

    client.get("/")

    assert client.cookies["handed_over"].value == ""
