"""The rules of all states side by side: what was found with its source, and what was not."""

from pathlib import Path

import pytest
from django.urls import reverse

from clinic.catalogues import table_sync
from clinic.models import Jurisdiction
from clinic.rules import all_states
from clinic.selectors import all_states as all_states_selectors
from clinic.wiring import CATALOGUES

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs" / "states.md"


def test_the_page_has_every_profile_with_its_sources(lead, signed_in):
    page = signed_in(lead).get(reverse("state-rules"))

    rows = table_sync.read(CATALOGUES / "jurisdictions.csv")
    assert len(page.context["cards"]) == len(rows) == 52
    assert {(card.code, card.source) for card in page.context["cards"]} == {
        (row["code"], row["source"]) for row in rows
    }


def test_an_administrator_reads_it_and_records_nothing(admin, signed_in):
    page = signed_in(admin).get(reverse("state-rules"))

    assert page.status_code == 200
    assert reverse("state-counsel", args=["us-or-pt"]) not in page.text


def test_a_lead_finds_the_way_to_record_what_counsel_says(lead, signed_in):
    page = signed_in(lead).get(reverse("state-rules")).text

    for code in ("us-ca-pt", "us-hi-pt", "us-ny-pt", "us-or-pt"):
        assert reverse("state-counsel", args=[code]) in page
    assert reverse("state-counsel", args=["us-il-pt"]) not in page


def test_a_rule_is_found_or_named_in_what_to_ask_counsel():
    for profile in Jurisdiction.objects.exclude(state=""):
        for name in all_states.missing(profile):
            assert str(all_states.FACTS[name]).lower() in all_states.ask_counsel(profile), (profile, name)
        assert profile.searched_in in all_states.ask_counsel(profile)


def test_found_and_not_found_are_every_rule_together():
    for profile in Jurisdiction.objects.all():
        assert len(all_states.found(profile)) + len(all_states.missing(profile)) == len(all_states.FACTS)


def test_no_means_found(lead):
    virginia = Jurisdiction.objects.get(code="us-va-pt")

    assert "not_acupuncture_statement" in all_states.found(virginia)
    assert "copy_to_patient" in all_states.missing(virginia)


def test_illinois_leaves_no_needle_in_is_a_value():
    assert "max_dwell_seconds" in all_states.found(Jurisdiction.objects.get(code="us-il-pt"))


def test_the_document_counts_what_was_found_and_what_was_not():
    lines = list(all_states.table(all_states_selectors.profiles()))

    assert len(lines) == 54
    assert "\n".join(lines) in DOCS.read_text(encoding="utf-8")


def test_the_general_profile_asks_nothing_of_counsel():
    assert all_states.ask_counsel(Jurisdiction.objects.get(code="general")) == ""
