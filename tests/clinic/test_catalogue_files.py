"""The rules of the catalog files, read as shipped, without a database."""

import json
import re
from collections import Counter, defaultdict

import pytest

from tests.catalogue_files import CHART, FILES, HEADERS, KEYS, WORDS, by_code, listed, rows

SIDES = {
    "left_right": set(),
    "left_right_both": {"code_both"},
    "left_right_midline_both": {"code_both", "code_midline"},
    "any": {"code_both", "code_midline"},
}
ALWAYS = {"code_right", "code_left", "code_unspecified"}
SIDE_COLUMNS = ("code_right", "code_left", "code_both", "code_midline", "code_unspecified")
CODE_SHAPE = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
# Needle lengths with a source; every other muscle leaves the length to the practice.
LENGTHS_WITH_A_SOURCE = {
    "rcpma", "rcpmi", "oci", "ss", "is", "ecrb", "les", "gmed", "fhl",
    "qp", "ah", "fhb", "edb",
}  # fmt: skip
EIGHTEEN = [
    "neck-pain", "low-back-pain", "knee-pain", "hip-pain", "headache", "migraine", "adhesive-capsulitis",
    "rotator-cuff-strain", "tennis-elbow", "throwers-elbow", "carpal-tunnel-syndrome", "it-band-syndrome",
    "ankle-strain", "muscle-strain", "plantar-fasciitis", "achilles-tendinopathy", "shin-splints",
    "runners-knee",
]  # fmt: skip
# Codes for fingers and foot, whose last characters go on after those for hand and ankle.
ENDING_IN_FOUR_AND_FIVE = {"M79.644", "M25.674"}
# No longer billable: these codes were subdivided.
DEAD_CODES = {"M54.5", "M51.36", "M51.37", "M65.9"}


def codes_of(family: dict) -> list[str]:
    return [family[column] for column in SIDE_COLUMNS if family[column]]


def families_of() -> dict[str, list[dict]]:
    found = defaultdict(list)
    for family in rows("diagnosis_families"):
        found[family["condition"]].append(family)
    return found


# Every file


def test_every_catalogue_is_shipped_and_none_is_unknown():
    assert set(FILES) == set(HEADERS)


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_file_is_plain_utf8_with_the_agreed_header(name):
    raw = FILES[name].read_bytes()

    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8").split("\n", 1)[0] == HEADERS[name]


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_every_row_is_whole_trimmed_and_names_its_source(name):
    for row in rows(name):
        assert None not in row, row
        assert None not in row.values(), row
        assert all(value == value.strip() for value in row.values()), row
        assert len(row["source"]) > 8, row
        assert not re.search(r"\.md\b|\[[A-Z]\d*\]", row["source"]), row


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_rows_are_told_apart_by_their_key(name):
    key = KEYS.get(name, ("code",))
    seen = Counter(tuple(row[column] for column in key) for row in rows(name))

    assert [value for value, times in seen.items() if times > 1] == []


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_codes_are_lower_case_kebab(name):
    for row in rows(name):
        for column in ("code", "variant", "condition", "muscle"):
            if column in row:
                assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row[column]), row


@pytest.mark.parametrize("name", sorted(WORDS))
def test_closed_columns_hold_only_known_words(name):
    for row in rows(name):
        for column, known in WORDS[name].items():
            assert row[column] in known, (column, row)


@pytest.mark.parametrize("name", sorted(name for name in HEADERS if ",position," in HEADERS[name]))
def test_positions_are_whole_numbers_in_the_order_of_the_file(name):
    last = defaultdict(int)
    for row in rows(name):
        group = row.get("condition", "")
        assert int(row["position"]) > last[group], row
        last[group] = int(row["position"])


# The body


def test_there_are_forty_five_regions_in_two_views():
    assert Counter(row["view"] for row in rows("body_regions")) == {"front": 22, "back": 23}


def test_a_region_is_over_the_lung_when_its_caution_says_so():
    for row in rows("body_regions"):
        assert (row["over_lung"] == "yes") == ("lung" in row["caution"].lower()), row


def test_reading_groups_and_consent_groups_are_the_same_eight():
    pairs = {(row["group"], row["consent_group"]) for row in rows("body_regions")}

    assert len(pairs) == len({group for group, _ in pairs}) == len({consent for _, consent in pairs}) == 8


def test_the_chart_draws_exactly_the_regions_of_the_list():
    chart = json.loads(CHART.read_text(encoding="utf-8"))

    assert CHART.stat().st_size < 40_000
    assert {(shape["code"], shape["view"]) for shape in chart["regions"]} == {
        (row["code"], row["view"]) for row in rows("body_regions")
    }


def test_the_other_half_of_the_chart_is_its_mirror_image():
    chart = json.loads(CHART.read_text(encoding="utf-8"))
    width = chart["view_box"][2]

    for shape in chart["regions"]:
        half = [[float(number) for number in point.split(",")] for point in shape["hit"].split()]
        other = [[float(number) for number in point.split(",")] for point in shape["hit_mirrored"].split()]
        assert other == [[width - x, y] for x, y in half], shape["code"]
        assert shape["polygon"] == half, shape["code"]
        assert shape["badge_mirrored"] == [width - shape["badge"][0], shape["badge"][1]], shape["code"]
        assert shape["path"].startswith("M"), shape["code"]
        assert shape["path_mirrored"].startswith("M"), shape["code"]


# Jurisdictions


def test_the_general_profile_comes_first_and_is_permissive():
    general = rows("jurisdictions")[0]

    assert general["code"] == "general"
    assert general["max_dwell_seconds"] == ""
    assert (general["stimulation_allowed"], general["one_needle_per_insertion"]) == ("yes", "no")
    assert (general["written_consent"], general["not_acupuncture_statement"]) == ("yes", "no")


def test_illinois_leaves_no_needle_in_and_uses_each_once():
    illinois = by_code("jurisdictions")["us-il-pt"]

    assert illinois["max_dwell_seconds"] == "0"
    assert (illinois["stimulation_allowed"], illinois["one_needle_per_insertion"]) == ("no", "yes")
    assert illinois["supervised_sessions"] == "200"


def test_virginia_wants_the_consent_to_say_it_is_not_acupuncture():
    assert by_code("jurisdictions")["us-va-pt"]["not_acupuncture_statement"] == "yes"


def test_florida_counts_the_days_to_report():
    assert by_code("jurisdictions")["us-fl-pt"]["adverse_event_report_days"] == "15"


def test_four_states_do_not_permit_it():
    refused = {code for code, row in by_code("jurisdictions").items() if row["allowed"] == "no"}

    assert refused == {"us-ca-pt", "us-hi-pt", "us-ny-pt", "us-or-pt"}


def test_every_state_rule_was_dated_and_asks_for_a_legal_check():
    numbers = [
        column
        for column in HEADERS["jurisdictions"].split(",")
        if re.search(r"days|hours|visits|seconds|sessions|months", column)
    ]
    for row in rows("jurisdictions"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["checked_on"]), row
        assert all(re.fullmatch(r"\d*", row[column]) for column in numbers), row
        if row["code"] != "general":
            assert row["code"] == f"us-{row['state'].lower()}-{row['profession']}"
            assert row["needs_legal_check"] == "yes", row


# Conditions and their codes


def test_the_eighteen_conditions_come_first_and_the_two_impairments_last():
    codes = list(by_code("conditions"))

    assert codes[:18] == EIGHTEEN
    assert Counter(row["kind"] for row in rows("conditions")) == {"diagnosis": 35, "impairment": 2}
    assert codes[-2:] == ["decreased-range-of-movement", "muscle-hypertonicity"]


def test_every_family_belongs_to_a_condition_and_every_diagnosis_has_one():
    known = by_code("conditions")
    families = families_of()

    assert set(families) <= set(known)
    assert {code for code, row in known.items() if row["kind"] == "diagnosis"} <= set(families)


def test_side_columns_are_filled_as_the_side_policy_allows():
    policies = {code: row["side_policy"] for code, row in by_code("conditions").items()}
    for family in rows("diagnosis_families"):
        allowed = SIDES[policies[family["condition"]]]
        filled = {column for column in SIDE_COLUMNS if family[column]}
        assert filled >= ALWAYS, family
        assert filled - ALWAYS <= allowed, family
        if family["code_right"] == family["code_left"]:
            assert filled == ALWAYS | allowed, family
            assert len(set(codes_of(family))) == 1, family


def test_a_code_with_a_side_never_serves_another_side():
    for family in rows("diagnosis_families"):
        if family["code_right"] != family["code_left"]:
            codes = codes_of(family)
            assert len(codes) == len(set(codes)), family
            assert len({code[:-1] for code in codes}) == 1, family
            last = "45" if family["code_right"] in ENDING_IN_FOUR_AND_FIVE else "12"
            assert family["code_right"][-1] + family["code_left"][-1] == last, family


def test_only_nerves_and_the_jaw_have_a_code_of_their_own_for_both_sides():
    own = {row["code_both"] for row in rows("diagnosis_families")} - {
        row["code_right"] for row in rows("diagnosis_families")
    }

    assert own - {""} == {"G56.03", "G57.03", "M26.603", "M26.623", "M26.633"}


@pytest.mark.parametrize(
    ("stem", "unspecified"),
    [
        ("M75.0", "M75.00"),
        ("M25.56", "M25.569"),
        ("G56.0", "G56.00"),
        ("M22.2X", "M22.2X9"),
        ("M79.67", "M79.673"),
    ],
)
def test_the_unspecified_side_is_not_the_same_character_everywhere(stem, unspecified):
    found = {row["code_unspecified"] for row in rows("diagnosis_families") if row["code_right"] == stem + "1"}

    assert found == {unspecified}


@pytest.mark.parametrize(
    "code", ["M54.2", "M72.2", "R51.9", "G43.909", "M79.12", "M79.18", "S16.1XX", "M62.830"]
)
def test_codes_that_carry_no_side_stand_the_same_on_every_side(code):
    found = [row for row in rows("diagnosis_families") if code in codes_of(row)]

    assert found
    assert all(set(codes_of(row)) == {code} for row in found)


def test_codes_have_the_shape_of_icd_10_cm_and_none_is_dead():
    for family in rows("diagnosis_families"):
        for code in codes_of(family):
            assert CODE_SHAPE.fullmatch(code), family
            assert code not in DEAD_CODES, family


def test_injury_codes_await_their_encounter_character_as_the_seventh():
    for family in rows("diagnosis_families"):
        for code in codes_of(family):
            injury = code.startswith("S")
            assert (family["encounter"] == "yes") == injury, family
            if injury:
                assert len(code.replace(".", "")) == 6, family


def test_the_code_set_year_says_which_release_was_read():
    for family in rows("diagnosis_families"):
        code = family["code_right"]
        recent = code[0] == "M" and 48 <= int(code[1:3]) <= 84
        assert family["code_set_year"] in ({"2026"} if recent else {"2021", "2026"}), family
        assert family["code_set_year"] in family["source"], family


def test_an_ambiguous_term_makes_the_therapist_choose_and_says_how():
    families = families_of()
    for condition in rows("conditions"):
        defaults = [family for family in families[condition["code"]] if family["is_default"] == "yes"]
        if condition["ambiguous"] == "yes":
            assert defaults == [], condition
            assert len(families[condition["code"]]) > 1, condition
            assert condition["guidance"], condition
        elif condition["kind"] == "impairment":
            assert defaults == [], condition
        else:
            assert len(defaults) == 1, condition


def test_the_lay_terms_that_mislead_are_marked_ambiguous():
    ambiguous = {row["code"] for row in rows("conditions") if row["ambiguous"] == "yes"}

    assert ambiguous >= {
        "throwers-elbow",
        "ankle-strain",
        "rotator-cuff-strain",
        "shin-splints",
        "muscle-strain",
    }


def test_neck_and_back_offer_the_myofascial_code_of_their_own_site():
    myofascial = {
        row["condition"]: row["code_right"]
        for row in rows("diagnosis_families")
        if row["variant"] == "myofascial"
    }

    assert (myofascial["neck-pain"], myofascial["low-back-pain"]) == ("M79.12", "M79.18")


def test_every_condition_has_other_names_that_are_no_names_of_its_own():
    conditions = by_code("conditions")
    names = defaultdict(set)
    for row in rows("condition_names"):
        names[row["condition"]].add(row["name"].lower())

    assert set(names) == set(conditions)
    for code, row in conditions.items():
        assert len(names[code]) >= 5, code
        assert not names[code] & {row["name"].lower(), row["patient_term"].lower()}, code


def test_a_name_that_proposes_a_variant_names_one_of_its_condition():
    known = {(row["condition"], row["variant"]) for row in rows("diagnosis_families")}
    for row in rows("condition_names"):
        if row["proposed_variant"]:
            assert (row["condition"], row["proposed_variant"]) in known, row


def test_where_a_name_comes_from_is_said():
    kinds = {row["source"].split(":")[0] for row in rows("condition_names")}

    assert kinds == {"own wording", "CMS/CDC ICD-10-CM code list and tabular, April 2026 release"}


# Screening and consent


def test_only_refusal_and_no_capacity_cannot_be_lowered():
    fixed = {row["code"]: row for row in rows("screening_items") if row["lowerable"] == "no"}

    assert set(fixed) == {"willing", "willing-today", "can-decide"}
    assert {(row["concern_answer"], row["level"]) for row in fixed.values()} == {("no", "stop")}


def test_not_knowing_is_a_caution_unless_it_is_harmless():
    harmless = {row["code"] for row in rows("screening_items") if row["unknown_level"] == "clear"}

    assert harmless == {"first-needling", "hydrated-today"}


def test_a_question_about_a_place_asks_which():
    for item in rows("screening_items"):
        assert (item["scope"] == "site") == (item["asks_regions"] == "yes"), item


def test_questions_are_single_sentences_that_a_strip_can_name():
    for item in rows("screening_items"):
        assert re.fullmatch(r"[^?]+\?", item["question"]), item
        assert 1 <= len(item["strip_label"].split()) <= 4, item
        assert item["guidance"].endswith("."), item
        assert item["group"], item


@pytest.mark.parametrize("kind", ["intake", "visit"])
def test_questions_of_one_group_stand_together(kind):
    groups = [item["group"] for item in rows("screening_items") if item["kind"] == kind]
    runs = [group for group, before in zip(groups, ["", *groups], strict=False) if group != before]

    assert len(runs) == len(set(runs))


def test_blood_thinners_are_a_caution_and_lymph_swelling_stops_only_the_limb():
    items = by_code("screening_items")

    assert items["blood-thinner"]["level"] == "caution"
    assert items["blood-thinner"]["strip_label"] == "Blood thinner"
    assert (items["lymph-swelling"]["level"], items["lymph-swelling"]["scope"]) == ("stop", "site")


def test_one_consent_text_says_that_it_is_not_acupuncture():
    texts = {row["not_acupuncture"]: row for row in rows("consent_texts")}

    assert {text["version"] for text in texts.values()} == {"2026-1", "2026-1-na"}
    assert "not acupuncture" in texts["yes"]["body"]
    assert any("not acupuncture" in statement for statement in listed(texts["yes"]["statements"]))
    assert "acupuncture" not in texts["no"]["body"]
    assert {text["jurisdiction"] for text in texts.values()} <= set(by_code("jurisdictions"))


@pytest.mark.parametrize(
    "word",
    ["lung", "nerve", "infection", "organ", "broken needle", "bruise", "sore", "stop at any time", "sterile"],
)
def test_every_consent_text_names_what_a_patient_must_know(word):
    for text in rows("consent_texts"):
        assert word in text["body"].lower(), text["version"]
        assert all(statement.endswith(".") for statement in listed(text["statements"])), text["version"]


# Muscles


def test_there_are_a_hundred_muscles_with_short_codes():
    codes = list(by_code("muscles"))

    assert len(codes) == 100
    assert all(re.fullmatch(r"[a-z]{2,5}", code) for code in codes)
    assert set(codes) >= {"ut", "ls", "is", "so", "vl", "rho", "rhn", "ss", "ql", "gmed", "pir", "scm"}


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


# After the session


def test_events_that_must_be_seen_at_once_are_never_minor():
    for kind in rows("adverse_event_kinds"):
        if kind["red_flag"] == "yes":
            assert int(kind["usual_severity"]) >= 2, kind
        assert re.fullmatch(r"([A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?)?", kind["icd10"]), kind


def test_a_puncture_of_the_lung_is_serious_and_usual_soreness_is_no_event():
    kinds = by_code("adverse_event_kinds")

    assert (kinds["pneumothorax"]["usual_severity"], kinds["pneumothorax"]["red_flag"]) == ("3", "yes")
    assert not any("soreness" in code and row["usual_severity"] in "01" for code, row in kinds.items())


def test_advice_tells_what_to_do_to_expect_and_to_call_about():
    advice = by_code("aftercare_advice")

    assert {row["kind"] for row in advice.values()} == {"do", "expect", "call"}
    assert {"drink-water", "keep-moving", "soreness", "call-chest"} <= set(advice)
    assert "72 hours" in advice["soreness"]["text"]


def test_every_chest_sign_is_an_emergency():
    signs = by_code("warning_signs")
    chest = {code for code, row in signs.items() if row["chest"] == "yes"}

    assert chest >= {"breathless", "chest-pain", "dry-cough"}
    assert all(signs[code]["call_emergency"] == "yes" for code in chest)
    assert all(row["question"].endswith("?") for row in signs.values())


# Warning signs


def test_shortness_of_breath_and_chest_pain_stand_first_in_every_list_of_signs():
    asked_after = [row["code"] for row in rows("warning_signs")]
    asked_before = [row["code"] for row in rows("screening_items") if row["kind"] == "visit"]
    advised = [row["code"] for row in rows("aftercare_advice") if row["kind"] == "call"]

    assert (asked_after[:2], asked_before[0], advised[0]) == (
        ["breathless", "chest-pain"], "chest-today", "call-chest",
    )  # fmt: skip


def test_every_warning_sign_has_a_name_of_its_own_that_fits_a_banner():
    names = [row["short_name"] for row in rows("warning_signs")]

    assert len(set(names)) == len(names)
    assert all(3 < len(name) <= 40 and "?" not in name for name in names)
