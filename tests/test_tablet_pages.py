"""What patients read on the tablet says what a US clinic says, with days and times of the United States."""

import pytest
from django.db import transaction

from tests import tablet_pages, words
from tests.foreign_formats import foreign

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker) -> dict[str, str]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield tablet_pages.of_the_demo()
        transaction.set_rollback(True)


def test_every_page_of_a_hand_over_is_read(pages):
    """Both questionnaires, consent and added regions, of an adult and a child; what is sent or closed."""
    assert len(pages) > 60
    assert len({name for name in pages if "refused" in name}) > 20


def test_the_tablet_holds_no_word_of_the_list(pages):
    found = {name: words.unwanted(words.of_page(html)) for name, html in pages.items()}

    assert {name: hits for name, hits in found.items() if hits} == {}


def test_the_tablet_shows_american_days_and_times(pages):
    assert {name: seen for name, html in pages.items() if (seen := foreign(html))} == {}
