"""The rules of a needled site as tables; numbers refer to the domain facts, sections 2, 3 and 13."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from treatments.rules.sites import entry, needled_site

NOW = dt.datetime(2026, 5, 14, 9, 0, tzinfo=dt.UTC)
PLAIN = needled_site.NeedledSite(
    key="k1", number=1, name="Soleus", side="left", technique="in_out", gauge_mm=Decimal("0.30"),
    length_mm=40, depth_mm=20, needles=1, insertions=2, twitches=1, consent_group="leg-foot", region="Calf",
)  # fmt: skip
LUNG = replace(
    PLAIN, name="Rhomboid major", side="right", hazards=frozenset({"lung"}), depth_limit_mm=19,
    limit_is_approved=True, depth_mm=15,
)  # fmt: skip
ILLINOIS = needled_site.SiteConstraints("Illinois", 0, False, True)
GENERAL = needled_site.SiteConstraints("General")
LOCAL = needled_site.SiteConstraints(
    "Illinois", local_points_only=True, suggested=frozenset({"so"}), source="225 ILCS 90/1.5"
)


def limits_for(code: str) -> needled_site.SiteConstraints:
    return needled_site.SiteConstraints(concerns=(needled_site.ScreeningConcern(code, code, "Take care."),))


WITH_BLOOD_THINNER, PREGNANT, WITH_PACEMAKER, WITH_LUNG_DISEASE = map(
    limits_for, ("blood-thinner", "pregnant-today", "pacemaker", "lungs")
)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, set()),
        ({"name": ""}, {"muscle-missing"}),
        ({"side": ""}, {"side-missing"}),
        ({"side": "both"}, {"side-missing"}),
        ({"technique": ""}, {"technique-missing"}),
        ({"insertions": None}, {"insertions-missing"}),
        ({"insertions": 0}, {"insertions-missing"}),
        ({"insertions": 1}, set()),
        ({"insertions": 99}, set()),
        ({"insertions": 100}, {"insertions-missing"}),
        ({"needles": 0}, {"needles-missing"}),
        ({"twitches": None}, {"twitches-missing"}),
        ({"twitches": 0}, set()),
        ({"twitches": -1}, {"twitches-missing"}),
        ({"gauge_mm": None}, {"needle-missing"}),
        ({"gauge_mm": Decimal("0.05")}, {"needle-missing"}),
        ({"gauge_mm": Decimal("0.10")}, set()),
        ({"gauge_mm": Decimal("0.90")}, set()),
        ({"gauge_mm": Decimal("0.91")}, {"needle-missing"}),
        ({"length_mm": 4, "depth_mm": 4}, {"needle-missing"}),
        ({"length_mm": 5, "depth_mm": 5}, set()),
        ({"length_mm": 150}, set()),
        ({"length_mm": 151}, {"needle-missing"}),
        ({"depth_mm": None}, set()),
        ({"depth_mm": 40}, set()),
        ({"depth_mm": 41}, {"depth-beyond-needle"}),
        ({"dwell_seconds": -60}, {"dwell-impossible"}),
        ({"dwell_seconds": 4 * 3600}, set()),
        ({"dwell_seconds": 4 * 3600 + 1}, {"dwell-impossible"}),
        ({"needle_in_at": NOW, "needle_out_at": NOW - dt.timedelta(seconds=1)}, {"out-before-in"}),
        ({"needle_out_at": NOW}, {"out-before-in"}),
        ({"needle_in_at": NOW, "needle_out_at": NOW}, set()),
        ({"side": "", "twitches": None}, {"side-missing", "twitches-missing"}),
    ],
)
def test_a_row_that_cannot_be_kept_says_everything_that_is_missing(change, codes):
    found = entry.entry_reasons(replace(PLAIN, **change))

    assert {reason.code for reason in found} == codes
    assert all(reason.field for reason in found)


def test_over_the_lung_the_depth_is_needed():
    found = entry.entry_reasons(replace(LUNG, depth_mm=None))

    assert [(reason.code, reason.field) for reason in found] == [("depth-missing", "depth_mm")]


@pytest.mark.parametrize(
    ("site", "limits", "rules"),
    [
        (PLAIN, GENERAL, set()),
        (LUNG, GENERAL, set()),
        (replace(LUNG, depth_mm=19), GENERAL, set()),
        (replace(LUNG, depth_mm=20), GENERAL, {"depth-over-limit"}),
        # without an approved limit what is published asks: facts 2026-11, westjem
        (replace(LUNG, depth_limit_mm=None, limit_is_approved=False, depth_mm=9), GENERAL, set()),
        (
            replace(LUNG, depth_limit_mm=None, limit_is_approved=False, depth_mm=10),
            GENERAL,
            {"depth-over-published"},
        ),
        # a limit that nobody approved, deeper than what is published: up to it the published depth asks
        (replace(LUNG, limit_is_approved=False, depth_mm=19), GENERAL, {"depth-over-published"}),
        (replace(LUNG, limit_is_approved=False, depth_mm=20), GENERAL, {"depth-over-limit"}),
        # suboccipital needles of more than 40 mm: domain facts 2.1, S33 and S34
        (replace(PLAIN, group="Neck", hazards=frozenset({"cord"}), length_mm=40), GENERAL, set()),
        (
            replace(PLAIN, group="Neck", hazards=frozenset({"vert"}), length_mm=50),
            GENERAL,
            {"long-needle-at-neck"},
        ),
        (replace(PLAIN, group="Lumbar", hazards=frozenset({"cord"}), length_mm=50), GENERAL, set()),
        # kidney and peritoneum with 75 mm: domain facts 2.1, S36
        (replace(PLAIN, hazards=frozenset({"abd"}), length_mm=60), GENERAL, set()),
        (replace(PLAIN, hazards=frozenset({"abd"}), length_mm=75), GENERAL, {"long-needle-at-abdomen"}),
        # Illinois leaves needle retention and stimulation leads out: domain facts 3.1, S1
        (replace(PLAIN, technique="static", needles=2), ILLINOIS, {"dwell-over-limit"}),
        (replace(PLAIN, dwell_seconds=60, needles=2), ILLINOIS, {"dwell-over-limit"}),
        (replace(PLAIN, dwell_seconds=0, needles=2), ILLINOIS, set()),
        (
            replace(PLAIN, technique="stimulated", needles=2),
            ILLINOIS,
            {"dwell-over-limit", "stimulation-not-allowed"},
        ),
        (replace(PLAIN, technique="stimulated", dwell_seconds=600), GENERAL, set()),
        (
            replace(PLAIN, technique="static", dwell_seconds=599),
            needled_site.SiteConstraints("X", 600),
            set(),
        ),
        (
            replace(PLAIN, technique="static", dwell_seconds=600),
            needled_site.SiteConstraints("X", 600),
            set(),
        ),
        (
            replace(PLAIN, technique="static", dwell_seconds=601),
            needled_site.SiteConstraints("X", 600),
            {"dwell-over-limit"},
        ),
        (PLAIN, needled_site.SiteConstraints(consented=frozenset({"leg-foot"})), set()),
        (PLAIN, needled_site.SiteConstraints(consented=frozenset({"back"})), {"region-not-consented"}),
        # a course is asked about where the place is known
        (PLAIN, needled_site.SiteConstraints(covered=frozenset({"b-lumb"})), set()),
        (replace(PLAIN, standing="contraindicated"), GENERAL, {"muscle-not-recommended"}),
        (replace(PLAIN, standing="advanced"), GENERAL, set()),
        # points must be local, by the muscle or by what was felt: domain facts 2 (Illinois) and 3.1, S1
        (PLAIN, LOCAL, {"point-not-local"}),
        (replace(PLAIN, has_finding=True), LOCAL, set()),
        (replace(PLAIN, muscle_code="so"), LOCAL, set()),
        (replace(PLAIN, muscle_code="ut"), LOCAL, {"point-not-local"}),
        # deep muscles that cannot be pressed, with a blood thinner: domain facts 4.1, S22a
        (PLAIN, WITH_BLOOD_THINNER, set()),
        (replace(PLAIN, hazards=frozenset({"deep"})), WITH_BLOOD_THINNER, {"bleeding-deep"}),
        (replace(PLAIN, depth_class="deep"), WITH_BLOOD_THINNER, {"bleeding-deep"}),
        (replace(PLAIN, depth_class="superficial"), WITH_BLOOD_THINNER, set()),
        # low back, pelvis and abdomen in pregnancy: domain facts 4.1
        (PLAIN, PREGNANT, set()),
        (replace(PLAIN, group="Lumbar and pelvis"), PREGNANT, {"pregnancy-low"}),
        (replace(PLAIN, hazards=frozenset({"abd"})), PREGNANT, {"pregnancy-low"}),
        (replace(PLAIN, consent_group="hip"), PREGNANT, {"pregnancy-low"}),
        # a device and stimulation: domain facts 4.1, S27
        (PLAIN, WITH_PACEMAKER, set()),
        (replace(PLAIN, technique="stimulated"), WITH_PACEMAKER, {"device-stimulated"}),
        # a diseased or near lung: domain facts 4.1, S102, S36, S100
        (PLAIN, WITH_LUNG_DISEASE, set()),
        (LUNG, WITH_LUNG_DISEASE, {"chest-at-risk"}),
    ],
)  # fmt: skip
def test_what_a_row_asks_a_reason_for(site, limits, rules):
    prompts = entry.site_prompts(site, limits)

    assert {prompt.rule for prompt in prompts} == rules
    assert all(prompt.site_key == site.key for prompt in prompts)


@pytest.mark.parametrize(
    ("named", "region", "side", "is_asked"),
    [
        ("left", "b-sol", "left", True),
        ("left", "b-sol", "right", False),
        # the midline touches both sides
        ("left", "b-sol", "midline", True),
        ("midline", "b-sol", "left", True),
        ("midline", "b-sol", "right", True),
        ("midline", "b-sol", "midline", True),
        ("left", "b-lumb", "left", False),
    ],
)
def test_an_answer_about_one_side_is_asked_about_there_and_at_the_midline(named, region, side, is_asked):
    swollen = needled_site.AvoidedRegion("lymph", "Swelling", "Leave it.", frozenset({("b-sol", named)}))
    limits = needled_site.SiteConstraints(avoided=(swollen,))
    site = replace(PLAIN, region_code=region, side=side)

    assert ("avoid-lymph" in {prompt.rule for prompt in entry.site_prompts(site, limits)}) is is_asked


@pytest.mark.parametrize(
    ("sites", "limits", "rules"),
    [
        # both sides of the thorax: domain facts 2.1, S32
        ((LUNG, replace(LUNG, key="k2", side="left")), GENERAL, {"both-lungs"}),
        ((LUNG, replace(LUNG, key="k2")), GENERAL, set()),
        ((replace(LUNG, side="left"),), GENERAL, set()),
        ((LUNG, replace(PLAIN, key="k2")), GENERAL, set()),
        # one needle for each insertion at each site: domain facts 3.4, S1
        ((replace(PLAIN, needles=2),), ILLINOIS, set()),
        ((PLAIN,), ILLINOIS, {"insertions-over-needles"}),
        ((PLAIN,), GENERAL, set()),
        (
            (replace(PLAIN, insertions=25, needles=1), replace(PLAIN, key="k2", insertions=30, needles=54)),
            ILLINOIS,
            {"insertions-over-needles", "needles-over-insertions"},
        ),
    ],
)  # fmt: skip
def test_what_a_session_asks_a_reason_for(sites, limits, rules):
    assert {prompt.rule for prompt in entry.prompts(sites, limits)} == rules


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(480, "8 minutes"), (60, "1 minute"), (460, "7 min 40 s"), (5, "5 s"), (0, "0 minutes")],
)
def test_dwell_time_in_words(seconds, text):
    assert needled_site.duration_text(seconds) == text


def test_dwell_by_instants_is_what_passed():
    site = replace(PLAIN, needle_in_at=NOW, needle_out_at=NOW + dt.timedelta(minutes=7, seconds=40))

    assert needled_site.dwell_of(site) == 460
    assert needled_site.dwell_of(replace(site, dwell_seconds=480)) == 480


def test_a_caution_of_the_profile_names_its_source():
    [prompt] = entry.site_prompts(PLAIN, LOCAL)

    assert prompt.source == "225 ILCS 90/1.5"


@pytest.mark.parametrize(
    ("allowed", "care", "rules"),
    [
        (False, "Heat for ten minutes", {"added-modality"}),
        (False, "  ", set()),
        (True, "Heat for ten minutes", set()),
        (None, "Heat for ten minutes", set()),
    ],
)
def test_other_treatment_is_a_caution_where_the_profile_allows_none_with_the_needles(allowed, care, rules):
    limits = needled_site.SiteConstraints("Illinois", added_modality_allowed=allowed)

    about = needled_site.SessionValues(other_care=care)
    assert {prompt.rule for prompt in entry.prompts([PLAIN], limits, about)} == rules


def test_every_answer_behind_a_rule_is_named_once():
    limits = needled_site.SiteConstraints(
        concerns=(
            needled_site.ScreeningConcern("blood-thinner", "Blood thinner", "Start superficial."),
            needled_site.ScreeningConcern("new-blood-thinner", "Blood thinner", "Start superficial."),
            needled_site.ScreeningConcern(
                "bleeding-disorder", "Bleeding disorder", "Decide with the referrer."
            ),
        )
    )

    [prompt] = entry.site_prompts(replace(PLAIN, hazards=frozenset({"deep"})), limits)

    assert "blood thinner and bleeding disorder" in prompt.message
