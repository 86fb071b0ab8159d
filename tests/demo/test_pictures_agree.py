"""Every picture of the demo practice is its table, and its sentence says the same numbers."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from clinic.models import User
from patients.models import Patient
from tests import charts
from tests.charts import DrawnChart, number_in
from treatments.rules.record import visit_maps
from treatments.selectors.record import patient_sessions

pytestmark = pytest.mark.django_db
COURSE = re.compile(r"(?:fell|rose) from ([\d.]+)\S* to ([\d.]+)\S* over (?:the last )?(\d+)")
ANSWERS = re.compile(r"in (\d+) answers?$")
REGION = re.compile(r": ([\d.]+) of 10 at worst.*after (\d+) visits?$")
AFTER_ONE = re.compile(r"(\d+) after (\d+) hours")


@pytest.fixture
def lead(db) -> Client:
    call_command("demo", patients=25, seed="pictures", verbosity=0)
    client = Client()
    backend = "clinic.signin.backends.RolesBackend"
    client.force_login(User.objects.with_roles().get(username="lead"), backend=backend)
    return client


def test_every_picture_is_its_table_and_its_sentence(lead):
    """One demo for all pictures: building it costs more than they do."""
    checked = {"course": 0, "soreness": 0, "region": 0, "answers": 0, "maps": 0}
    for patient in Patient.objects.order_by("pk"):
        record = lead.get(patient.get_absolute_url())
        trends = lead.get(reverse("treatments:trends", args=[patient.ref]))
        if record.status_code != 200:
            continue
        for drawn in [*charts.of_page(record.text), *charts.of_page(trends.text)]:
            checked[says_its_numbers(drawn)] += 1
        checked["maps"] += maps_are_their_sites(patient, record.text)
    assert min(checked.values()) > 5, checked
    the_practice_is_drawn_as_it_is_counted(lead)


def says_its_numbers(drawn: DrawnChart) -> str:
    """Which kind of picture it was."""
    is_bars = any(mark.look == "ch-bar" for mark in drawn.marks)
    assert drawn.marks, drawn.sentence
    assert charts.faults(drawn, is_upright=not is_bars) == [], drawn.sentence
    if found := REGION.search(drawn.sentence):
        assert [float(found[1]), float(found[2])] == [number_in(text) for text in drawn.rows[0][1:]]
        return "region"
    if found := ANSWERS.search(drawn.sentence):
        assert len(drawn.marks) == int(found[1])
        assert len(drawn.marks) == sum(number_in(text) is not None for row in drawn.rows for text in row[2:])
        return "answers"
    if reports := AFTER_ONE.findall(drawn.sentence):
        newest = [number_in(text) for text in drawn.rows[-1][1:]]
        assert [float(now) for now, _hours in reports] == [one for one in newest if one is not None]
        return "soreness"
    if found := COURSE.search(drawn.sentence):
        first, last = begins_and_ends(drawn)
        assert (float(found[1]), float(found[2])) == (first, last), drawn.sentence
    return "course"


def begins_and_ends(drawn: DrawnChart) -> tuple[float, float]:
    """As the patient came first and, of pain, last; of a measurement, as the patient left last."""
    shown = sorted({mark.row for mark in drawn.marks})
    before = [mark.value for mark in drawn.marks if mark.column == 1]
    if drawn.sentence.startswith("Pain"):
        return before[0], before[-1]
    cells = drawn.cells()
    ends = [[number_in(cells[row, column]) for column in (1, 2)] for row in (shown[0], shown[-1])]
    (came, left), (came_last, left_last) = ends
    return (left if came is None else came), (came_last if left_last is None else left_last)


def maps_are_their_sites(patient: Patient, page: str) -> int:
    """How many maps were compared with the sites of their visit."""
    maps = visit_maps.of(patient_sessions.newest_treatments(patient, 20))
    drawn = re.findall(r'data-region="([\w-]+)"\s+data-value="(\d+)"', page)
    regions = [
        (region.code, str(region.count)) for found in maps.values() for one in found for region in one.regions
    ]
    assert sorted(drawn) == sorted(regions), patient.ref
    for one in patient_sessions.newest_treatments(patient, 20):
        if one.ref in maps:
            counted = sum(region.count for each in maps[one.ref] for region in each.regions)
            assert counted == sum(site.insertions for site in one.sites if site.region), one.ref
    return len(drawn)


def the_practice_is_drawn_as_it_is_counted(lead: Client) -> None:
    load = charts.of_page(lead.get(reverse("treatments:load")).text)
    assert len(load) == 2
    for drawn in load:
        assert int(drawn.sentence.split()[0]) == number_in(drawn.rows[-1][-1])
        assert sum(mark.value for mark in drawn.marks) == number_in(drawn.rows[-1][-1])
    page = lead.get(reverse("treatments:caseload")).text
    table = charts.ChartReader(page).tables[-1]
    assert [charts.faults(one, table, is_upright=False) for one in charts.of_page(page)] == [[]] * 4
    [pooled] = charts.of_page(lead.get(reverse("treatments:report-soreness")).text)
    assert {mark.row for mark in pooled.marks} <= {
        row for row, cells in enumerate(pooled.rows) if "<5" not in cells
    }
