"""Where muscles lie is the same, read in one list of all of them or in one of each."""

import pytest

from treatments.models import Muscle
from treatments.selectors.sites import entry

pytestmark = pytest.mark.django_db


def test_every_muscle_lies_where_it_does_by_itself():
    apart = {muscle.pk: muscle.region_rows for muscle in Muscle.objects.current().with_regions()}
    together = {muscle.pk: muscle.region_rows for muscle in entry.CURRENT_MUSCLES()}

    assert together == apart
    assert any(len(rows) > 1 for rows in together.values())


def test_a_retired_muscle_and_its_regions_are_left_out():
    first, second = Muscle.objects.current().order_by("name")[:2]
    Muscle.objects.filter(pk=first.pk).update(retired_at="2026-03-10T08:00Z")

    found = entry.CURRENT_MUSCLES()
    assert first.pk not in {muscle.pk for muscle in found}
    assert found[0].region_rows == Muscle.objects.with_regions().get(pk=second.pk).region_rows


def test_without_any_muscle_there_is_nothing_to_put():
    Muscle.objects.update(retired_at="2026-03-10T08:00Z")
    assert entry.CURRENT_MUSCLES() == []
