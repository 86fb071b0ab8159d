"""The record at a glance: next visit, visits used, last plan, motion and tone, where it was needled."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests import factories
from treatments.models import Measurement, NeedlingSession

pytestmark = pytest.mark.django_db


def treated(patient, therapist, *, days_ago: int, plan: str = "", measured=(), sites=(("is", 2),), **fields):
    """A signed session, with (kind, joint, before, after) and (muscle, insertions)."""
    at = timezone.now() - dt.timedelta(days=days_ago)
    visit = factories.arrived(patient, therapist, booked_for=at, arrived_at=at)
    session = factories.session(
        patient, therapist, visit=visit, opened_at=at, started_at=at, plan=plan, **fields
    )
    for kind, joint, before, after in measured:
        scale = "Modified Ashworth 0 to 4" if kind == "tone" else ""
        Measurement.objects.create(
            session=session, kind=kind, joint=joint, side="right", scale=scale, before=before, after=after
        )
    for muscle, count in sites:
        factories.site(session, muscle, insertions=count)
    return session


def sign(*sessions):
    for session in sessions:
        NeedlingSession.objects.filter(pk=session.pk).update(
            signed_at=timezone.now(), signed_by=session.therapist
        )


def glance_of(client, patient) -> dict:
    return client.get(patient.get_absolute_url()).context["glance"]


def test_motion_and_tone_stand_with_their_change_since_the_first_session(ada, therapist, signed_in):
    first = [("rom", "Neck rotation", 50, 60), ("tone", "Trapezius", 2, 1)]
    second = [("rom", "Neck rotation", 58, 72)]
    sign(
        treated(ada, therapist, days_ago=14, measured=first),
        treated(ada, therapist, days_ago=7, measured=second),
    )
    treated(ada, therapist, days_ago=0, measured=[("rom", "Neck rotation", 10, 10)])

    rows = glance_of(signed_in(therapist), ada)["measures"]

    assert [(row.what, row.first, row.now, row.change) for row in rows] == [
        ("Neck rotation, right, active", "50°", "72°", "+22°"),
        ("Muscle tone of Trapezius, right, Modified Ashworth 0 to 4", "2", "1", "−1"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (50, 50, ("50°", "50°", "no change")),
        (None, 60, ("60°", "60°", "no change")),
        (50.5, 48, ("50.5°", "48°", "−2.5°")),
    ],
)
def test_a_single_measurement_is_compared_with_itself(ada, therapist, signed_in, before, after, expected):
    sign(treated(ada, therapist, days_ago=1, measured=[("rom", "Neck rotation", before, after)]))
    (row,) = glance_of(signed_in(therapist), ada)["measures"]
    assert (row.first, row.now, row.change) == expected


def test_a_removed_line_and_one_without_values_are_not_shown(ada, therapist, signed_in):
    session = treated(
        ada,
        therapist,
        days_ago=1,
        measured=[("rom", "Neck rotation", 1, 2), ("rom", "Hip flexion", None, None)],
    )
    session.measurements.filter(joint="Neck rotation").update(struck_at=timezone.now(), struck_by=therapist)
    sign(session)
    assert glance_of(signed_in(therapist), ada)["measures"] == []


def test_the_last_plan_is_that_of_the_newest_signed_session_with_one(ada, therapist, signed_in):
    sign(
        treated(ada, therapist, days_ago=9, plan="Once a week."),
        treated(ada, therapist, days_ago=5, plan="Fewer sites."),
        treated(ada, therapist, days_ago=3),
    )
    treated(ada, therapist, days_ago=0, plan="Not signed yet.")
    assert glance_of(signed_in(therapist), ada)["plan"] == "Fewer sites."


def test_the_map_its_list_and_its_sentence_count_the_last_three_sessions(ada, therapist, signed_in):
    sign(*(treated(ada, therapist, days_ago=days, sites=[("is", days)]) for days in (9, 4, 3, 2)))
    page = signed_in(therapist).get(ada.get_absolute_url())
    glance = page.context["glance"]
    assert glance["needled"] == "9 insertions in the last 3 sessions"
    assert sum(row["count"] for row in glance["regions"]) == 9
    badges = [int(mark["badge"]) for figure in glance["figures"] for mark in figure["marks"].values()]
    assert sum(badges) == 9
    above_the_sessions = page.text.partition('id="sessions"')[0]
    assert re.findall(r'class="sub fig-side">(\w+)<', above_the_sessions) == ["Back"]


def test_visits_used_stand_against_those_that_are_planned(ada, therapist, signed_in):
    episode = factories.episode(ada, therapist, visits_before=4, target_visits=5)
    client = signed_in(therapist)
    for days, text in ((3, "5 of 5 planned"), (0, "6 of 5 planned")):
        treated(ada, therapist, days_ago=days, episode=episode)
        page = re.sub(r"\s+", " ", client.get(ada.get_absolute_url()).text)
        assert text in page
        assert ("More than planned" in page) is (days == 0)


def test_the_next_visit_is_the_first_that_still_stands(noon, ada, therapist, reception, signed_in):
    client = signed_in(therapist)
    assert client.get(ada.get_absolute_url()).context["next_visit"] is None
    now = timezone.now()
    for days, fields in ((1, {"cancelled_at": now, "cancelled_by": reception}), (6, {}), (3, {})):
        factories.visit(ada, therapist, booked_for=now + dt.timedelta(days=days), **fields)
    shown = client.get(ada.get_absolute_url()).context["next_visit"]
    assert shown["on"] == timezone.localdate() + dt.timedelta(days=3)


def test_the_desk_and_older_pages_have_no_glance(ada, therapist, reception, signed_in):
    session = treated(ada, therapist, days_ago=2, plan="Once a week.")
    sign(session)
    assert "At a glance" not in signed_in(reception).get(ada.get_absolute_url()).text
    assert "Once a week." not in signed_in(reception).get(ada.get_absolute_url()).text
    older = signed_in(therapist).get(ada.get_absolute_url(), {"before": session.ref})
    assert "At a glance" not in older.text
