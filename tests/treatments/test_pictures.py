"""Pictures say what their tables and sentences say: soreness, motion and tone, load, caseload, body maps."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from clinic.rules.charts import axes, bars
from clinic.rules.charts.bars import Category
from clinic.rules.charts.chart import Table, row_of
from tests import charts, factories, world
from treatments.models import Measurement, Muscle, NeedlingSession
from treatments.rules.board import load
from treatments.rules.board.load import Booked
from treatments.rules.record import measures, soreness_pictures, visit_maps
from treatments.rules.record.patient_sessions import PainScore, SorenessScore, TreatedSite, Treatment
from treatments.rules.reports import caseload, soreness_picture
from treatments.rules.reports.caseload import Caseload
from treatments.rules.reports.soreness_picture import SorenessMeans
from treatments.rules.session.parts import DraftMeasurement
from treatments.rules.sites.depth_bound import DepthBesideBound, DepthBound

START = dt.datetime(2026, 4, 7, 15, tzinfo=dt.UTC)
MONDAY = dt.date(2026, 4, 6)


def visit(week, *, insertions=4, worst=(), measured=(), region="b-utrap", side="right", **more) -> Treatment:
    """A treatment `week` weeks after the first; `worst` are (hours, worst soreness)."""
    return Treatment(
        ref=f"R{week}",
        at=START + dt.timedelta(weeks=week),
        pains=(PainScore(1, "Neck pain", "right", 5, 3),),
        sites=(TreatedSite("Upper trapezius", side, insertions, region=region),),
        soreness=tuple(SorenessScore(step, 0, value) for step, value in worst),
        measurements=tuple(measured),
        **more,
    )


def rotation(before, after) -> DraftMeasurement:
    numbers = [None if value is None else Decimal(value) for value in (before, after)]
    return DraftMeasurement(1, "rom", "right", "Neck", "rotation", True, "", *numbers)


def page_of(chart) -> charts.DrawnChart:
    [drawn] = charts.of_page(render_to_string("components/_chart.html", {"chart": chart}))
    return drawn


# Soreness against insertions


def test_each_follow_up_is_a_mark_at_its_insertions():
    chart = soreness_pictures.by_insertions(
        [
            visit(0, insertions=4, worst=[(24, 3), (72, 1)]),
            visit(1, insertions=12, worst=[(24, 6)]),
            visit(2, insertions=8),
        ]
    )
    drawn = page_of(chart)

    assert drawn.rows == [["Apr 7", "4", "3", "1"], ["Apr 14", "12", "6", "No report"]]
    assert charts.faults(drawn) == []
    across = {mark.row: mark.x for mark in drawn.marks}
    assert across[0] < across[1]
    assert drawn.sentence == "The worst soreness was 6, after 12 insertions on Apr 14, in 3 answers"


def test_the_sentence_compares_many_insertions_with_fewer():
    visits = [visit(n, insertions=count, worst=[(24, count // 2)]) for n, count in enumerate((2, 4, 10, 12))]
    chart = soreness_pictures.by_insertions(visits)

    assert chart.sentence == (
        "After 10 insertions or more the worst soreness was 5.5 on average, after fewer 1.5, in 4 answers"
    )


def test_answers_at_one_place_are_counted():
    chart = soreness_pictures.by_insertions([visit(n, worst=[(24, 3)]) for n in range(3)])
    assert "×3" in page_of(chart).words


@pytest.mark.parametrize("state", ["draft", "in_error"])
def test_a_draft_and_a_note_in_error_are_not_drawn(state):
    more = {"state": "draft"} if state == "draft" else {"in_error": True}
    begun = visit(1, worst=[(24, 9)], measured=[rotation(1, 2)], **more)

    assert soreness_pictures.by_insertions([begun]) is None
    assert soreness_pictures.by_region([begun]) is None
    assert len(soreness_pictures.by_insertions([visit(0, worst=[(24, 2)]), begun]).table.rows) == 1


# Soreness by region


def test_regions_are_bars_the_most_sore_first():
    chart = soreness_pictures.by_region(
        [
            visit(0, worst=[(24, 3), (72, 1)], region="b-rhom", side="left"),
            visit(1, worst=[(24, 6)]),
            visit(2, worst=[(24, 7)]),
        ]
    )
    drawn = page_of(chart)

    assert [row[1:] for row in drawn.rows] == [["6.5", "2"], ["3", "1"]]
    assert charts.faults(drawn, is_upright=False) == []
    assert (
        drawn.sentence == f"Most sore after {drawn.rows[0][0]}: 6.5 of 10 at worst on average, after 2 visits"
    )


# Motion and tone


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([(50, 60), (58, 72)], "Neck rotation, right, active rose from 50° to 72° over 2 visits"),
        (
            [(50, 60), (40, 45), (58, 72)],
            "Neck rotation, right, active rose from 50° to 72° over 3 visits, with 40° on Apr 14 in between",
        ),
        ([(None, 60)], "Neck rotation, right, active was 60° at first and last, over 1 visit"),
        ([(60, 50)], "Neck rotation, right, active fell from 60° to 50° over 1 visit"),
        (
            [(20, 30)] * 3 + [(50, 60)] * 6,
            "Neck rotation, right, active rose from 50° to 60° over the last 6 of 9 visits",
        ),
    ],
)
def test_motion_says_what_its_picture_shows(values, sentence):
    [picture] = measures.pictures([visit(n, measured=[rotation(*pair)]) for n, pair in enumerate(values)])
    drawn = page_of(picture.chart)

    assert drawn.sentence == sentence
    assert len(drawn.rows) == len(values)
    assert charts.faults(drawn) == []
    assert {mark.row for mark in drawn.marks} <= set(range(max(0, len(values) - 6), len(values)))


@pytest.mark.parametrize("values", [(0, 3), (48, 57), (-10, 5), (0.5, 0.5), (0, 0), (999, 3)])
def test_a_scale_holds_zero_and_every_value_in_few_steps(values):
    scale = axes.around(values)

    assert scale.low <= min(0, *values)
    assert scale.high >= max(values)
    assert 2 <= len(scale.values) <= 7


# Load and caseload


def booked(day: int, hour: int, who: str, key: int) -> Booked:
    at = dt.datetime(2026, 4, 6 + day, hour, tzinfo=timezone.get_current_timezone())
    return Booked(key, who, at)


WEEK = [
    *(booked(0, 9, "Ann Sample", 1) for _ in range(2)),
    booked(0, 11, "Ann Sample", 1),
    booked(0, 9, "Ben Sample", 2),
    booked(3, 9, "Ben Sample", 2),
]


def test_the_load_of_a_day_is_drawn_by_hour_and_therapist():
    drawn = page_of(load.of_day(WEEK, MONDAY))

    assert drawn.rows == [
        ["Ann Sample", "2", "0", "1", "3"], ["Ben Sample", "1", "0", "0", "1"], ["All", "3", "0", "1", "4"],
    ]  # fmt: skip
    assert heights_follow_values(drawn)
    assert drawn.sentence == "4 visits on Monday, April 6, most at 9 AM (3)"
    assert load.of_day(WEEK, MONDAY + dt.timedelta(days=1)) is None


def test_the_load_of_a_week_is_drawn_by_day():
    drawn = page_of(load.of_week(WEEK, MONDAY))

    assert [row[1] for row in drawn.rows] == ["3", "1", "4"]
    assert [row[4] for row in drawn.rows] == ["0", "1", "1"]
    assert heights_follow_values(drawn)
    assert drawn.sentence == "5 visits in the week of Apr 6, most on Monday (4)"
    assert load.of_week([], MONDAY) is None


def test_two_people_of_one_name_are_two_rows():
    drawn = page_of(load.of_day([booked(0, 9, "Ann Sample", 1), booked(0, 9, "Ann Sample", 2)], MONDAY))
    assert [row[0] for row in drawn.rows] == ["Ann Sample", "Ann Sample", "All"]


def heights_follow_values(drawn: charts.DrawnChart) -> bool:
    """In each row of bars by itself: they stand on different lines."""
    values = {(mark.row, mark.column): mark.value for mark in drawn.marks}
    cells = {place: charts.number_in(text) for place, text in drawn.cells().items() if place[1]}
    people = len(drawn.rows) - 1
    inner = {(row, column): value for (row, column), value in cells.items() if row < people}
    last = max(column for _row, column in inner)
    drawable = {place: value for place, value in inner.items() if value and place[1] < last}
    rows = [[mark for mark in drawn.marks if mark.row == row] for row in range(people)]
    ordered = all((one.y < two.y) == (one.value > two.value) for row in rows for one in row for two in row)
    return values == drawable and ordered


def test_a_caseload_is_a_picture_for_each_count_over_one_table():
    people = [Caseload("Ann Sample", (12, 0, 3, 9)), Caseload("", (2, 0, 0, 0))]
    table = [[cell.text for cell in row] for row in caseload.table(people).rows]

    assert table == [
        ["Ann Sample", "12", "0", "3", "9"], ["No therapist yet", "2", "0", "0", "0"],
        ["All", "14", "0", "3", "9"],
    ]  # fmt: skip
    drawn = [page_of(picture.chart) for picture in caseload.pictures(people)]
    assert [charts.faults(one, table, is_upright=False) for one in drawn] == [[], [], [], []]
    assert [len(one.marks) for one in drawn] == [2, 0, 1, 1]
    assert [one.sentence for one in drawn[:2]] == [
        "Open episodes of care: 14, most with Ann Sample (12)",
        "Drafts: none",
    ]


# Pooled soreness


def test_what_is_withheld_is_words_and_no_bar():
    chart = soreness_picture.of([SorenessMeans("Infraspinatus, 1 to 3", 2.04, 4.0)], withheld=3)
    drawn = page_of(chart)

    assert drawn.rows == [["Infraspinatus, 1 to 3", "2", "4"], ["3 more are withheld", "<5", "<5"]]
    assert {mark.row for mark in drawn.marks} == {0}
    assert charts.faults(drawn, is_upright=False) == []
    assert "<5" in drawn.words
    assert soreness_picture.of([], withheld=0) is None


def test_ten_are_drawn_and_the_sentence_says_of_how_many():
    means = [SorenessMeans(f"Muscle {n:02}", n / 4, None) for n in range(14)]
    chart = soreness_picture.of(means, withheld=0)

    assert len(page_of(chart).rows) == 10
    assert chart.sentence == "The most sore first, 10 of 14 that may be shown"


def test_the_reader_sees_a_picture_that_is_not_its_table():
    table = Table(("Who", "n"), (row_of("A", "3"), row_of("B", "2")))
    scale = axes.Scale(0, 10, 5)
    wrong = bars.lying("A and B", [Category("A", (2,)), Category("B", (3,))], table, scale=scale)

    assert len(charts.faults(page_of(wrong), is_upright=False)) == 2


# Body map per visit


def test_each_visit_has_a_map_of_its_own_regions():
    maps = visit_maps.of(
        [
            visit(0, region="b-rhom", side="left"),
            visit(1, insertions=7),
            visit(2, state="draft", region="f-delt"),
        ]
    )

    assert [(one.view, one.said) for one in maps["R1"]] == [("back", "Back: Top of shoulder, right 7")]
    assert {region.code for one in maps["R0"] for region in one.regions} == {"b-rhom-l"}
    assert [one.caption for one in maps["R2"]] == ["Front, draft"]
    assert visit_maps.of([visit(0, in_error=True)]) == {}


def test_all_maps_of_a_page_are_cut_alike():
    maps = visit_maps.of([visit(0), visit(1, region="b-calf")])
    assert len({one.view_box for found in maps.values() for one in found}) == 1


# Depth


@pytest.mark.parametrize(
    ("depth", "words"), [(15, "4 mm to spare."), (19, "0 mm to spare."), (22, "3 mm over it.")]
)
def test_depth_beside_the_limit_is_said_in_words(depth, words):
    beside = DepthBesideBound(depth, DepthBound(19, is_limit=True))
    assert beside.words == f"{depth} mm deep, limit 19 mm: {words}"


def test_without_an_approved_limit_no_depth_is_said_to_be_to_spare():
    beside = DepthBesideBound(8, DepthBound(9))
    assert (beside.limit, beside.words) == (None, "8 mm deep. From 10 mm a reason is asked.")


@pytest.mark.django_db
def test_without_a_script_the_kept_site_shows_its_depth_beside_the_limit(draft, signed_in, therapist):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    factories.site(draft, "rho", depth_mm=12)
    page = signed_in(therapist).get(draft.get_absolute_url()).text
    [kept] = re.findall(r"<noscript>\s*<div class=\"depth-kept\">.*?</noscript>", page, re.S)

    assert "12 mm deep, limit 19 mm: 7 mm to spare." in kept
    assert float(re.search(r'dp-needle" d="M64 0V([\d.]+)"', kept)[1]) < 64
    assert ">12<" in kept


@pytest.mark.django_db
def test_without_a_script_and_a_limit_the_kept_site_shows_the_depth_that_is_asked_about(
    draft, signed_in, therapist
):
    factories.site(draft, "rho", depth_mm=12)
    page = signed_in(therapist).get(draft.get_absolute_url()).text
    [kept] = re.findall(r"<noscript>\s*<div class=\"depth-kept\">.*?</noscript>", page, re.S)

    assert "12 mm deep. From 20 mm a reason is asked." in kept
    assert re.search(r">\s*asked 20\+\s*</text>", kept)
    assert re.search(r'dp-needle" d="M64 0V([\d.]+)"', kept)[1] == "44.0"


# On the pages


@pytest.mark.django_db
def test_trends_draw_motion_tone_and_soreness(ada, therapist, signed_in):
    for days in (14, 7):
        at = timezone.now() - dt.timedelta(days=days)
        session = factories.session(ada, therapist, opened_at=at, started_at=at)
        factories.session_condition(session, pain_before=6, pain_after=3)
        factories.site(session)
        for kind, joint, scale in (("rom", "Neck", ""), ("tone", "", "Modified Ashworth 0 to 4")):
            Measurement.objects.create(
                session=session, kind=kind, joint=joint, side="right", scale=scale, before=2, after=1
            )
        NeedlingSession.objects.filter(pk=session.pk).update(signed_at=timezone.now(), signed_by=therapist)
    page = signed_in(therapist).get(reverse("treatments:trends", args=[ada.ref])).text
    drawn = charts.of_page(page)

    assert [one.said for one in drawn[1:]] == [f"{one.sentence}." for one in drawn[1:]]
    assert len(drawn) == 3
    assert any(one.sentence.startswith("Muscle tone") for one in drawn)
    assert [charts.faults(one) for one in drawn] == [[], [], []]


@pytest.mark.django_db
def test_the_caseload_counts_what_each_has_in_hand(lead, therapist, other_therapist, draft, signed_in):
    page = signed_in(lead).get(reverse("treatments:caseload"))
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in page.context["table"].rows}

    assert rows[therapist.display_name][:3] == ["1", "1", "0"]
    assert rows[other_therapist.display_name] == ["0", "0", "0", "0"]
    *_others, table = charts.ChartReader(page.text).tables
    assert [charts.faults(one, table, is_upright=False) for one in charts.of_page(page.text)] == [[]] * 4


FIGURE = re.compile(r'data-figure="(front|back)"(.*?)(?=data-figure=|</main>)', re.S)


@pytest.mark.django_db
def test_every_body_figure_says_front_or_back(practice):
    """On every page of every role; the picture of the door is about nobody."""
    seen, without = {}, {}
    for role, address, state, response in world.walk(practice):
        for view, html in FIGURE.findall(response.content.decode()):
            seen[address.name] = seen.get(address.name, 0) + 1
            if not re.search(rf'class="sub fig-side">\s*{view.capitalize()}', html):
                without.setdefault(address.name, (role, state))

    assert without == {}
    assert seen.keys() >= {
        "treatments:session", "treatments:session-sign", "treatments:site-edit", "treatments:record",
        "treatments:session-print",
    }  # fmt: skip
