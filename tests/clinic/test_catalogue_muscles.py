"""The rules of the catalogs of muscles, and of those that a condition suggests, without a database."""

import re
from collections import defaultdict

from tests.catalogue_files import EIGHTEEN, by_code, listed, rows
from tests.sources import weak

# Needle lengths with a source; every other muscle leaves the length to the practice.
LENGTHS_WITH_A_SOURCE = {
    "rcpma", "rcpmi", "oci", "ss", "is", "ecrb", "les", "gmed", "fhl",
    "qp", "ah", "fhb", "edb",
}  # fmt: skip


def test_there_are_a_hundred_and_sixteen_muscles_with_short_codes():
    codes = list(by_code("muscles"))

    assert len(codes) == 116
    assert all(re.fullmatch(r"[a-z]{2,5}", code) for code in codes)
    assert set(codes) >= {"ut", "ls", "is", "so", "vl", "rho", "rhn", "ss", "ql", "gmed", "pir", "scm"}
    # found missing: issue 13, line 4, and what slides and chapters of needling courses name
    assert set(codes) >= {"pect", "obe", "qf", "iob", "inh", "hyp", "tra", "pln", "apl", "pq", "edm", "smv"}


def test_every_muscle_has_a_region_and_every_region_a_muscle():
    reached = {region for muscle in rows("muscles") for region in listed(muscle["regions"])}

    assert all(muscle["regions"] for muscle in rows("muscles"))
    assert reached == set(by_code("body_regions"))


def test_hazards_are_known_words_and_muscles_over_the_lung_say_so():
    muscles = by_code("muscles")

    for muscle in muscles.values():
        known = {"lung", "cord", "vert", "nv", "abd", "joint", "deep"}
        assert set(listed(muscle["hazards"])) <= known, muscle
    assert all("deep" in listed(muscles[code]["hazards"]) for code in ("ip", "ql", "pir", "tp"))
    assert all("lung" in listed(muscles[code]["hazards"]) for code in ("ut", "ls", "rho", "rhn", "ss", "ql"))
    assert all(muscles[code]["hazards"] == "" for code in ("is", "vl", "ecu"))


def test_only_sourced_lengths_stand():
    muscles = by_code("muscles")
    sourced = {code for code, row in muscles.items() if row["length_max_mm"]}

    assert sourced == LENGTHS_WITH_A_SOURCE
    assert {code for code, row in muscles.items() if row["depth_limit_mm"]} == {"rcpma"}
    for code in sourced:
        assert len(listed(muscles[code]["source"])) > 1, code
        assert int(muscles[code]["length_min_mm"] or 0) <= int(muscles[code]["length_max_mm"]), code


def test_what_must_not_be_needled_by_default_is_marked():
    standing = {code: row["default_status"] for code, row in by_code("muscles").items()}

    assert (standing["ocs"], standing["ic"]) == ("contraindicated", "not_recommended")
    assert {standing[code] for code in ("mpt", "lpt", "sca", "pf")} == {"advanced"}


NO_SOURCE = "no source found, anatomy"


def test_every_hazard_has_a_source_or_says_that_none_was_found():
    for muscle in rows("muscles"):
        stated = [entry.partition(": ") for entry in listed(muscle["hazard_sources"])]
        by_hazard = defaultdict(list)
        for hazard, _, source in stated:
            by_hazard[hazard.strip()].append(source)

        assert list(by_hazard) == listed(muscle["hazards"]), muscle["code"]
        for sources in by_hazard.values():
            assert all(sources), muscle["code"]
            assert NO_SOURCE not in sources or sources == [NO_SOURCE], muscle["code"]
            # what a hazard rests on is a source of the row too
            assert all(source in muscle["source"] for source in sources if source != NO_SOURCE), muscle[
                "code"
            ]


def test_every_depth_has_a_source_or_says_that_none_was_found():
    for muscle in rows("muscles"):
        stated = muscle["depth_source"]
        assert stated, muscle["code"]
        if muscle["length_max_mm"] or muscle["depth_limit_mm"] or muscle["gauge_mm"]:
            assert stated != "no source found", muscle["code"]


def test_flashcards_slides_and_copies_are_marked_as_weak():
    for muscle in rows("muscles"):
        for column in ("hazard_sources", "depth_source", "source"):
            for entry in listed(muscle[column]):
                assert not weak.named(entry) or ", weak" in entry, (muscle["code"], entry)


def test_every_muscle_is_counted_under_some_key():
    assert all(muscle["billing_key"] for muscle in rows("muscles"))


def test_every_one_of_the_eighteen_suggests_muscles_that_may_be_needled():
    muscles = by_code("muscles")
    ranks = defaultdict(list)
    for row in rows("suggested_muscles"):
        assert muscles[row["muscle"]]["default_status"] in ("usual", "advanced"), row
        ranks[row["condition"]].append(int(row["rank"]))

    # of the conditions after the eighteen, only those whose muscles have a source
    assert set(ranks) == {*EIGHTEEN, "cervicogenic-headache"}
    assert all(rank == list(range(1, len(rank) + 1)) and len(rank) >= 2 for rank in ranks.values())
