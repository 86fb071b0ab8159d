"""The therapist's work, by keyboard, from the sign-in page to the signed note."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from patients.actions import screenings
from patients.models import Screening
from tests import factories
from tests.browser import practice, steps
from tests.treatments import notes
from treatments.models import Addendum, NeedlingSession

# With needle, technique and tissue known from earlier sites.
THREE_SITES_AT_MOST = 38
MUSCLES = ("ecrb", "brd", "su")


@pytest.fixture
def arrived(ada, therapist):
    """Ada is checked in and has consented; her screening is unreviewed and no condition is recorded."""
    factories.arrived(ada, therapist)
    factories.consent(ada, therapist)
    answers = practice.answers("intake")
    screenings.take(ada, by=therapist, kind="intake", source=Screening.Source.TABLET, answers=answers)
    return ada


@pytest.fixture
def user(keyboard, therapist):
    steps.sign_in(keyboard, therapist)
    return keyboard


def test_from_the_review_to_the_signature(user, arrived):
    name = arrived.listed_name
    steps.go_to_record(user, name)
    steps.review_screening(user)
    steps.go_to_record(user, name)
    assert "M77.11" in steps.record_condition(user, condition="ten", side="Right")
    steps.ask_what_changed(user, name)

    steps.start_session(user, name)
    user.choose("Pain before", "6")
    steps.log_three_sites(user)
    steps.finish_session(user)
    steps.review_note(user)
    steps.sign_note(user)

    session = NeedlingSession.objects.get()
    assert session.signed_at
    assert session.plan == steps.PLAN
    assert [site.number for site in session.sites.standing()] == [1, 2, 3]


def test_three_sites_take_few_keys(user, draft):
    earlier_sites(draft)
    user.page.goto(draft.get_absolute_url())
    before = user.presses

    user.press("6", "Tab")
    for muscle in MUSCLES:
        steps.log_site(user, muscle, side="r", insertions="3", twitches="2")

    assert draft.sites.standing().count() == 3
    assert user.presses - before <= THREE_SITES_AT_MOST


def earlier_sites(draft) -> None:
    """Last week's sites, from which needle, technique and tissue are proposed."""
    at = timezone.now() - dt.timedelta(days=7)
    past = factories.session(draft.patient, draft.therapist, started_at=at, ended_at=at)
    for muscle in MUSCLES:
        factories.site(past, muscle=muscle)


def test_an_addendum_is_written_below_a_signed_note(user, draft):
    note = notes.signed(draft)
    user.page.goto(note.get_absolute_url())
    user.go(re.compile("addendum", re.IGNORECASE))
    user.choose("What is it?", "Addendum")
    user.fill("Why is it added?", "Depth was missing")
    user.fill("What is added?", "The needle went 18 mm deep.")
    user.go("Add to the note")
    assert Addendum.objects.get().text == "The needle went 18 mm deep."
