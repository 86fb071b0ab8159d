"""Every muscle and every place over the lung at each depth and length: nothing passes in silence."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from treatments.models import NeedledPlace
from treatments.rules.session.parts import DraftSite, SiteMuscle, SiteRegion
from treatments.rules.sites import depth_bound, entry, hazards, needled_site, over_lung, places

ROOT = Path(__file__).resolve().parents[2]
ANYWHERE = needled_site.SiteConstraints()
LENGTHS = (15, 25, 30, 39, 40, 41, 49, 50, 60, 74, 75, 100, 150)


def rows(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


REGIONS = {
    row["code"]: SiteRegion(
        row["code"], row["name"], row["view"], row["consent_group"], row["over_lung"] == "yes"
    )
    for row in rows("clinic/catalogues/body_regions.csv")
}
MUSCLES = {
    row["code"]: SiteMuscle(row["code"], row["name"], row["group"], listed(row["hazards"]))
    for row in rows("treatments/catalogues/muscles.csv")
}
# every muscle in each of its places, and a muscle that no catalogue lists in every place
PLACES = [
    *((MUSCLES[row["code"]], REGIONS[code]) for row in rows("treatments/catalogues/muscles.csv")
      for code in listed(row["regions"])),
    *((None, region) for region in REGIONS.values()),
]  # fmt: skip
# a muscle of the practice's own, of which nobody said what lies near it
OWN = SiteMuscle("own-x", "A muscle of the practice")
OVER_LUNG = [place for place in PLACES if over_lung.is_over_lung(*place)]


def site(muscle, region, *, length: int = 150, depth: int | None = None, side: str = "right", **of_muscle):
    muscle = replace(muscle, **of_muscle) if muscle else None
    row = DraftSite(
        "k1", 1, side, muscle, "" if muscle else "A muscle of no catalogue", region,
        gauge_mm=Decimal("0.30"), length_mm=length, depth_mm=depth,
    )  # fmt: skip
    return needled_site.from_row(row)


def asked(judged) -> set[str]:
    return {prompt.rule for prompt in entry.site_prompts(judged, ANYWHERE)}


def refused(judged) -> set[str]:
    return {reason.code for reason in entry.entry_reasons(judged)}


@pytest.mark.parametrize(
    ("muscle", "region", "expected"),
    [
        ("is", "b-infra", True),
        ("tm", "b-infra", True),
        ("rho", "b-rhom", True),
        ("les", "b-ql", True),
        ("les", "b-lumb", False),
        ("so", "b-sol", False),
        (None, "b-mid", True),
        (None, "f-ser", True),
        (None, "b-sol", False),
        # a row of before, whose place nobody recorded
        ("rho", None, True),
        ("is", None, False),
    ],
)
def test_over_the_lung_is_said_by_the_muscle_or_by_the_place(muscle, region, expected):
    assert over_lung.is_over_lung(MUSCLES.get(muscle), REGIONS.get(region)) is expected
    assert site(MUSCLES.get(muscle), REGIONS.get(region)).over_lung is expected


def test_where_nobody_knows_the_place_a_lung_and_the_cord_are_taken_to_lie_beneath():
    assert over_lung.is_over_lung(None, None) is True
    assert places.of_site(None, None) == {NeedledPlace.LUNG, NeedledPlace.SPINE}
    # the session does not say what nobody knows: it asks where the muscle lies
    assert site(None, None).hazards == frozenset()


def test_a_row_of_a_list_is_judged_as_a_row_of_its_table():
    for muscle, region in PLACES:
        given = (list(muscle.hazards) if muscle else None, region.over_lung)
        assert over_lung.row_is_over_lung(*given) is over_lung.is_over_lung(muscle, region)
    assert over_lung.row_is_over_lung(None, None) is True
    assert over_lung.row_is_over_lung([], None) is False


def test_every_place_over_ribs_asks_for_the_depth():
    assert len(OVER_LUNG) > 40
    for muscle, region in PLACES:
        needs_depth = "depth-missing" in refused(site(muscle, region))
        assert needs_depth is over_lung.is_over_lung(muscle, region), (muscle, region)


def test_no_depth_over_the_lung_passes_in_silence_without_an_approved_limit():
    silent, judged = [], 0
    for muscle, region in OVER_LUNG:
        for length in LENGTHS:
            for depth in range(1, length + 1):
                found, judged = site(muscle, region, length=length, depth=depth), judged + 1
                if not hazards.published_note(found) and hazards.OVER_PUBLISHED not in asked(found):
                    silent.append((muscle, region, length, depth))

    assert judged > 30_000
    assert silent == []


@pytest.mark.parametrize(
    ("muscle", "region", "last_silent"),
    [
        # source: facts 2026-11, authorea 494323
        ("rho", "b-rhom", 19),
        ("rhn", "b-rhom", 19),
        # source: domain facts 2.1, S82
        ("ut", "b-utrap", 12),
        ("ls", "b-cerv", 12),
        ("ss", "b-supra", 12),
        (None, "b-supra", 12),
        # source: facts 2026-11, westjem: reached at 10 to 20 mm
        ("is", "b-infra", 9),
        ("mt", "b-rhom", 9),
        (None, "b-rhom", 9),
        ("ql", "b-ql", 9),
        ("pma", "f-pecu", 9),
    ],
)
def test_a_reason_is_asked_beyond_what_is_published(muscle, region, last_silent):
    place = MUSCLES.get(muscle), REGIONS[region]
    below, at, above = (site(*place, depth=last_silent + more) for more in (-1, 0, 1))

    assert depth_bound.of(at).mm == last_silent
    assert hazards.OVER_PUBLISHED not in asked(below) | asked(at)
    assert hazards.OVER_PUBLISHED in asked(above)
    [prompt] = [each for each in hazards.prompts(above) if each.rule == hazards.OVER_PUBLISHED]
    assert prompt.source == depth_bound.of(above).source
    assert prompt.source in hazards.published_note(at)


def test_every_published_depth_is_told_with_its_source_and_asked_beyond():
    for muscle, region in OVER_LUNG:
        published = over_lung.published_depth(muscle.code if muscle else "", region.code)
        below, at, above = (site(muscle, region, depth=published.asks_from_mm + more) for more in (-2, -1, 0))

        for shown in (below, at):
            assert hazards.OVER_PUBLISHED not in asked(shown)
            assert str(published.text) in hazards.published_note(shown)
            assert str(published.source) in hazards.published_note(shown)
        assert hazards.OVER_PUBLISHED in asked(above)


@pytest.mark.parametrize("limit", [5, 12, 19, 40])
def test_an_approved_limit_stands_in_place_of_what_is_published(limit):
    approved = {"depth_limit_mm": limit, "limit_approved_by": "Dr. H. Oduya"}
    for muscle, region in OVER_LUNG:
        if muscle is None:
            continue
        below, at, above = (site(muscle, region, depth=limit + more, **approved) for more in (-1, 0, 1))

        depth_rules = {"depth-over-limit", hazards.OVER_PUBLISHED}
        assert not depth_rules & (asked(below) | asked(at))
        assert depth_rules & asked(above) == {"depth-over-limit"}
        assert hazards.published_note(at) == ""


@pytest.mark.parametrize(
    ("limit", "depth", "rules"),
    [
        (40, 19, set()),
        (40, 20, {"depth-over-published"}),
        (40, 41, {"depth-over-limit"}),
        (15, 15, set()),
        (15, 16, {"depth-over-limit"}),
        (15, 25, {"depth-over-limit"}),
    ],
)
def test_a_limit_that_nobody_approved_does_not_reach_beyond_what_is_published(limit, depth, rules):
    judged = site(MUSCLES["rho"], REGIONS["b-rhom"], length=50, depth=depth, depth_limit_mm=limit)

    assert asked(judged) == rules
    assert bool(hazards.published_note(judged)) is True


@pytest.mark.parametrize("approved_by", ["Dr. H. Oduya", " "])
def test_an_approver_without_a_limit_approved_none(approved_by):
    for muscle, region in OVER_LUNG:
        if muscle is None:
            continue
        judged = site(muscle, region, depth=60, depth_limit_mm=None, limit_approved_by=approved_by)
        assert hazards.OVER_PUBLISHED in asked(judged), (muscle, region)
        assert hazards.published_note(judged) != ""


def test_a_limit_whose_approver_is_blank_is_not_approved():
    judged = site(MUSCLES["rho"], REGIONS["b-rhom"], depth=20, depth_limit_mm=40, limit_approved_by=" ")

    assert asked(judged) == {hazards.OVER_PUBLISHED}


def test_no_muscle_passes_in_silence_whose_place_nobody_knows():
    for depth in (None, 1, 60):
        assert "place-unknown" in asked(site(None, None, depth=depth))
    for muscle, region in PLACES:
        assert "place-unknown" not in asked(site(muscle, region, depth=5))
    assert "place-unknown" not in asked(site(MUSCLES["so"], None))


def test_both_sides_over_the_lung_are_asked_about_in_every_place():
    for muscle, region in PLACES:
        sides = [site(muscle, region, depth=5, side=side) for side in ("left", "right")]
        rules = {prompt.rule for prompt in entry.prompts(sides, ANYWHERE)}
        assert ("both-lungs" in rules) is over_lung.is_over_lung(muscle, region), (muscle, region)


LENGTH_RULES = {
    "long-needle-at-neck", "long-needle-at-spine", "long-needle-at-abdomen", "long-needle-at-calf",
}  # fmt: skip


@pytest.mark.parametrize(
    ("muscle", "region", "rule", "last_silent"),
    [
        # source: domain facts 2.1, S33: shorter than 40 mm
        ("rcpma", "b-occ", "long-needle-at-neck", 39),
        ("rcpmi", "b-occ", "long-needle-at-neck", 39),
        ("oci", "b-occ", "long-needle-at-neck", 39),
        (None, "b-occ", "long-needle-at-neck", 39),
        ("cm", "b-cerv", "long-needle-at-neck", 40),
        ("smc", "b-occ", "long-needle-at-neck", 40),
        # source: facts 2026-11, PMC10693480: 0.30 x 50 mm entered the canal beside T12 and L1
        ("tmf", "b-rhom", "long-needle-at-spine", 49),
        ("tmf", "b-mid", "long-needle-at-spine", 49),
        # source: domain facts 2.1, S36: kidney and peritoneum with 75 mm
        ("les", "b-ql", "long-needle-at-abdomen", 74),
        ("ql", "b-ql", "long-needle-at-abdomen", 74),
        (None, "b-ql", "long-needle-at-abdomen", 74),
        (None, "f-absl", "long-needle-at-abdomen", 74),
        ("ra", "f-absu", "long-needle-at-abdomen", 74),
        # whatever muscle it is, what lies beneath the place is the same
        (None, "b-cerv", "long-needle-at-neck", 40),
        (None, "f-neck", "long-needle-at-neck", 40),
        (None, "b-mid", "long-needle-at-spine", 49),
        (None, "b-rhom", "long-needle-at-spine", 49),
        # source: structureandfunction.net/?p=21106: beside L1 75 mm met no bone in up to 44 %
        (None, "b-lumb", "long-needle-at-abdomen", 74),
        ("own-x", "b-occ", "long-needle-at-neck", 39),
        ("own-x", "b-cerv", "long-needle-at-neck", 40),
        ("own-x", "b-mid", "long-needle-at-spine", 49),
        ("own-x", "b-lumb", "long-needle-at-abdomen", 74),
        ("own-x", "b-ql", "long-needle-at-abdomen", 74),
        ("own-x", "b-gasl", "long-needle-at-calf", 49),
        ("own-x", "b-sol", "long-needle-at-calf", 49),
    ],
)
def test_a_long_needle_is_asked_about_where_it_can_reach_what_lies_beneath(muscle, region, rule, last_silent):
    place = {**MUSCLES, "own-x": OWN}.get(muscle), REGIONS[region]
    below, at, above = (site(*place, length=last_silent + more, depth=5) for more in (-1, 0, 1))

    assert LENGTH_RULES & (asked(below) | asked(at)) == set()
    assert LENGTH_RULES & asked(above) == {rule}


@pytest.mark.parametrize("region", ["b-lumb", "b-ql", "b-gmax", "f-absl"])
@pytest.mark.parametrize("muscle", [None, OWN])
def test_in_pregnancy_a_muscle_of_no_catalogue_is_asked_about_by_its_place(muscle, region):
    pregnant = needled_site.ScreeningConcern("pregnant", "Pregnant", "")
    limits = needled_site.SiteConstraints(concerns=(pregnant,))
    found = entry.site_prompts(site(muscle, REGIONS[region], length=30, depth=5), limits)

    assert "pregnancy-low" in {prompt.rule for prompt in found}


@pytest.mark.parametrize(("region", "is_asked"), [("b-piri", True), ("b-gmax", False)])
@pytest.mark.parametrize("muscle", [None, OWN])
def test_where_every_muscle_lies_deep_one_of_no_catalogue_is_asked_about_too(muscle, region, is_asked):
    thinner = needled_site.ScreeningConcern("blood-thinner", "Blood thinner", "")
    limits = needled_site.SiteConstraints(concerns=(thinner,))
    found = entry.site_prompts(site(muscle, REGIONS[region], length=60, depth=50), limits)

    assert ("bleeding-deep" in {prompt.rule for prompt in found}) is is_asked


@pytest.mark.parametrize("depth", [1, 5, 9])
@pytest.mark.parametrize(
    ("muscle", "region", "side", "rule"),
    [
        ("ste", "f-pecl", "left", "heart-beneath"),
        ("ste", "f-pecl", "midline", "heart-beneath"),
        (None, "f-pecl", "midline", "heart-beneath"),
        ("pma", "f-pecu", "midline", "heart-beneath"),
        ("ra", "f-absu", "left", "abdominal-wall"),
        ("eo", "f-obl", "left", "abdominal-wall"),
        (None, "f-absl", "right", "abdominal-wall"),
    ],
)
def test_a_place_without_any_published_depth_is_always_asked_about(muscle, region, side, rule, depth):
    assert rule in asked(site(MUSCLES.get(muscle), REGIONS[region], length=15, depth=depth, side=side))


@pytest.mark.parametrize(
    ("muscle", "region"),
    [("pma", "f-pecu"), ("so", "b-sol"), ("les", "b-lumb"), (None, "b-sol"), ("de", "f-delt")],
)
def test_what_lies_elsewhere_is_not_asked_about(muscle, region):
    judged = site(MUSCLES.get(muscle), REGIONS[region], length=40, depth=9)

    assert asked(judged) == set()


# Typed from the sources, not read from the catalogue: what each hazard's rule is about.
# source: domain facts 2.1, S33: shorter than 40 mm at the base of the skull, at most 40 mm beside the canal
SUBOCCIPITAL = {"rcpma", "rcpmi", "oci", "ocs"}
DEEP_NECK = {"sc", "sce", "smc", "smv", "lc", "cm"}
# source: facts 2026-11, PMC10693480: 0.30 x 50 mm entered the canal beside T12 and L1
BESIDE_THORACIC_CANAL = {"tmf"}
# source: domain facts 2.1, S36: kidney and peritoneum with 75 mm
NEAR_ABDOMEN = {"spi", "ra", "eo", "iob", "tra", "lm", "les", "ql", "ip"}
PLACES_NEAR_ABDOMEN = {"f-absu", "f-obl", "f-absl", "b-ql"}
# source: doi 10.3390/jcm11216409 and IJSPT 2021, article 29854: 50 mm reached the muscles beneath the bundle
CALF_MUSCLES = {"so", "ga", "po", "tp", "fhl", "pln"}
CALF_REGIONS = {"b-gasl", "b-gasm", "b-sol"}
# where a muscle of no catalogue may lie on the spine
NECK, BESIDE_SPINE = {"f-neck", "b-cerv"}, {"b-mid", "b-rhom"}


def last_silent_length(rule: str, code: str, region: str) -> int | None:
    """The longest needle that this rule does not ask about; None where it never asks."""
    if rule == "long-needle-at-neck":
        if code in SUBOCCIPITAL or (not code and region == "b-occ"):
            return 39
        return 40 if code in DEEP_NECK or (not code and region in NECK) else None
    if rule == "long-needle-at-spine":
        return 49 if code in BESIDE_THORACIC_CANAL or (not code and region in BESIDE_SPINE) else None
    if rule == "long-needle-at-abdomen":
        near = code in NEAR_ABDOMEN or region in PLACES_NEAR_ABDOMEN or (not code and region == "b-lumb")
        return 74 if near else None
    return 49 if code in CALF_MUSCLES or (not code and region in CALF_REGIONS) else None


@pytest.mark.parametrize("rule", sorted(LENGTH_RULES))
def test_every_muscle_and_place_at_below_and_above_the_longest_needle(rule):
    reached, wrong = 0, []
    for muscle, region in PLACES:
        code = muscle.code if muscle else ""
        last = last_silent_length(rule, code, region.code)
        reached += last is not None
        for length in (5, *LENGTHS) if last is None else (last - 1, last, last + 1, 150):
            expected = last is not None and length > last
            for depth in (None, 9):
                if (rule in asked(site(muscle, region, length=length, depth=depth))) is not expected:
                    wrong.append((code, region.code, length, depth))

    assert reached >= 2
    assert wrong == []


# Where no depth is published, whatever the needle; the side matters at the breastbone only.
ALWAYS_ASKED = {
    "heart-beneath": lambda code, region, side: (
        code == "ste" or (side == "midline" and region in {"f-pecu", "f-pecl"})
    ),
    "abdominal-wall": lambda code, region, side: region in {"f-absu", "f-obl", "f-absl"},
    # source: doi 10.1002/ca.23935 gives where levator ani lies, and nobody a depth that is safe
    "pudendal-nerve": lambda code, region, side: code == "pf",
}


@pytest.mark.parametrize("rule", sorted(ALWAYS_ASKED))
def test_every_muscle_and_place_where_no_depth_is_published(rule):
    wrong = [
        (muscle, region.code, side, length)
        for muscle, region in PLACES
        for side in ("left", "right", "midline")
        for length in LENGTHS
        if (rule in asked(site(muscle, region, length=length, depth=5, side=side)))
        is not ALWAYS_ASKED[rule](muscle.code if muscle else "", region.code, side)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("muscle", "region", "length", "rule"),
    [
        ("so", "b-sol", 50, "long-needle-at-calf"),
        ("po", "b-gasm", 50, "long-needle-at-calf"),
        ("pf", "b-gmax", 15, "pudendal-nerve"),
    ],
)
def test_what_lies_under_calf_and_pelvic_floor_is_asked_about_with_its_source(muscle, region, length, rule):
    found = hazards.prompts(site(MUSCLES[muscle], REGIONS[region], length=length))

    [prompt] = [each for each in found if each.rule == rule]
    assert "doi 10." in prompt.source


def test_no_needle_over_the_lung_ships_as_a_proposal():
    proposed = {
        row["code"]
        for row in rows("treatments/catalogues/muscles.csv")
        if row["gauge_mm"] and row["length_max_mm"]
    }
    near = {muscle.code for muscle, _ in OVER_LUNG if muscle}

    assert proposed & near == set()
