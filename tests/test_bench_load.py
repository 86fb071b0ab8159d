"""The benchmark under load: its arithmetic, what counts as failed, and what an acknowledged save promises."""

import dataclasses
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command

from bench.browser import HttpBrowser, Response
from bench.load import figures, human, report, run
from bench.load.__main__ import load_plan
from bench.load.claims import claim_of
from bench.load.figures import Sample, Stage
from bench.load.human import EndOfShift, HumanBrowser, Journal, NoAnswer, Shift
from bench.load.run import LoadResult, Plan
from bench.management.commands import bench_acknowledged
from bench.management.commands.bench_acknowledged import KEPT, is_kept
from treatments.models import NeedlingSession

KEY = "0c3f8a52-7a77-4a0e-9a39-5b1f6f6f8a10"


def sample(kind: str, milliseconds: float, *, what: str = "GET /", status: int = 200) -> Sample:
    return Sample(kind, what, milliseconds / 1000, status)


def stage(**more) -> Stage:
    quick = [sample("read", 100), sample("save", 200)]
    plain = Stage(
        clients=30, seconds=10, samples=quick, server_cores=0.4, bench_cores=0.1, machine_cores=0.9,
        cores=2, queued=0,
    )  # fmt: skip
    return dataclasses.replace(plain, **more)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 95, 0), ([3], 95, 3), ([3], 50, 3), ([4, 1, 3, 2], 50, 2), ([2, 1], 100, 2),
        (list(range(1, 101)), 95, 95),
    ],
)  # fmt: skip
def test_a_percentile_is_a_value_that_was_measured(values, percent, expected):
    assert figures.percentile(values, percent) == expected


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/patients/7KQ2M9/", "read"),
        ("POST", "/patients/", "read"),
        ("POST", "/audit/", "read"),
        ("POST", "/sessions/7KQ2M9ABC/fields/", "save"),
        ("POST", "/sessions/7KQ2M9ABC/presence/", "poll"),
        ("GET", "/board/news/?v=12.34", "poll"),
        ("POST", "/accounts/login/", "sign-in"),
        ("POST", "/handover/return/", "sign-in"),
        ("GET", "/accounts/login/", "read"),
    ],
)
def test_searches_are_reads_and_polls_and_passwords_count_apart(method, path, kind):
    assert figures.kind_of(method, path) == kind


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/patients/7KQ2M9/visits/start/", "GET /patients/…/visits/start/"),
        (f"/sessions/ABCDEF/sites/{KEY}/", "GET /sessions/…/sites/…/"),
        ("/board/news/?v=1.2", "GET /board/news/"),
        ("/handover/3/", "GET /handover/…/"),
    ],
)
def test_an_address_is_summed_up_without_its_references(path, label):
    assert figures.label_of("GET", path) == label


def test_no_answer_and_a_fault_of_the_server_count_as_failed_and_not_as_quick():
    failing = [sample("read", 1, status=0), sample("save", 1, status=503), sample("save", 50, status=422)]

    found = stage(samples=failing)

    assert found.failed == 2
    assert found.of("read") == []
    assert found.p95_ms("save") == 50
    assert not found.holds


def test_the_slowest_are_those_asked_often_enough():
    samples = [sample("read", 10 * n, what="GET /a/") for n in range(1, 6)]
    samples += [sample("read", 20, what="GET /b/")] * 5 + [sample("read", 900, what="GET /once/")]

    assert figures.slowest(samples, "read") == [("GET /a/", 0.05), ("GET /b/", 0.02)]


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ({"server_cores": 0.9}, "the one process of the server"),
        ({"machine_cores": 1.95}, "1.4 cores of them by the database and other work"),
        ({"queued": 3}, "every thread of the server waits"),
        ({}, "the database, or what it waits for"),
    ],
)
def test_what_bends_first_is_what_was_used_up_at_the_first_slow_stage(seen, words):
    slow = stage(clients=100, samples=[sample("read", 301)], **seen)

    said = figures.bends_at([stage(), slow, stage(clients=300)])

    assert said.startswith("At 100 it bends: ")
    assert words in said


def test_a_run_within_the_aims_holds():
    assert figures.bends_at([stage(), stage(clients=60)]) == "Up to 60 it holds."


@pytest.mark.parametrize(
    ("people", "desk", "therapist", "lead"),
    [(30, 12, 15, 3), (8, 3, 4, 1), (300, 120, 150, 30), (3, 1, 1, 1)],
)
def test_people_are_shared_out_as_in_a_practice_of_thirty(people, desk, therapist, lead):
    assert run.staffed(people) == {"desk": desk, "therapist": therapist, "lead": lead}


def test_sqlite_has_eight_people_and_a_climb_is_a_list(monkeypatch):
    for name in ("BENCH_STAFF", "BENCH_MINUTES", "BENCH_PAUSE"):
        monkeypatch.delenv(name, raising=False)
    assert load_plan("SQLite").stages == [8]
    assert load_plan("PostgreSQL") == Plan([30], 10, (2, 8))

    monkeypatch.setenv("BENCH_STAFF", "30,300")
    monkeypatch.setenv("BENCH_PAUSE", "1")
    assert load_plan("PostgreSQL") == Plan([30, 300], 10, (1, 1))


def answered(status: int, location: str = "") -> Response:
    return Response(status, "", location, 0.1, "/")


@pytest.mark.parametrize(
    ("path", "values", "answer", "claim"),
    [
        (
            "/sessions/ABC2/fields/", {"field": "note", "value": "Better."}, answered(200),
            ["field", "ABC2", "note", "Better."],
        ),
        ("/sessions/ABC2/fields/", {"field": "note", "value": "Better."}, answered(409), None),
        ("/sessions/ABC2/sites/", {"muscle": "UT", "key": KEY}, answered(200), ["site", "ABC2", KEY]),
        ("/sessions/ABC2/sites/", {"muscle": "UT", "key": KEY}, answered(422), None),
        ("/sessions/ABC2/", {"line-line": "ut r 3", "line-key": KEY}, answered(302), ["site", "ABC2", KEY]),
        (
            "/sessions/ABC2/", {"plan": "Weekly.", "note": "x"}, answered(302),
            ["field", "ABC2", "plan", "Weekly."],
        ),
        ("/sessions/ABC2/unkept/", {"muscle": "UT", "key": KEY}, answered(204), None),
        ("/sessions/ABC2/sign/", {"form_key": KEY}, answered(302), ["signed", "ABC2"]),
        ("/sessions/ABC2/sign/", {"form_key": KEY}, answered(422), None),
        ("/sessions/ABC2/addenda/", {"text": "Heat."}, answered(302), ["addendum", "ABC2", "Heat."]),
        (
            "/patients/register/", {"family_name": "Lind"}, answered(302, "/patients/7KQ2M9/visits/start/"),
            ["patient", "7KQ2M9", "Lind"],
        ),
        ("/patients/7KQ2M9/visits/start/", {"kind": "follow_up"}, answered(302), ["visit", "7KQ2M9"]),
        ("/visits/ABC2/step/", {"verb": "arrive"}, answered(302), ["step", "ABC2", "arrive"]),
        ("/followups/ABC2/answer/", {"now": "2"}, answered(302), ["call", "ABC2"]),
        ("/patients/", {"q": "Lind"}, answered(200), None),
    ],
)  # fmt: skip
def test_a_save_that_was_taken_promises_what_it_held(path, values, answer, claim):
    assert claim_of(path, {name: [value] for name, value in values.items()}, answer) == claim


@pytest.mark.django_db
@pytest.mark.parametrize("what", sorted(KEPT))
def test_a_save_that_is_not_in_the_record_is_lost(what, tmp_path, capsys):
    values = {"field": ["note", "x"], "site": [KEY], "addendum": ["x"], "patient": ["x"], "step": ["arrive"]}
    claim = [what, "ABC2", *values.get(what, [])]
    path = tmp_path / "claims.json"
    path.write_text(json.dumps([claim]), encoding="utf-8")

    call_command(bench_acknowledged.Command(), str(path))

    assert json.loads(capsys.readouterr().out) == [claim]


def test_a_save_that_is_in_the_record_is_kept(draft):
    NeedlingSession.objects.filter(pk=draft.pk).update(plan="Weekly.")

    assert is_kept("field", draft.ref, "plan", "Weekly.")
    assert not is_kept("field", draft.ref, "plan", "Daily.")
    assert is_kept("patient", draft.patient.ref, draft.patient.family_name)
    assert is_kept("visit", draft.patient.ref)
    assert is_kept("step", draft.visit.ref, "arrive")
    assert not is_kept("signed", draft.ref)


class Answering(BaseHTTPRequestHandler):
    """Says yes to everything, and nothing at all to /silent/."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):  # the library's name
        if self.path == "/silent/":
            self.close_connection = True
            return
        self.server.asked.append(self.path)
        body = b'<div data-version="7.1"></div>'
        self.send_response(204 if "/news/" in self.path else 200)
        self.send_header("X-Board-Version", "8.2")
        self.send_header("Content-Length", "0" if "/news/" in self.path else str(len(body)))
        self.end_headers()
        if "/news/" not in self.path:
            self.wfile.write(body)

    def log_message(self, *about):
        """Quiet."""


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as listening:
        listening.asked = []
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield listening
        listening.shutdown()


def person(server, *, pause=(0.0, 0.0), seconds=30.0) -> HumanBrowser:
    shift = Shift(time.monotonic() + seconds, pause)
    return HumanBrowser("127.0.0.1", server.server_port, Journal(), shift)


def test_an_open_board_asks_for_news_while_its_person_pauses(server):
    browser = person(server, pause=(0.3, 0.3))
    browser.open_board(every=0.1)

    browser.get("/patients/")
    browser.connection.close()

    assert server.asked[0] == "/"
    assert server.asked[1] == "/board/news/?v=7.1"
    assert server.asked[2] == "/board/news/?v=8.2"
    assert server.asked[-1] == "/patients/"
    assert {one.kind for one in browser.journal.samples} == {"read", "poll"}


def test_a_person_goes_home_when_the_time_is_up(server):
    browser = person(server, seconds=0)

    with pytest.raises(EndOfShift):
        browser.get("/")


def test_nobody_pauses_while_a_code_of_the_app_runs_out(server, monkeypatch):
    browser, paused = person(server, pause=(5, 5)), []
    monkeypatch.setattr(
        HttpBrowser, "sign_in", lambda self, *about, **more: [self.get("/a/"), self.get("/b/")]
    )
    monkeypatch.setattr(human.time, "sleep", paused.append)

    browser.sign_in("lead", "secret words")
    browser.get("/")
    browser.connection.close()

    assert [round(seconds) for seconds in paused if seconds > 0.1] == [5]


def test_a_connection_that_ends_without_an_answer_counts_as_failed(server):
    browser = person(server)

    with pytest.raises(NoAnswer, match="GET /silent/"):
        browser.get("/silent/")

    assert [(one.status, one.failed) for one in browser.journal.samples] == [(0, True)]


def test_the_section_says_the_conditions_the_failures_and_what_was_lost():
    slow = stage(clients=60, samples=[sample("read", 400)], interrupted=["Desk: no form"])
    result = LoadResult([stage(), slow], [["signed", "ABC2"]] * 12, [["site", "ABC2", KEY]], 8000, 8)

    section = report.section(result, Plan([30, 60], 1.5), engine="SQLite", about="The machine was busy.")

    assert (
        "30 people (12 at the desk, 15 therapists, 3 leads) at work for 1.5 min on SQLite with 8,000"
        in section
    )
    assert "2 to 8 s between two requests" in section
    assert "share. The machine was busy.\n" in section
    assert "Failed: 0. Acknowledged saves looked up afterwards: 12, lost: 1." in section
    assert "At 60 it bends" in section
    assert (
        "| 30 | 2 | 0.2 | 0 | 0 | 100 / 100 | 200 / 200 | 0 / 0 | 0 / 0 | 2000 | 0.40 | 0.10 | 0.90 | 0 |"
        in section
    )
    assert "- Desk: no form" in section
    assert f"- lost: site ABC2 {KEY}" in section
