"""A therapist's own day: whose turn it is stands first, what is over is folded, check-in is quiet."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from patients.models import Visit
from tests import factories
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(noon, therapist, reception):
    """{state: visit}, booked in an order that is not that of the work."""
    now = timezone.now()

    def booked(hours: int, **stamps):
        stamped = {f"{name}_at": now for name in stamps} | {f"{name}_by": reception for name in stamps}
        at = now + dt.timedelta(hours=hours)
        return factories.visit(factories.patient(reception), therapist, booked_for=at, **stamped)

    return {
        "left": booked(-3, arrived=True, roomed=True, left=True),
        "expected": booked(-2),
        "arrived": booked(-1, arrived=True),
        "later": booked(2),
        "in_room": booked(1, arrived=True, roomed=True),
    }


def rows(response, name: str) -> list[tuple]:
    return [(row["line"].visit.ref, row["turn"]) for row in response.context[name]]


def test_who_is_in_a_room_stands_first_then_who_waits_then_who_is_expected(day, therapist, signed_in):
    response = signed_in(therapist).get("/")
    assert rows(response, "my_ahead") == [
        (day["in_room"].ref, "Now"),
        (day["arrived"].ref, "Next"),
        (day["expected"].ref, ""),
        (day["later"].ref, ""),
    ]
    text = re.sub(r"\s+", " ", response.text)
    assert [text.index(f'class="turn">{turn}<') > 0 for turn in ("Now", "Next")]
    assert "5 patients, the first at 9:00 AM" in text


def test_what_is_over_is_folded_and_says_how_many(day, therapist, signed_in):
    response = signed_in(therapist).get("/")
    assert rows(response, "my_done") == [(day["left"].ref, "")]
    folded = re.search(r'<details class="over">.*?</details>', response.text, re.DOTALL)[0]
    assert day["left"].patient.listed_name in folded
    assert re.sub(r"\s+", " ", folded).count("1 done </summary>") == 1
    assert day["later"].patient.listed_name not in folded


@pytest.mark.parametrize(
    ("fields", "said"), [({}, "1 done, 1 note to sign </summary>"), ({"signed": True}, "1 done </summary>")]
)
def test_a_note_that_is_not_signed_is_said_on_the_fold(day, therapist, signed_in, fields, said):
    session = factories.session(day["left"].patient, therapist, visit=day["left"])
    if fields:
        NeedlingSession.objects.filter(pk=session.pk).update(signed_at=timezone.now(), signed_by=therapist)
    assert said in re.sub(r"\s+", " ", signed_in(therapist).get("/").text)


def test_a_day_that_is_over_is_open(day, therapist, signed_in):
    Visit.objects.exclude(pk=day["left"].pk).update(booked_for=timezone.now() + dt.timedelta(days=1))
    assert '<details class="over" open>' in signed_in(therapist).get("/").text


def test_another_day_is_a_list_by_time(therapist, reception, signed_in):
    yesterday = timezone.localtime() - dt.timedelta(days=1)
    gone = factories.arrived(
        factories.patient(reception), therapist, booked_for=yesterday, left_at=yesterday, left_by=reception
    )
    response = signed_in(therapist).get("/", {"day": yesterday.date().isoformat()})
    assert rows(response, "my_ahead") == [(gone.ref, "")]
    assert '<details class="over"' not in response.text


def test_checking_in_is_quiet_for_a_therapist_and_the_next_step_of_the_desk(
    day, therapist, reception, signed_in
):
    button = re.compile(r'class="btn (btn-\w+)" name="verb"\s+value="arrive"')
    assert set(button.findall(signed_in(therapist).get("/").text)) == {"btn-quiet"}
    assert set(button.findall(signed_in(reception).get("/").text)) == {"btn-next"}


UNREVIEWED = {"decided_level": "", "decision": "", "reviewed_at": None, "reviewed_by": None}


def test_answers_that_wait_for_a_review_lead_to_it(ada, therapist, lead, reception, signed_in):
    factories.arrived(ada, therapist)
    intake = factories.screening(ada, reception, computed_level="caution", **UNREVIEWED)
    url = reverse("patients:screening", args=[ada.ref, intake.pk])

    mine = signed_in(therapist).get("/")
    (row,) = mine.context["my_rows"]
    assert (row["line"].step.code, row["line"].to_review) == ("review", intake.pk)
    assert mine.text.count(f'href="{url}"') == 2
    assert f'href="{url}"' in signed_in(lead).get("/").text
    assert url not in signed_in(reception).get("/").text

    factories.screening(ada, therapist, computed_level="caution", decided_level="caution")
    (row,) = signed_in(therapist).get("/").context["my_rows"]
    assert row["line"].to_review is None


def test_todays_answers_are_reviewed_after_the_health_questions(ada, therapist, reception, signed_in):
    visit = factories.arrived(ada, therapist)
    factories.screening(ada, therapist)
    changed = factories.screening(
        ada, reception, kind="visit", visit=visit, computed_level="stop", **UNREVIEWED
    )
    (row,) = signed_in(therapist).get("/").context["my_rows"]
    assert (row["line"].step.code, row["line"].to_review) == ("review", changed.pk)


def test_the_record_leads_to_the_review_from_its_banner_and_its_panel(ada, therapist, reception, signed_in):
    intake = factories.screening(ada, reception, computed_level="caution", **UNREVIEWED)
    url = reverse("patients:screening", args=[ada.ref, intake.pk])
    page = signed_in(therapist).get(ada.get_absolute_url())
    assert re.search(rf'<a href="{url}" class="state[^"]*">', page.text)
    assert re.search(rf'<a href="{url}">Review<', page.text)
    assert url not in signed_in(reception).get(ada.get_absolute_url()).text
