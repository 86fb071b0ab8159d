"""The episode of care: opened once, changed with reasons, ended with a summary."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation
from patients.actions import episodes
from patients.models import Episode, Referral
from tests import factories

pytestmark = pytest.mark.django_db


def referral(patient, by, **fields):
    defaults = {"by_whom": "Dr Fictional", "given_on": timezone.localdate(), "noted_by": by}
    return Referral.objects.create(patient=patient, **{**defaults, **fields})


def test_first_course_is_opened_and_then_found(therapist, ada):
    today = timezone.localdate()
    first = episodes.current_episode(ada, by=therapist, on=today)
    again = episodes.current_episode(ada, by=therapist, on=today)
    assert first == again
    assert (first.access, first.opened_on) == ("direct", today)
    assert AuditEvent.objects.filter(code="episode.opened").count() == 1


def test_course_of_a_referred_patient_names_the_referral(therapist, ada):
    sent = referral(ada, therapist)
    course = episodes.current_episode(ada, by=therapist, on=timezone.localdate())
    assert (course.access, course.referral) == ("referral", sent)


def test_page_saves_visits_made_before_and_plan(signed_in, therapist, ada):
    url = reverse("patients:episode", args=[ada.ref])
    answer = signed_in(therapist).post(
        url, {"access": "direct", "target_visits": "8", "visits_before": "3", "certified_until": "8/1/2026"}
    )
    assert answer.status_code == 302
    course = Episode.objects.get()
    assert (course.target_visits, course.visits_before) == (8, 3)
    assert course.certified_until == dt.date(2026, 8, 1)
    assert AuditEvent.objects.get(code="episode.changed").changes["visits_before"] == [0, 3]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({}, "Choose how the patient came."),
        ({"access": "referral"}, "Choose the referral"),
        ({"access": "direct", "target_visits": "-2"}, "from 1 to 500"),
        ({"access": "direct", "visits_before": "9" * 30}, "from 0 to 500"),
        ({"access": "direct", "visits_before": "few"}, "whole number"),
        ({"access": "direct", "certified_until": "2/30/2026"}, "no February 30"),
    ],
)
def test_bad_input_is_answered_in_words(signed_in, therapist, ada, answers, message):
    answer = signed_in(therapist).post(reverse("patients:episode", args=[ada.ref]), answers)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Episode.objects.exists()


def test_referral_of_another_patient_is_refused(therapist, ada):
    other = referral(factories.patient(therapist), therapist)
    course = episodes.current_episode(ada, by=therapist, on=timezone.localdate())
    with pytest.raises(RuleViolation) as refused:
        episodes.change(course, by=therapist, access="referral", referral=other)
    assert refused.value.codes == {"referral-of-another"}


def test_discharge_needs_a_summary_and_ends_the_course(signed_in, therapist, ada):
    course = factories.episode(ada, therapist)
    client, url = signed_in(therapist), reverse("patients:discharge", args=[ada.ref])
    assert client.post(url, {"summary": " "}).status_code == 422
    assert client.post(url, {"summary": "Goal reached."}).status_code == 302
    course.refresh_from_db()
    assert (course.discharged_by, course.summary) == (therapist, "Goal reached.")
    with pytest.raises(RuleViolation) as refused:
        episodes.change(course, by=therapist, access="direct", referral=None)
    assert refused.value.codes == {"episode-ended"}
    assert episodes.current_episode(ada, by=therapist, on=timezone.localdate()) != course


def test_desk_does_not_open_the_course(signed_in, reception, ada):
    assert signed_in(reception).get(reverse("patients:episode", args=[ada.ref])).status_code == 403
