"""The rows of a catalogue are the same ones while they read the same, and never older than the database."""

import pytest
from django.template.loader import render_to_string

from clinic.django_internals.catalogue_rows import VERSIONS_KEPT, CatalogueQuery, CatalogueRows
from tests import unknown_django
from treatments.models import Muscle
from treatments.selectors.sites import entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def query():
    return CatalogueQuery(lambda group: Muscle.objects.with_regions().filter(group=group).order_by("name"))


@pytest.fixture
def group():
    return Muscle.objects.order_by("name").first().group


def test_rows_that_read_the_same_are_the_same(query, group):
    first, again = query(group=group), query(group=group)

    assert first is again
    assert list(first) == list(Muscle.objects.filter(group=group).order_by("name"))
    assert first[0].region_rows


def test_a_row_that_was_changed_elsewhere_is_read_at_once(query, group):
    before = query(group=group)
    Muscle.objects.filter(pk=before[0].pk).update(angle_note="Toward the scapula.")

    after = query(group=group)

    assert after is not before
    assert after[0].angle_note == "Toward the scapula."
    assert before[0].angle_note != "Toward the scapula."


def test_a_region_that_was_taken_away_is_read_at_once(query, group):
    before = query(group=group)
    Muscle.objects.get(pk=before[0].pk).regions.clear()

    assert query(group=group)[0].region_rows == []


def test_other_values_have_rows_of_their_own(query, group):
    other = Muscle.objects.exclude(group=group).first().group

    assert {muscle.group for muscle in query(group=other)} == {other}
    assert {muscle.group for muscle in query(group=group)} == {group}


def test_ever_new_values_are_not_kept_without_end(query):
    for number in range(2 * VERSIONS_KEPT):
        query(group=f"group {number}")

    assert len(query.versions) == VERSIONS_KEPT


def test_what_is_made_of_rows_is_made_once_for_each_reading(query, group):
    made = []

    def names(rows):
        made.append([row.name for row in rows])
        return made[-1]

    assert query(group=group).once(names) is query(group=group).once(names)
    Muscle.objects.filter(group=group).update(angle_note="Other.")
    query(group=group).once(names)

    assert len(made) == 2


def test_the_plain_way_gives_the_same_rows_anew(query, group):
    quick = query(group=group)

    with unknown_django.unknown_release():
        plain = query(group=group)
        assert query(group=group) is not plain
    assert type(plain) is CatalogueRows
    assert [vars(row) | {"_state": None} for row in plain] == [vars(row) | {"_state": None} for row in quick]


def test_a_limit_that_the_practice_changes_is_proposed_at_once():
    code = entry.muscle_options([])[0]["code"]
    Muscle.objects.filter(code=code).update(angle_note="Read at once.")

    assert {row["code"]: row["note"] for row in entry.muscle_options([])}[code] == "Read at once."
    assert entry.muscle_options([])[0] is not entry.muscle_options([])[0]


def drawn(rows) -> str:
    return render_to_string("treatments/_muscle_list.html", {"muscles": rows})


def test_the_list_of_muscles_is_drawn_as_the_plain_way_draws_it():
    first, again = (drawn(entry.muscle_options([])) for _ in range(2))

    with unknown_django.unknown_release():
        assert first == again == drawn(entry.muscle_options([]))


def test_a_muscle_that_was_used_is_drawn_for_that_therapist_alone():
    plain, options = drawn(entry.muscle_options([])), entry.muscle_options([])
    options[0] |= {"used": 3, "needle": "0.30x75", "source": "own-last@2026-05-12"}

    assert 'data-used="3"' in drawn(options)
    assert drawn(entry.muscle_options([])) == plain


def test_a_needle_used_last_is_proposed_for_every_muscle_and_kept_for_few():
    def with_needle(number: int) -> str:
        rows = [row | {"needle": f"0.30x{number}"} for row in entry.muscle_options([])]
        return drawn(rows)

    for number in range(30, 50):
        assert f'data-needle="0.30x{number}"' in with_needle(number)
    assert all(len(row["drawings"]) <= 8 for row in entry.muscle_options([]))
