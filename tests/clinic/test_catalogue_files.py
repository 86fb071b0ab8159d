"""The rules of every catalog file, and of those of the body and the states, without a database."""

import json
import re
from collections import Counter, defaultdict

import pytest

from clinic.models.own_rows import NAMESPACE, PracticeRow
from tests.catalogue_files import CHART, FILES, HEADERS, KEYS, WORDS, by_code, rows

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


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_no_file_uses_the_codes_or_the_columns_of_the_practices_own_rows(name):
    practice = {field.name for field in PracticeRow._meta.get_fields()}

    assert not practice & set(HEADERS[name].split(","))
    for row in rows(name):
        assert not [value for value in row.values() if value.lower().startswith(NAMESPACE)], row


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


def test_virginias_final_rule_asks_for_no_referral_and_no_sentence_on_acupuncture():
    virginia = by_code("jurisdictions")["us-va-pt"]

    assert (virginia["not_acupuncture_statement"], virginia["referral"]) == ("no", "none")


def test_florida_counts_the_days_to_report():
    assert by_code("jurisdictions")["us-fl-pt"]["adverse_event_report_days"] == "15"


def test_every_rule_that_was_not_found_says_where_it_was_looked_for():
    for row in rows("jurisdictions")[1:]:
        assert row["searched_in"], row["code"]
        assert row["source_kind"], row["code"]


def test_every_state_rule_was_dated_and_asks_for_a_legal_check():
    numbers = [
        column
        for column in HEADERS["jurisdictions"].split(",")
        if re.search(r"days|hours|visits|seconds|sessions|months", column) and column != "business_days"
    ]
    for row in rows("jurisdictions"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["checked_on"]), row
        assert all(re.fullmatch(r"\d*", row[column]) for column in numbers), row
        if row["code"] != "general":
            assert row["code"] == f"us-{row['state'].lower()}-{row['profession']}"
            assert row["needs_legal_check"] == "yes", row
