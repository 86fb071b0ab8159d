"""A sealed text says the source words, whatever language is active."""

import datetime as dt

import pytest
from django.utils.translation import gettext, gettext_lazy, ngettext

from clinic import formats
from clinic.values.words import in_source_words
from tests import pseudo_locale

LATER = gettext_lazy("Signed")


@pytest.fixture
def _bracketed():
    with pseudo_locale.active():
        yield


@pytest.mark.usefixtures("_bracketed")
def test_a_message_gives_its_source_text_inside_and_its_translation_outside():
    def messages():
        return str(LATER), gettext("Signed"), ngettext("one", "many", 2)

    with in_source_words():
        inside = messages()

    assert inside == ("Signed", "Signed", "many")
    assert messages() == ("⟦Signed⟧", "⟦Signed⟧", "⟦many⟧")


@pytest.mark.usefixtures("_bracketed")
def test_the_language_comes_back_when_sealing_fails():
    with pytest.raises(ValueError, match="broken"), in_source_words():
        raise ValueError("broken")

    assert str(LATER) == "⟦Signed⟧"


@pytest.mark.usefixtures("_bracketed")
def test_source_words_may_be_asked_for_within_source_words():
    with in_source_words():
        with in_source_words():
            assert str(LATER) == "Signed"
        assert str(LATER) == "Signed"


def test_days_are_still_written_as_in_the_country_of_the_practice():
    with in_source_words():
        assert formats.day(dt.date(2026, 11, 28)) == "Nov 28, 2026"
