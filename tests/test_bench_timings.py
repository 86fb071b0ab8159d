"""The arithmetic of the benchmark: quartiles, multiples, growth, aims, and the tables of them."""

import re

import pytest

from bench import aims, report, tables
from bench.engines import SqliteFiles
from bench.measure import Result
from bench.timings import PairedTimes, Timing, growth, quartiles, timing
from bench.whole_record import Duration


def timed(mid: float, *, empty: float = 4) -> Timing:
    return Timing(mid - 1, mid, mid + 1, empty)


def result(patients: int, *, board: float, save: float) -> Result:
    return Result(
        patients=patients,
        sessions=patients * 3,
        pages={"today's board, desk": timed(board)},
        writes={"save a field": timed(save)},
        by_row={"save a field": timed(save, empty=5)},
        empty_ms=4,
        row_ms=5,
        seconds=60,
        stock={"open a patient": (timed(21), timed(20)), "find by reference": (timed(10), timed(40))},
        password_ms=60,
        whole={"backup": Duration(12.34, 150.2)},
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3.0], (3, 3, 3)),
        ([1.0, 2.0, 3.0, 4.0, 5.0], (2, 3, 4)),
        ([5.0, 1.0, 3.0], (2, 3, 4)),
        ([1.0, 3.0], (1.5, 2, 2.5)),
    ],
)
def test_quartiles_are_of_the_values_themselves(values, expected):
    assert quartiles(values) == pytest.approx(expected)


def test_a_multiple_is_of_the_median_of_the_empty_page_beside():
    one = timing([0.020, 0.010, 0.030], [0.005, 0.004, 0.100])

    assert (one.low, one.mid, one.high, one.empty) == pytest.approx((15, 20, 25, 5))
    assert one.ratio == pytest.approx(4)
    assert one.spread == pytest.approx((3, 5))


def test_what_was_asked_first_does_not_count():
    pairs = PairedTimes(warm_part=1 / 3)
    for taken, beside in ((0.900, 0.800), (0.020, 0.004), (0.020, 0.004)):
        pairs.add("board", taken, beside)

    assert pairs.timings()["board"] == timing([0.020, 0.020], [0.004, 0.004])


def test_each_label_has_its_own_empty_pages():
    pairs = PairedTimes()
    pairs.add("board", 0.020, 0.004)
    pairs.add("record", 0.030, 0.010)

    assert {what: one.ratio for what, one in pairs.timings().items()} == pytest.approx(
        {"board": 5, "record": 3}
    )
    assert pairs.yardstick_ms() == pytest.approx(7)


def test_growth_is_told_by_the_empty_page_of_each_run():
    assert growth(timed(20, empty=4), timed(40, empty=8)) == pytest.approx(1)
    assert growth(timed(20, empty=4), timed(30, empty=4)) == pytest.approx(1.5)


def test_only_what_grows_too_much_is_named():
    small, large = {"a": timed(20), "b": timed(20), "c": timed(1)}, {"a": timed(26), "b": timed(27)}

    assert aims.grown(small, large) == pytest.approx({"b": 1.35})


def test_each_label_is_judged_by_its_aim():
    found = aims.judged({"record": timed(28), "record, lead": timed(29)}, {"sign": timed(41)})

    assert [(one.aim, one.label, one.reached) for one in found] == [
        ("record", "record", True),
        ("record", "record, lead", False),
        ("signing", "sign", False),
    ]


def test_what_is_served_by_a_page_and_by_a_write_is_judged_apart():
    found = aims.judged({"register": timed(16)}, {"register": timed(17)})

    assert [(one.aim, one.reached) for one in found] == [("register", True), ("register, saved", False)]


def test_every_aim_of_a_stock_admin_says_whether_it_is_reached():
    rows = tables.stock_table([(100, result(100, board=20, save=8).stock)])

    assert rows[2:] == [
        "| 100 | open a patient | 21.0 (20.0–22.0) | 20.0 (19.0–21.0) | 1.05 | 1.00 | no |",
        "| 100 | find by reference | 10.0 (9.0–11.0) | 40.0 (39.0–41.0) | 0.25 | 0.25 | yes |",
    ]


def test_growth_beyond_the_aim_stands_out():
    rows = tables.timings_table([(100, {"a": timed(10), "b": timed(10)}), (8000, {"a": timed(12)})])

    assert rows == [
        "| | 100 patients, ms | × | 8,000 patients, ms | × | growth |",
        "|---|---:|---:|---:|---:|---:|",
        "| a | 10.0 (9.0–11.0) | 2.5 | 12.0 (11.0–13.0) | 3.0 | 1.20 |",
        "| b | 10.0 (9.0–11.0) | 2.5 |  |  |  |",
    ]
    rows = tables.timings_table([(100, {"a": timed(10)}), (8000, {"a": timed(14)})])
    assert rows[-1].endswith("| **1.40** |")


def test_a_section_says_how_it_was_measured_and_what_is_reached(tmp_path):
    results = [result(100, board=20, save=8), result(8000, board=40, save=9)]

    section = report.section(results, engine=SqliteFiles(tmp_path), rounds=15)

    assert "15 rounds of each" in section
    assert "commit e55f0a2" in section
    assert "| boards | today's board, desk | 9 | 10.0 (9.8–10.2) | 40.0 (39.0–41.0) | no |" in section
    assert "| saving a field | save a field | 3 | 2.2 (2.0–2.5) | 9.0 (8.0–10.0) | yes |" in section
    assert "checking it takes 60 ms of its own, 15.0 empty pages" in section
    assert "0 of 1 pages grow at most 1.3 times. More: today's board, desk 2.00." in section
    assert "1 of 1 writes grow at most 1.3 times.\n" in section
    assert "| backup | 12.3 | 150 | 12.3 | 150 |" in section


def test_a_section_takes_the_place_of_its_like_and_leaves_the_others(tmp_path, monkeypatch):
    file = tmp_path / "results.md"
    file.write_text("# Head\n\nWords.\n\n## On SQLite\n\nold\n\n## On PostgreSQL\n\nkept\n", encoding="utf-8")
    monkeypatch.setattr(report, "RESULTS", file)

    report.write_section("SQLite", "new\n")

    assert file.read_text("utf-8") == "# Head\n\nWords.\n\n## On SQLite\n\nnew\n\n## On PostgreSQL\n\nkept\n"


def test_a_busy_machine_does_not_take_the_place_of_a_quiet_one(tmp_path, monkeypatch):
    file = tmp_path / "results.md"
    file.write_text("# Head\n\n## On SQLite\n\nquiet\n", encoding="utf-8")
    monkeypatch.setattr(report, "RESULTS", file)
    results = [result(100, board=20, save=8), result(8000, board=40, save=9)]

    report.write(results, engine=SqliteFiles(tmp_path), rounds=5, note="the machine was busy")

    titles = re.findall("## On (.*)", file.read_text("utf-8"))
    assert titles == ["SQLite, 100 and 8,000 patients, 5 rounds: the machine was busy", "SQLite"]
