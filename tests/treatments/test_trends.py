"""What the numbers say: tables for the pure functions, then the page that shows them."""

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.rules.charts import axes, courses
from clinic.rules.charts.chart import Table
from tests import factories
from treatments.models import NeedlingSession
from treatments.rules.record import pictures, soreness_trend, summary, trends
from treatments.rules.record.patient_sessions import PainScore, SorenessScore, TreatedSite, Treatment

START = dt.datetime(2026, 4, 7, 15, tzinfo=dt.UTC)
NECK, KNEE = 1, 2


def visit(week, *pains, sites=(), soreness=(), **more):
    """A treatment `week` weeks after the first; each of `pains` is (condition, before, after)."""
    scores = tuple(PainScore(key, "Neck pain", "right", before, after) for key, before, after in pains)
    return Treatment(
        ref=f"R{week}",
        at=START + dt.timedelta(weeks=week),
        pains=scores,
        sites=tuple(sites),
        soreness=tuple(soreness),
        **more,
    )


def points(*scores):
    return [
        trends.PainPoint(START.date() + dt.timedelta(weeks=n), f"R{n}", *pair)
        for n, pair in enumerate(scores)
    ]


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ([], "Pain before treatment was not asked yet"),
        ([(None, 3)], "Pain before treatment was not asked yet"),
        ([(7, 5)], "Pain was 7 before and 5 after at the only visit so far"),
        ([(7, None)], "Pain was 7 before at the only visit so far"),
        ([(7, 5), (6, 3)], "Pain before treatment fell from 7 to 6 over 2 visits"),
        ([(5, 5), (6, 3)], "Pain before treatment rose from 5 to 6 over 2 visits"),
        (
            [(5, 5), (9, 1), (5, 0)],
            "Pain before treatment stayed at 5 over 3 visits, with 9 on Apr 14 in between",
        ),
        (
            [(7, 4), (1, 0), (5, 4)],
            "Pain before treatment fell from 7 to 5 over 3 visits, with 1 on Apr 14 in between",
        ),
        ([(7, 4), (4, 0), (5, 4)], "Pain before treatment fell from 7 to 5 over 3 visits"),
        ([(9, 8), *[(3, 2)] * 5, (1, 0)], "Pain before treatment fell from 3 to 1 over the last 6 visits"),
        ([(8, 5), (None, None), (4, 2)], "Pain before treatment fell from 8 to 4 over 2 visits"),
        ([(0, 0), (0, 0)], "Pain before treatment stayed at 0 over 2 visits"),
    ],
)
def test_finding_says_the_course_in_a_sentence(scores, sentence):
    assert trends.finding(points(*scores)) == sentence


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ([(7, 5)], ""),
        ([(7, 5), (7, None)], ""),
        ([(7, 5), (6, 3)], "After treatment it is 2.5 lower on average"),
        ([(8, 6), (7, 5)], "After treatment it is 2 lower on average"),
        ([(5, 6), (5, 6)], "After treatment it is 1 higher on average"),
        ([(5, 5), (5, 5)], "After treatment it is about the same"),
    ],
)
def test_effect_needs_two_visits(scores, sentence):
    assert trends.session_effect(points(*scores)) == sentence


def of_column(chart, column):
    return [mark for mark in chart.marks if mark.column == column]


def test_missing_scores_are_gaps_in_picture_and_list():
    course = points((7, 5), (6, None), (None, None))
    chart = pictures.pain(course)
    assert trends.missing_scores(course) == ["Apr 14: not asked after", "Apr 21: not asked before and after"]
    assert [(mark.row, mark.y) for mark in of_column(chart, 2)] == [(0, "110.0")]
    assert [line.path.count("L") for line in chart.lines if line.look == "ch-course"] == [1]
    assert [row[2].text for row in chart.table.rows] == ["5", "Not asked", "Not asked"]


def test_picture_keeps_its_frame_and_the_table_every_visit():
    chart = pictures.pain(points(*[(10, 0)] * 9))
    before, after = of_column(chart, 1), of_column(chart, 2)
    assert len(before) == len(after) == trends.MAX_SLOPES
    assert len(chart.table.rows) == 9
    assert {mark.y for mark in before} == {"34.0"}
    assert {mark.y for mark in after} == {"186.0"}
    assert all(34 <= float(a.x) < float(b.x) <= 484 for a, b in zip(before, after, strict=True))
    assert chart.sentence == "Pain before treatment stayed at 10 over the last 6 visits"


def test_series_go_by_condition_oldest_first_without_errors():
    found = trends.series(
        [
            visit(2, (NECK, 5, 2), (KNEE, 3, 3)),
            visit(1, (NECK, 6, 4), in_error=True),
            visit(0, (NECK, 7, 5)),
        ],
        general=2,
    )
    assert list(found) == [NECK, KNEE]
    assert [(point.before, point.after) for point in found[NECK]] == [(7, 5), (5, 2)]


def test_a_begun_draft_is_no_visit():
    begun = visit(1, (NECK, 6, 1), sites=[site("Infraspinatus")], state="draft")
    read = [visit(0, (NECK, 7, 5), sites=[site("Infraspinatus")]), begun]

    assert len(trends.series(read, general=2)[NECK]) == 1
    assert [effect.visits for effect in trends.muscle_effects(read)] == [1]
    assert sum(trends.insertions(read).values()) == 2


def site(muscle, side="right", condition=None, insertions=2, region="b-utrap"):
    return TreatedSite(muscle, side, insertions, condition, region)


def test_what_helped_counts_visits_by_muscle_and_side():
    helped = trends.muscle_effects(
        [
            visit(0, (NECK, 7, 5), sites=[site("Infraspinatus"), site("Infraspinatus"), site("Trapezius")]),
            visit(1, (NECK, 6, 2), sites=[site("Infraspinatus")]),
            visit(2, (NECK, 6, 3), sites=[site("Infraspinatus"), site("Infraspinatus", "left")]),
            visit(3, (NECK, 6, None), sites=[site("Trapezius")]),
        ]
    )
    said = [(one.muscle, one.change_text, one.visits, one.is_few) for one in helped]
    assert said == [
        ("Infraspinatus R", "−3", 3, False),
        ("Infraspinatus L", "−3", 1, True),
        ("Trapezius R", "−2", 1, True),
    ]


def test_what_helped_follows_the_condition_a_site_was_meant_for():
    both = visit(
        0,
        (NECK, 7, 4),
        (KNEE, 5, 5),
        sites=[site("Trapezius", condition=NECK), site("Popliteus", condition=KNEE)],
    )
    assert {one.muscle: one.change_text for one in trends.muscle_effects([both])} == {
        "Trapezius R": "−3",
        "Popliteus R": "0",
    }
    assert [one.muscle for one in trends.muscle_effects([both], KNEE)] == ["Popliteus R"]


def test_insertions_colour_the_region_by_fixed_classes():
    totals = trends.insertions(
        [
            visit(
                0,
                sites=[
                    site("Trapezius", insertions=4),
                    site("Rhomboid", "left", insertions=1, region="b-rhom"),
                ],
            ),
            visit(1, sites=[site("Trapezius", insertions=6), site("Somewhere", insertions=9, region="")]),
        ]
    )
    assert totals == {("b-utrap", "right"): 10, ("b-rhom", "left"): 1}
    assert trends.marks(totals) == {
        "b-utrap-r": {"cls": "h4", "badge": "10"},
        "b-rhom-l": {"cls": "h1", "badge": "1"},
    }


@pytest.mark.parametrize(
    ("value", "name"),
    [(0, ""), (1, "h1"), (2, "h1"), (3, "h2"), (5, "h2"), (6, "h3"), (10, "h4"), (15, "h5"), (99, "h5")],
)
def test_heat_classes_are_fixed(value, name):
    assert trends.class_of(value, trends.HEAT_CLASSES) == name


@pytest.mark.parametrize(("change", "words"), [(-2.66, "−2.7"), (-2.0, "−2"), (0.04, "0"), (0.5, "+0.5")])
def test_change_is_said_with_its_sign(change, words):
    assert trends.signed_number(change) == words


def test_soreness_by_step_says_where_no_report_is():
    rows = soreness_trend.rows_of(
        [
            visit(0, soreness=[SorenessScore(24, 4, 5), SorenessScore(72, 0)]),
            visit(1, soreness=[SorenessScore(24, 3)]),
            visit(2),
        ],
        [24, 72],
    )
    assert [[cell["now"] for cell in row["cells"]] for row in rows] == [[4, 0], [3, None]]
    assert (
        soreness_trend.finding(rows, [24, 72])
        == "Soreness when asked stayed at 4 or below and was gone after 72 hours"
    )
    assert soreness_trend.finding([], [24, 72]) == ""


def test_soreness_picture_shows_the_newest_and_the_one_before():
    picture = pictures.soreness(
        [
            visit(0, soreness=[SorenessScore(24, 5), SorenessScore(72, 1)]),
            visit(1, soreness=[SorenessScore(24, 4), SorenessScore(72, 0)]),
        ],
        [24, 72],
    )
    assert picture.chart.sentence == "Soreness after Apr 14 was 4 after 24 hours, 0 after 72 hours"
    assert [key.words for key in picture.chart.keys] == ["dashed: after Apr 7"]
    newest = [mark.value for mark in picture.chart.marks if mark.row == 1]
    assert (picture.of, newest) == ("Apr 14", ["4", "0"])
    assert pictures.soreness([visit(0)], [24, 72]) is None


@pytest.mark.parametrize(
    ("count", "total", "opening"),
    [
        (1, 1, "One session, on Apr 7."),
        (3, 3, "Three sessions in 15 days."),
        (20, 500, "500 sessions."),
    ],
)
def test_summary_counts_sessions_in_words(count, total, opening):
    read = [visit(week, (NECK, 5, 3)) for week in range(count)]
    assert summary.sentences([], read, steps=[24], general=2, total=total)[0] == opening


def test_summary_of_nothing_is_silent():
    assert summary.sentences([], [], steps=[24], general=2, total=0) == []


def session_of(patient, therapist, days_ago, before, after):
    at = timezone.now() - dt.timedelta(days=days_ago)
    session = factories.session(patient, therapist, opened_at=at, started_at=at)
    factories.session_condition(session, pain_before=before, pain_after=after)
    factories.site(session)
    NeedlingSession.objects.filter(pk=session.pk).update(signed_at=timezone.now(), signed_by=therapist)


@pytest.mark.django_db
def test_page_shows_picture_table_heat_and_what_helped(signed_in, therapist, ada):
    session_of(ada, therapist, 7, 7, 5)
    session_of(ada, therapist, 0, 6, 3)
    answer = signed_in(therapist).get(reverse("treatments:trends", args=[ada.ref]))
    shown = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "fell from 7 to 6 over 2 visits",
        "Infraspinatus R",
        "Too few to say",
        "−2.5",
        "4 insertions",
        "h2",
    ):
        assert words in shown
    assert AuditEvent.objects.filter(code="trends.opened", patient_ref=ada.ref).exists()


@pytest.mark.django_db
def test_page_without_sessions_says_when_trends_start(signed_in, therapist, ada):
    shown = signed_in(therapist).get(reverse("treatments:trends", args=[ada.ref])).content.decode()
    assert "Trends start with the first session" in shown


@pytest.mark.django_db
def test_one_condition_is_chosen_and_nonsense_is_not(signed_in, therapist, ada):
    session_of(ada, therapist, 0, 6, 3)
    other = factories.condition(ada.episodes.get(), therapist, code="knee-pain", side="left")
    at = timezone.now() - dt.timedelta(days=1)
    session = factories.session(ada, therapist, opened_at=at, started_at=at)
    factories.session_condition(
        session, patient_condition=other, name="Pain in knee", side="left", pain_before=9, pain_after=8
    )
    NeedlingSession.objects.filter(pk=session.pk).update(signed_at=at, signed_by=therapist)
    client, url = signed_in(therapist), reverse("treatments:trends", args=[ada.ref])
    assert "Pain was 9 before" in client.get(url, {"condition": other.pk}).content.decode()
    for nonsense in ("0", "x", "9" * 40):
        assert "Pain was 6 before" in client.get(url, {"condition": nonsense}).content.decode()


@pytest.mark.django_db
def test_desk_does_not_read_trends(signed_in, reception, ada):
    assert signed_in(reception).get(reverse("treatments:trends", args=[ada.ref])).status_code == 403


def dates_of(count: int) -> list[tuple[str, bool]]:
    """(label, left out on a phone) of each date on the axis."""
    pairs = [courses.Pair(f"day {n}", 5, None, n) for n in range(count)]
    chart = courses.over_visits("Pain", pairs, Table(("Visit",), ()), scale=axes.TO_TEN)
    page = render_to_string("components/_chart.html", {"chart": chart})
    found = re.findall(r'<text class="ch-t( ch-skip)?" x="[\d.]+" y="212.0"[^>]*>\s*([^<]+?)\s*</text>', page)
    return [(label, bool(is_left_out)) for is_left_out, label in found]


@pytest.mark.parametrize("count", [4, 5, 6, 9])
def test_a_phone_shows_every_second_date_and_always_the_newest(count):
    dates = dates_of(count)

    assert [label for label, _ in dates] == [f"day {n}" for n in range(count)]
    assert [is_left_out for _, is_left_out in reversed(dates)] == [n % 2 == 1 for n in range(count)]


def test_a_few_dates_all_stand_on_a_phone():
    assert [is_left_out for _, is_left_out in dates_of(3)] == [False, False, False]
