"""Every figure of a patient is the same wherever it stands: board, record, trends, session page and print."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from clinic.models import User
from clinic.rules.charts.chart import Chart
from patients.models import Patient
from treatments.models import NeedlingSession
from treatments.rules.record import trends
from treatments.selectors.record import patient_sessions

pytestmark = pytest.mark.django_db
SEEDS = ("agree 1", "agree 2", "agree 3")
SORENESS = re.compile(r"Soreness when asked [^.]*\.")
PAIN = re.compile(r"Pain (\d+) to (\d+)\.")
SORE = re.compile(r"[Ss]ore (\d+) at (\d+) h")


@pytest.fixture(params=SEEDS)
def demo(request):
    call_command("demo", patients=25, seed=request.param, verbosity=0)


def client_of(username: str) -> Client:
    client = Client()
    backend = "clinic.signin.backends.RolesBackend"
    client.force_login(User.objects.with_roles().get(username=username), backend=backend)
    return client


def pages_of(client: Client, patient: Patient):
    """(context of the record, context of its trends)"""
    record = client.get(reverse("treatments:record", args=[patient.ref]))
    shown = client.get(reverse("treatments:trends", args=[patient.ref]))
    if record.status_code != 200:
        return None
    wanted = [
        row for row in shown.context["problems"] if row["name"].lower() == record.context["trend_of"].lower()
    ]
    if wanted:
        shown = client.get(reverse("treatments:trends", args=[patient.ref]), {"condition": wanted[0]["key"]})
    return record.context, shown.context


def test_every_figure_is_the_same_wherever_it_stands(demo):
    """One demo for all comparisons: building it costs more than they do."""
    assert record_and_trends_say_the_same_of_every_patient() > 10
    assert the_board_says_what_the_record_says() > 3
    assert what_helped_beside_a_draft_is_what_the_trends_say() > 0


def record_and_trends_say_the_same_of_every_patient() -> int:
    """How many patients were compared."""
    client, compared = client_of("lead"), 0
    for patient in Patient.objects.order_by("pk"):
        found = pages_of(client, patient)
        if found is None:
            continue
        record, shown = found
        summary = " ".join(record["summary"])
        if record["trend"]:
            compared += 1
            assert f"{record['trend'].sentence}." in summary, patient.ref
            assert record["trend"].sentence == shown["trend"].sentence, patient.ref
            assert shown["lead"].startswith(f"{shown['trend'].sentence}."), patient.ref
            assert drawn(record["trend"]) == drawn(shown["trend"]), patient.ref
            assert trends.session_effect(points_of(patient, shown)) in summary, patient.ref
            picture_is_its_table(shown["trend"])
        assert SORENESS.findall(summary) == SORENESS.findall(shown["lead"]), patient.ref
        the_glance_says_what_the_sessions_say(patient, record)
        if record["soreness"]:
            assert record["soreness"].chart.sentence == shown["soreness"].chart.sentence, patient.ref
            assert record["soreness"].chart.table == shown["soreness"].chart.table, patient.ref
    return compared


def the_glance_says_what_the_sessions_say(patient: Patient, record) -> None:
    treatments = patient_sessions.newest_treatments(patient, 100)
    usable = trends.usable(treatments)
    needled = sum(site.insertions for one in usable[-3:] for site in one.sites if site.region)
    glance = record["glance"]
    assert sum(row["count"] for row in glance["regions"]) == needled, patient.ref
    assert not needled or glance["needled"].startswith(f"{needled} insertion"), patient.ref
    numbers = [one.number for one in treatments if not one.in_error]
    if record["episode"] and numbers:
        assert record["episode"]["used"] == max(numbers), patient.ref


def points_of(patient: Patient, shown) -> list:
    series = trends.series(patient_sessions.newest_treatments(patient, 100), general=2)
    chosen = next(row["key"] for row in shown["problems"] if row["current"])
    return series[chosen]


def drawn(chart: Chart) -> list[tuple[str, str, str]]:
    return [(mark.x, mark.y, mark.value) for mark in chart.marks]


def picture_is_its_table(chart: Chart) -> None:
    """The newest visits, each value in its cell and no value left out."""
    cells = {(mark.row, mark.column): mark.value for mark in chart.marks}
    newest = range(max(0, len(chart.table.rows) - trends.MAX_SLOPES), len(chart.table.rows))
    table = {(row, column): chart.table.rows[row][column].text for row in newest for column in (1, 2)}
    assert cells == {place: text for place, text in table.items() if text.isdigit()}


def the_board_says_what_the_record_says() -> int:
    """How many figures were compared."""
    compared = 0
    for username in ("therapist", "therapist2"):
        client = client_of(username)
        for row in client.get("/").context["my_rows"]:
            visit, summary = row["line"].visit, row["line"].summary
            if summary is None:
                continue
            sessions = patient_sessions.sessions_of(visit.patient).filter(
                visit__booked_for__lt=visit.booked_for
            )
            treated = [one for one in patient_sessions.treatments_of(sessions) if not one.in_error]
            finished = [one for one in treated if not one.is_draft and pain_of(one)]
            if pain := PAIN.search(summary.sentences):
                compared += 1
                assert tuple(map(int, pain.groups())) == pain_of(finished[0]), visit.ref
            if sore := SORE.search(summary.sentences):
                reported = {(score.now, score.step) for score in treated[0].soreness}
                assert tuple(map(int, sore.groups())) in reported, visit.ref
            drawn = [(slope.before, slope.after) for slope in summary.slopes]
            assert drawn == [pain_of(one) for one in finished[:5]][::-1], visit.ref
    return compared


def pain_of(one) -> tuple[int, int] | None:
    """The worst pain of its conditions before and after, as the board draws it."""
    pairs = [(pain.before, pain.after) for pain in one.pains if None not in (pain.before, pain.after)]
    return (max(before for before, _ in pairs), max(after for _, after in pairs)) if pairs else None


def what_helped_beside_a_draft_is_what_the_trends_say() -> int:
    """How many drafts were compared."""
    compared = 0
    for draft in NeedlingSession.objects.drafts().select_related("patient", "therapist"):
        client = client_of(draft.therapist.username)
        page = client.get(draft.get_absolute_url())
        condition = draft.conditions.filter(removed_at=None).order_by("pk").first()
        if page.status_code != 200 or condition is None or not page.context.get("helped"):
            continue
        shown = client.get(
            reverse("treatments:trends", args=[draft.patient.ref]),
            {"condition": condition.patient_condition_id},
        )
        compared += 1
        assert page.context["helped"] == shown.context["helped"][: len(page.context["helped"])], draft.ref
    return compared
