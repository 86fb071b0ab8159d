"""What may stand in a field before anybody answered it, and how the origin of a value is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.treatments import notes
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import correction as site_correction
from treatments.actions.sites import entry as site_entry
from treatments.forms.session.fields import SessionForm
from treatments.forms.session.measuring import MeasurementForm
from treatments.forms.sites.entry import SiteForm
from treatments.rules.sites import origins, proposals
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import entry

# source: experience 1.2
NEVER = (
    "side", "insertions", "twitches", "pain_before", "pain_after", "needles_out", "needles_opened",
    "needles_unused", "tolerance", "tolerance_detail", "pain_during", "bleeding", "taut_band", "nodule",
    "referral_reproduced", "note", "plan", "advice", "muscle", "lot",
)  # fmt: skip


@pytest.mark.parametrize("field", NEVER)
def test_sides_counts_and_outcomes_are_never_filled_in(field):
    assert proposals.policy_of(field) == proposals.ProposalPolicy.NEVER
    assert not proposals.may_propose(field)


def test_a_depth_is_proposed_away_from_the_lung_only():
    assert proposals.may_propose("depth_mm")
    assert not proposals.may_propose("depth_mm", over_lung=True)


@pytest.mark.django_db
def test_no_form_of_the_session_begins_with_an_answer(draft):
    found = drafts.whole(draft.pk)
    forms = (SessionForm(draft=found), SiteForm(choices=found.site_choices), MeasurementForm(kind="ppt"))

    filled = {name for form in forms for name in form.fields if form[name].value() not in (None, "", False)}

    assert {
        name
        for name in filled
        if proposals.policy_of(name.partition("-")[0]) == proposals.ProposalPolicy.NEVER
    } == set()


@pytest.mark.django_db
def test_the_typeahead_proposes_equipment_only(draft):
    for muscle in ("ut", "so"):
        factories.site(draft, muscle, depth_mm=15)

    offered = {row["code"]: row for row in entry.muscle_options(draft.sites.select_related("muscle"))}

    assert (offered["ut"]["depth"], offered["so"]["depth"]) == ("", 15)
    assert not {"side", "insertions", "twitches"} & offered["so"].keys()


@pytest.mark.django_db
def test_what_is_known_here_is_told_apart_from_what_the_hand_uses(draft):
    here = draft.sites.select_related("muscle")
    factories.site(draft, "ut")

    row = next(row for row in entry.muscle_options([], here.all()) if row["code"] == "ut")

    assert (row["known"], row["used"]) == (1, 0)


@pytest.mark.parametrize(
    ("insertions", "technique", "one_each", "needles"),
    [
        (3, "piston", True, 3),
        (3, "piston", False, 1),
        (None, "piston", True, None),
        (None, "piston", False, 1),
        (3, "static", False, 3),
        (3, "stimulated", False, 3),
    ],
)
def test_needles_are_the_insertions_where_each_stays_or_the_profile_wants_one_each(
    insertions, technique, one_each, needles
):
    """A needle too few in the count is one that nobody looks for."""
    assert proposals.needles_for(insertions, technique=technique, one_each=one_each) == needles


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("side:tapped,needle:hand@2026-05-05", {"side": "tapped", "needle": "hand@2026-05-05"}),
        ("muscle:plan,side:plan", {"muscle": "plan", "side": "plan"}),
        ("insertions:hand,twitches:plan", {"insertions": "typed", "twitches": "typed"}),
        ("side:usual", {"side": "typed"}),
        ("needle:hand@2026-13-45", {"needle": "hand"}),
        ("needle:magic,nothing:typed,,:", {}),
    ],
)
def test_only_what_may_be_proposed_counts_as_proposed(said, kept):
    assert origins.parse(said) == kept


def test_a_depth_over_the_lung_was_never_proposed():
    assert origins.parse("depth_mm:hand", over_lung=True) == {"depth_mm": "typed"}


@given(st.text(max_size=200))
def test_no_text_raises_and_what_is_written_reads_back(text):
    found = origins.parse(text)

    assert origins.parse(origins.serialize(found)) == found
    assert all(origins.source_label(source) for source in found.values())


@pytest.mark.django_db
def test_the_read_back_says_where_a_value_came_from_and_a_correction_types_it(draft, therapist, signed_in):
    note = notes.ready(draft)
    site = note.sites.get()
    values = {"muscle": site.muscle, "side": "left", "technique": "in_out", "tissue": "trigger_point",
              "gauge_mm": site.gauge_mm, "length_mm": 40, "depth_mm": 20, "needles": 1, "insertions": 2,
              "twitches": 1, "region": site.region}  # fmt: skip
    came = {"side": "tapped", "needle": "hand@2026-05-05", "depth_mm": "usual", "needles": "count"}
    (kept,) = site_entry.add(note, by=therapist, key=site.key.__class__(int=7), origins=came, **values)
    site_correction.change(
        note, by=therapist, key=kept.site.key, stamp=Stamp(base_version=kept.version), depth_mm=25
    )

    page = signed_in(therapist).get(f"{note.get_absolute_url()}sign/", headers={"X-Live": "1"}).text

    assert "your last, May 5: needle" in page
    assert "usual: depth" not in page
    read = origins.site_origins(drafts.signed_by(therapist, note.ref).site_changes)
    assert read[str(kept.site.key)] == {**came, "depth_mm": "typed"}
