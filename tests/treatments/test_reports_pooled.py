"""Counts of few patients are withheld, and so is what would give them away."""

import itertools

import pytest

from treatments.rules.adverse_events import rates
from treatments.rules.adverse_events.rates import EventCounts, KindCount
from treatments.rules.reports import pooled
from treatments.rules.reports.pooled import Count

W = None


def of(*values: int) -> list[Count]:
    """One patient for each."""
    return [Count(value, value) for value in values]


def whole(values) -> Count:
    return Count(sum(values), sum(values))


@pytest.mark.parametrize(
    ("values", "parts", "total", "words"),
    [
        ((7, 5, 0), (7, 5, 0), 12, "12"),
        # the total less the others would be the one that is withheld
        ((7, 9, 2), (7, 9, W), W, "at least 16"),
        ((9, 2, 3), (9, W, W), 14, "14"),
        # two that can only be 1 and 1, or 4 and 4
        ((9, 6, 1, 1), (9, 6, W, W), W, "at least 15"),
        ((9, 6, 4, 4), (9, 6, W, W), W, "at least 15"),
        ((4, 4, 0), (W, W, 0), W, "<5"),
        ((3,), (W,), W, "<5"),
        ((0, 0), (0, 0), 0, "0"),
        ((), (), 0, "0"),
    ],
)
def test_a_small_count_does_not_follow_from_the_rest(values, parts, total, words):
    shown = pooled.shown(of(*values), whole(values))

    assert (shown.parts, shown.total, shown.total_text) == (parts, total, words)
    assert bool(shown.notes) == (W in parts)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_no_small_count_can_be_worked_out_of_any_table(width):
    """Every table of up to four counts to 10: what is shown fits two tables or more, for each small count."""
    tables = list(itertools.product(range(11 if width < 4 else 8), repeat=width))
    looks: dict[tuple, list] = {}
    for table in tables:
        shown = pooled.shown(of(*table), whole(table))
        looks.setdefault((shown.parts, shown.total), []).append(table)

    known = [
        (table, look)
        for look, alike in looks.items()
        for table in alike
        for place, value in enumerate(table)
        if 0 < value < pooled.FEWEST_PATIENTS and len({other[place] for other in alike}) == 1
    ]
    assert known == []


def test_many_sessions_of_few_patients_are_few():
    shown = pooled.shown([Count(30, 4), Count(8, 8), Count(9, 3)], Count(47, 12))

    assert (shown.parts, shown.total) == ((W, 8, W), 47)


def told(every: int, severities: dict[int, int], kinds: dict[tuple[int, str], int]) -> dict:
    lines, total = rates.told(
        EventCounts(
            Count(every, every),
            {severity: Count(value, value) for severity, value in severities.items()},
            tuple(KindCount(kind, severity, Count(n, n)) for (severity, kind), n in kinds.items()),
        )
    )
    return {"all": total.total_text, **{(line.severity, line.kind): line.events for line in lines}}


def test_kinds_do_not_add_up_to_one_that_is_withheld():
    kinds = {(1, "Bruise"): 9, (1, "Faint"): 8}

    assert told(21, {1: 21}, {**kinds, (1, "Pain"): 1, (1, "Bleeding"): 3}) == {
        "all": "21", (3, ""): 0, (2, ""): 0, (1, ""): 21, (0, ""): 0,
        (1, "Bruise"): 9, (1, "Faint"): 8, (1, "Pain"): W, (1, "Bleeding"): W,
    }  # fmt: skip
    assert told(19, {1: 19}, {**kinds, (1, "Pain"): 2}) == {
        "all": "19", (3, ""): 0, (2, ""): 0, (1, ""): 19, (0, ""): 0,
    }  # fmt: skip


def test_severities_do_not_add_up_to_one_that_is_withheld():
    assert told(16, {3: 2, 1: 14}, {(3, "Lung"): 2, (1, "Bruise"): 14}) == {
        "all": "at least 14", (3, ""): W, (3, "Lung"): W, (2, ""): 0, (1, ""): 14, (1, "Bruise"): 14,
        (0, ""): 0,
    }  # fmt: skip
