"""The primary button of a record is the next step that is owed, the same as on the board."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db
UNREVIEWED = {"decided_level": "", "decision": "", "reviewed_at": None, "reviewed_by": None}


@pytest.fixture
def ready(noon, ada, therapist):
    """Ada with everything that a session needs but a visit."""
    factories.condition(factories.episode(ada, therapist), therapist)
    factories.screening(ada, therapist)
    factories.consent(ada, therapist)
    return ada


def asked(visit, by):
    return factories.screening(visit.patient, by, kind="visit", visit=visit)


def primary(client, patient) -> tuple[str, str]:
    """(label, address) of the primary button of the banner; blank without one."""
    response = client.get(reverse("treatments:record", args=[patient.ref]))
    strip = re.search(r'<div class="strip-end">(.*?)</section>', response.text, re.DOTALL)
    if strip is None:
        return "", ""
    assert len(re.findall("btn-primary", strip[1])) == 1
    label = re.search(r'class="lbl">([^<]+)<', strip[1])[1]
    return label, re.search(r'(?:href|action)="([^"]+)"', strip[1])[1]


def address(name: str, *args) -> str:
    return reverse(name, args=args)


def test_a_session_is_started_only_when_nothing_else_is_owed(ready, therapist, signed_in):
    client = signed_in(therapist)
    assert primary(client, ready) == ("Book a visit", address("patients:visit-book", ready.ref))
    visit = factories.visit(ready, therapist)
    assert primary(client, ready) == ("Check in", address("patients:visit-step", visit.ref))
    visit.arrived_at, visit.arrived_by = timezone.now(), therapist
    visit.save(update_fields=["arrived_at", "arrived_by"])
    assert primary(client, ready)[0] == "Health update"
    asked(visit, therapist)
    assert primary(client, ready) == ("Start session", address("treatments:session-open", ready.ref))


def test_a_missing_consent_and_missing_questions_come_before_the_session(ada, therapist, signed_in):
    client = signed_in(therapist)
    factories.condition(factories.episode(ada, therapist), therapist)
    asked(factories.arrived(ada, therapist), therapist)
    hand_over = f"{address('patients:screening-hand-over', ada.ref)}?kind=intake"
    assert primary(client, ada) == ("Hand over questions", hand_over)
    factories.screening(ada, therapist)
    assert primary(client, ada) == ("Get consent", address("patients:consent-start", ada.ref))


def test_before_a_visit_to_come_it_is_what_is_missing(ada, therapist, signed_in):
    factories.visit(ada, therapist, booked_for=timezone.now() + dt.timedelta(days=2))
    factories.screening(ada, therapist)
    assert primary(signed_in(therapist), ada)[0] == "Get consent"


def test_without_a_condition_it_is_recorded_first(noon, ada, therapist, signed_in):
    factories.screening(ada, therapist)
    factories.consent(ada, therapist)
    asked(factories.arrived(ada, therapist), therapist)
    assert primary(signed_in(therapist), ada) == (
        "Record a condition",
        address("patients:condition-add", ada.ref),
    )


def test_a_review_comes_first_for_therapist_and_lead_and_not_for_the_desk(
    ready, therapist, lead, reception, signed_in
):
    factories.visit(ready, therapist)
    intake = factories.screening(ready, reception, computed_level="caution", **UNREVIEWED)
    expected = ("Review answers", address("patients:screening", ready.ref, intake.pk))
    assert primary(signed_in(therapist), ready) == primary(signed_in(lead), ready) == expected
    assert primary(signed_in(reception), ready)[0] == "Check in"


def test_after_a_refusal_the_visit_is_noted_without_needles(ready, therapist, signed_in):
    asked(factories.arrived(ready, therapist), therapist)
    now = timezone.now()
    refused = {"given_at": None, "given_by": None, "expires_on": None, "signature": "", "signer_name": ""}
    factories.consent(ready, therapist, refused_at=now, refused_by=therapist, **refused)
    label, url = primary(signed_in(therapist), ready)
    assert (label, url.partition("?")[2]) == ("Note without needles", "without=needles")


def test_a_patient_in_treatment_waits_for_nothing_from_the_desk(ready, therapist, reception, signed_in):
    visit = factories.arrived(ready, therapist, roomed_at=timezone.now(), roomed_by=therapist)
    session = factories.session(ready, therapist, visit=visit)
    assert primary(signed_in(reception), ready) == ("", "")
    assert primary(signed_in(therapist), ready) == ("Continue session", session.get_absolute_url())
    NeedlingSession.objects.filter(pk=session.pk).update(
        signed_at=timezone.now(), signed_by=therapist, ended_at=timezone.now()
    )
    assert primary(signed_in(reception), ready) == ("Check out", address("patients:visit-step", visit.ref))
    visit.left_at, visit.left_by = timezone.now(), reception
    visit.save(update_fields=["left_at", "left_by"])
    assert primary(signed_in(reception), ready)[0] == "Book next visit"
    factories.visit(ready, therapist, booked_for=timezone.now() + dt.timedelta(days=7))
    assert primary(signed_in(reception), ready) == ("", "")


def test_a_visit_of_today_that_was_cancelled_asks_for_nothing(ready, therapist, reception, signed_in):
    factories.visit(ready, therapist, cancelled_at=timezone.now(), cancelled_by=reception)
    assert primary(signed_in(reception), ready)[0] == "Book a visit"


def test_nothing_is_owed_of_who_has_died(ready, therapist, signed_in):
    type(ready).objects.update(deceased_on=timezone.localdate())
    factories.arrived(ready, therapist)
    assert primary(signed_in(therapist), ready) == ("", "")


def test_checking_in_from_the_record_checks_in(ready, therapist, reception, signed_in):
    visit = factories.visit(ready, therapist)
    client = signed_in(reception)
    page = client.get(ready.get_absolute_url()).text
    form = re.search(rf'<form method="post" action="/visits/{visit.ref}/step/".*?</form>', page, re.DOTALL)[0]
    key = re.search(r'name="form_key" value="([^"]+)"', form)[1]
    assert "csrfmiddlewaretoken" in form
    client.post(f"/visits/{visit.ref}/step/", {"verb": "arrive", "form_key": key})
    visit.refresh_from_db()
    assert visit.arrived_at is not None


def test_visits_with_a_note_stand_among_the_sessions_only(ready, therapist, reception, signed_in):
    ago = timezone.now() - dt.timedelta(days=3)
    noted = factories.arrived(ready, therapist, booked_for=ago, arrived_at=ago)
    factories.session(ready, therapist, visit=noted, opened_at=ago)
    missed = factories.visit(ready, therapist, booked_for=ago, missed_at=ago, missed_by=reception)
    came = factories.arrived(ready, therapist, booked_for=ago, arrived_at=ago)
    ahead = factories.visit(ready, therapist, booked_for=timezone.now() + dt.timedelta(days=2))

    def listed(user) -> set[str]:
        response = signed_in(user).get(ready.get_absolute_url())
        return {row["ref"] for row in response.context["visits"]}

    assert listed(therapist) == {missed.ref, came.ref, ahead.ref}
    assert listed(reception) == {missed.ref, came.ref, ahead.ref, noted.ref}
    late = f"{address('treatments:session-open', ready.ref)}?visit={came.ref}"
    assert late in signed_in(therapist).get(ready.get_absolute_url()).text
    assert late not in signed_in(reception).get(ready.get_absolute_url()).text
