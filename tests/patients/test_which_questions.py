"""Which health questions are asked: of a limb which one, and at a first visit nothing about the last."""

import datetime as dt

import pytest
from django.utils import timezone

from patients.forms.screenings import QuestionsForm
from patients.models import Visit
from patients.rules import body_areas, screenings
from patients.selectors.screenings import asked_now
from tests import factories
from tests.catalogue_files import by_code, rows

pytestmark = pytest.mark.django_db


def codes(patient, kind="visit") -> set[str]:
    return {item.code for item in asked_now(kind, patient=patient)}


def test_at_a_first_visit_nobody_is_asked_what_is_new_since_the_last(ada, therapist):
    factories.arrived(ada, therapist)
    assert not codes(ada) & screenings.SINCE_LAST_VISIT
    assert {"chest-today", "fever-today", "pregnant-today"} <= codes(ada)


def test_after_an_earlier_visit_it_is_asked(ada, therapist):
    visit = factories.arrived(ada, therapist)
    Visit.objects.filter(pk=visit.pk).update(arrived_at=timezone.now() - dt.timedelta(days=2))
    assert codes(ada) >= screenings.SINCE_LAST_VISIT


def test_visits_before_filiform_count(ada, therapist):
    episode = factories.episode(ada, therapist)
    type(episode).objects.filter(pk=episode.pk).update(visits_before=3)
    assert codes(ada) >= screenings.SINCE_LAST_VISIT


def test_every_question_since_the_last_visit_says_so():
    asks = ("since your last", "after your last")
    visit = (row for row in rows("screening_items") if row["kind"] == "visit")
    since = {row["code"] for row in visit if any(words in row["question"] for words in asks)}
    assert since == screenings.SINCE_LAST_VISIT


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("heart-valve", "caution"), ("unstable-angina", "stop"), ("arrhythmia", "caution"),
        ("heart-surgery", "caution"), ("radiotherapy", "caution"), ("neuropathy", "caution"),
        ("needle-fear", "stop"), ("willing", "stop"), ("can-decide", "stop"), ("ill-now", "stop"),
        ("lymph-swelling", "stop"), ("epilepsy", "caution"), ("weak-immune", "caution"),
    ],
)  # fmt: skip
def test_published_lists_are_asked_with_their_level_and_source(code, level):
    row = by_code("screening_items")[code]
    assert (row["level"], bool(row["source"])) == (level, True)


def test_lymph_swelling_asks_for_an_arm_or_a_leg_and_means_all_of_it(ada):
    items = list(asked_now("intake", patient=ada))
    form = QuestionsForm(items=items, areas=body_areas.current())
    field = form.fields[screenings.regions_field("lymph-swelling")]
    assert [label for _, label in field.choices] == ["Arm, left", "Arm, right", "Leg, left", "Leg, right"]

    chosen = body_areas.regions_of(["arm-hand:left"], body_areas.limbs())
    assert {place["region"] for place in chosen} >= {"f-arm", "f-hand", "b-ext", "f-delt", "b-delt"}
    assert {place["side"] for place in chosen} == {"left"}


def test_a_part_of_a_limb_that_was_named_before_means_the_whole_limb():
    meant = body_areas.meant_by("lymph-swelling", [{"region": "f-foot", "side": "right"}])
    assert {place["region"] for place in meant} >= {"f-foot", "f-add", "b-gmax", "b-sol"}
    one = ({"region": "f-foot", "side": "right"},)
    assert body_areas.meant_by("skin", one) == one
