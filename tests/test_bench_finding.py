"""The benchmark tells how much each way of finding grows with the practice."""

import pytest
from django.db import connection

from bench import finding
from bench.finding import Found
from bench.management.commands import bench_finding
from tests import factories

SMALL = Found(4_000, {"last name": (2_000, 5.0), "birth date": (1_000, 4.0), "phone": (500, 3.0)})
LARGE = Found(40_000, {"last name": (9_000, 9.0), "birth date": (1_200, 4.1), "phone": (500, 3.0)})


def test_each_way_has_a_line_with_its_growth_and_the_median_way_stands_above():
    section = finding.section(SMALL, LARGE)

    assert "the median way of finding takes 1.20 times" in section
    assert "| last name | 2,000 | 9,000 | 4.50 | 5.0 | 9.0 |" in section


@pytest.mark.django_db
def test_each_way_of_finding_is_counted_in_steps(reception):
    if connection.vendor != "sqlite":
        pytest.skip("Steps are counted on SQLite.")
    factories.patient(reception, email="ada@example.org")

    found = bench_finding.measured()

    assert found.keys() == bench_finding.WAYS.keys()
    assert all(steps > 0 < ms for steps, ms in found.values())
