"""A change of pain is judged by the condition where a source gives a value, else by the general one."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import Practice
from patients.models import Condition
from tests import factories
from treatments.models import NeedlingSession, SessionCondition
from treatments.rules.record import pain_change, trends
from treatments.rules.record.patient_sessions import PainScore, Treatment


@pytest.mark.parametrize(
    ("region", "general", "points", "name"),
    [
        ("shoulder", 2, 2.17, "shoulder, Michener 2011"),
        ("shoulder", 3, 2.17, "shoulder, Michener 2011"),
        ("neck", 2, 2, "general value, PMC7053735"),
        ("", 2, 2, "general value, PMC7053735"),
        ("neck", 3, 3, "the practice's own value"),
    ],
)
def test_the_value_is_that_of_the_condition_else_the_general_one(region, general, points, name):
    felt = pain_change.felt_in(region, general=general)
    assert (felt.points, felt.name) == (points, name)


@pytest.mark.parametrize(
    ("before", "region", "verdict"),
    [
        ([6, 4], "shoulder", "it is 2: less than is felt"),
        ([6, 4], "neck", "it is 2: as much as is felt"),
        ([7, None, 4], "shoulder", "it is 3: as much as is felt"),
        ([4, 7], "shoulder", "it is 3: as much as is felt"),
        ([5, 5], "neck", "it is 0: less than is felt"),
    ],
)
def test_two_points_are_felt_in_general_and_not_at_the_shoulder(before, region, verdict):
    found = pain_change.sentences(before, pain_change.felt_in(region, general=2))
    assert verdict in found[-1]


@pytest.mark.parametrize(
    ("region", "general", "worst", "is_told"),
    [
        ("shoulder", 2, 7, False),
        ("shoulder", 2, 8, True),
        ("shoulder", 3, 8, True),
        ("neck", 2, 7, True),
        ("neck", 3, 7, False),
        ("neck", 3, 8, True),
    ],
)
def test_a_visit_in_between_is_told_from_a_change_on_that_is_felt_there(region, general, worst, is_told):
    start = dt.datetime(2026, 4, 7, 15, tzinfo=dt.UTC)
    visits = [
        Treatment(
            f"R{n}", start + dt.timedelta(weeks=n), pains=(PainScore(1, "Pain", "left", before, 3, region),)
        )
        for n, before in enumerate((5, worst, 5))
    ]

    [points] = trends.series(visits, general=general).values()

    assert ("in between" in trends.finding(points)) is is_told


@pytest.mark.parametrize("before", [[], [None], [6], [None, 6]])
def test_one_score_is_not_judged(before):
    assert len(pain_change.sentences(before, pain_change.felt_in("neck", general=2))) == 1


@pytest.mark.django_db
def test_trends_judge_a_shoulder_by_the_shoulders_value(signed_in, therapist, draft):
    row = SessionCondition.objects.get(session=draft)
    shoulder = Condition.objects.filter(region="shoulder").first()
    type(row.patient_condition).objects.filter(pk=row.patient_condition_id).update(condition=shoulder)
    SessionCondition.objects.filter(pk=row.pk).update(pain_before=6, pain_after=4)
    NeedlingSession.objects.filter(pk=draft.pk).update(
        signed_at=timezone.now(), signed_by=therapist, ended_at=timezone.now()
    )

    page = signed_in(therapist).get(reverse("treatments:trends", args=[draft.patient.ref]))

    assert page.context["felt"] == [
        "A change of 2.17 points or more is usually felt (shoulder, Michener 2011)."
    ]


@pytest.mark.parametrize(("own", "is_told"), [(2, True), (3, False)])
@pytest.mark.django_db
def test_record_and_trends_tell_a_visit_in_between_by_the_practices_value(
    signed_in, therapist, ada, own, is_told
):
    Practice.objects.update(meaningful_change=own)
    for weeks, before in ((3, 5), (2, 7), (1, 5)):
        at = timezone.now() - dt.timedelta(weeks=weeks)
        one = factories.session(ada, therapist, opened_at=at, started_at=at, ended_at=at)
        factories.session_condition(one, pain_before=before, pain_after=3)
        NeedlingSession.objects.filter(pk=one.pk).update(signed_at=at, signed_by=therapist)
    client = signed_in(therapist)

    for page in (reverse("treatments:trends", args=[ada.ref]), ada.get_absolute_url()):
        assert ("in between" in client.get(page).text) is is_told, page
