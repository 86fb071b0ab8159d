"""Sites as a shorthand line: saved together, read back while typing, refused word by word."""

import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.models import AuditEvent, Jurisdiction
from tests import factories
from treatments.models import DraftEvent, Muscle

pytestmark = pytest.mark.django_db
LIVE = {"X-Live": "1"}
LINE = "ut r 3 t2 d15 0.30x40; is l 2 t1 d8 w8 .25x30; so b 7 t0 .30x50 d20 ps"


@pytest.fixture
def post(draft, signed_in):
    client = signed_in(draft.therapist)

    def send(line, headers=None, **more):
        data = {"line-line": line, "line-key": str(uuid.uuid4()), **more}
        return client.post(reverse("treatments:site-line", args=[draft.ref]), data, headers=headers)

    return send


def stored_values(draft) -> list[tuple]:
    return [
        (s.number, s.muscle.code, s.side, s.insertions, s.twitches, str(s.gauge_mm), s.length_mm, s.depth_mm)
        for s in draft.sites.select_related("muscle")
    ]


def test_a_line_becomes_rows(post, draft):
    response = post(LINE)

    assert (response.status_code, response.url) == (302, f"{draft.get_absolute_url()}#new-site")
    assert stored_values(draft) == [
        (1, "ut", "right", 3, 2, "0.30", 40, 15),
        (2, "is", "left", 2, 1, "0.25", 30, 8),
        (3, "so", "left", 7, 0, "0.30", 50, 20),
        (4, "so", "right", 7, 0, "0.30", 50, 20),
    ]
    second = draft.sites.get(number=2)
    assert (second.technique, second.dwell_seconds, second.region.code) == ("static", 480, "b-infra")
    assert draft.sites.get(number=3).technique == "piston"
    event = AuditEvent.objects.get(code="session.site_added")
    assert set(event.changes) == {"site 1", "site 2", "site 3", "site 4"}


def test_the_same_line_twice_makes_its_rows_once(post, draft):
    key = str(uuid.uuid4())
    for _ in range(2):
        post(LINE, **{"line-key": key})

    assert draft.sites.count() == 4


def test_what_the_line_leaves_open_is_proposed_and_said_to_be(post, draft):
    past = factories.session(draft.patient, draft.therapist)
    factories.site(past, "so", depth_mm=25, length_mm=50, technique="piston")

    post("so r 2 t1")

    site = draft.sites.get()
    assert (site.length_mm, site.depth_mm, site.technique, site.needles) == (50, 25, "piston", 1)
    came = DraftEvent.objects.get(session=draft, field="site").new["origins"]
    assert came["side"] == came["insertions"] == "typed"
    assert came["needles"] == "count"
    assert {came[name].partition("@")[0] for name in ("needle", "depth_mm", "technique")} == {"hand"}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("is r 2 t1 0.30x40; xyz r 2 t1 0.30x40", "Site 2: No muscle is called “xyz”."),
        ("quads r 2 t1 0.30x40", "“quads” may be Rectus femoris, Vastus intermedius, Vastus lateralis"),
        ("hamstring r 2 t1 0.30x40", "“hamstring” may be Biceps femoris, Semitendinosus and"),
        ("rotator cuff r 2 t1", "“rotator cuff” may be Infraspinatus, Subscapularis"),
        ("is r 2 0.30x40", "Site 1: Still needed: the twitches, such as t0."),
        ("rho r 2 t0 0.30x40", "Site 1: Enter the depth in mm. This place lies over the lung."),
        ("is r 2 t1", "Site 1: Choose a needle."),
        ("is r 2 t1 d60 0.30x40", "The depth cannot be more than the needle"),
        ("  ;  ", "Write at least one site"),
        ("", "Write at least one site"),
    ],
)
def test_a_line_with_a_slip_keeps_nothing_and_stays_typed(post, draft, line, sentence):
    response = post(line)

    assert response.status_code == 422
    assert sentence.replace("'", "&#x27;") in response.text
    assert draft.sites.count() == 0
    assert response.context["line_form"]["line"].value() == line


def test_it_is_read_back_while_it_is_typed_and_nothing_is_kept(post, draft):
    read = post("is r 2 t1 0.30x40 d20; is l 2 x9", LIVE, read="1").json()["parts"]["line-read"]

    assert "Infraspinatus, right. 2 insertions, 0.30 × 40 mm to 20 mm, 1 twitch, in and out." in read
    assert "<mark>x9</mark>" in read
    assert "“x9” is not understood." in read
    assert not draft.sites.exists()
    assert not DraftEvent.objects.filter(session=draft).exists()


def test_somebody_elses_draft_takes_no_line(draft, other_therapist, signed_in):
    url = reverse("treatments:site-line", args=[draft.ref])

    assert signed_in(other_therapist).post(url, {"line-line": LINE}).status_code == 404


def test_reading_a_line_costs_the_same_for_many_sites(post):
    costs = []
    for line in ("is r 2 t1", ";".join(["is r 2 t1", "so l 1 t0", "ut r 1 t1 d10", "rho l 2 t0 d9"] * 3)):
        with CaptureQueriesContext(connection) as asked:
            post(line, LIVE, read="1")
        costs.append(len(asked))

    assert costs[0] == costs[1] <= 12


# ---- the preview and the rule agree

MUSCLES = ["lm", "ut", "is", "rho", "so", "xyz"]
NUMBERS = ["1", "7", "t0", "t9", "d5", "d29", "d30", "d31", "d40", "d150", "w0", "w240", "n1"]
NEEDLES = ["0.30x30", ".25x5", "0.30x150", "0.95x30"]
WORDS = [*MUSCLES, "l", "r", "b", "m", *NUMBERS, *NEEDLES, "li", "io"]


def reads_back_as_fine(post, line: str) -> bool:
    answer = post(line, LIVE, read="1").json()["parts"]["line-read"]
    return "<li>" in answer and 'class="needs"' not in answer


def is_kept(post, draft, line: str) -> bool:
    """Whether Enter keeps it; the draft is as before afterwards."""
    with transaction.atomic():
        answer, before = post(line, LIVE), draft.sites.count()
        kept = answer.status_code in (200, 302)
        assert kept == (before > 0)
        transaction.set_rollback(True)
    return kept


@pytest.mark.parametrize(
    ("line", "fine"),
    [
        ("lm r 2 t1 d40 0.30x30", False),
        ("lm r 2 t1 d31 0.30x30", False),
        ("lm r 2 t1 d30 0.30x30", True),
        ("lm b 2 t1 d40 0.30x30", False),
        ("lm r 2 t1 0.30x30; lm l 2 t1 d40 0.30x30", False),
        ("rho r 2 t1 0.30x30", False),
        ("rho r 2 t1 d15 0.30x30", True),
        ("; ".join(["is r 2 t1 d8 0.30x30"] * 20), True),
        ("; ".join(["is r 2 t1 d8 0.30x30"] * 21), False),
    ],
)
def test_what_reads_back_as_fine_is_kept_and_what_does_not_is_refused(post, draft, line, fine):
    assert reads_back_as_fine(post, line) is fine
    assert is_kept(post, draft, line) is fine


def test_a_region_that_the_state_refuses_is_refused_while_it_is_typed(post, draft):
    set_outside_course(draft, Jurisdiction.OutsideCourse.STOP)

    assert not reads_back_as_fine(post, "is r 2 t1 d8 0.30x30")
    assert not is_kept(post, draft, "is r 2 t1 d8 0.30x30")


def test_what_will_need_a_reason_is_said_while_it_is_typed(post, draft):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=12)

    read = post("rho r 2 t1 d15 0.30x30", LIVE, read="1").json()["parts"]["line-read"]

    assert "You will be asked: 15 mm is over the limit of 12 mm" in read
    assert is_kept(post, draft, "rho r 2 t1 d15 0.30x30")


def set_outside_course(draft, how):
    """The therapist has a course of another part of the body, and the state says what that means."""
    jurisdiction = draft.jurisdiction
    jurisdiction.outside_course, jurisdiction.hours_practicum = how, 20
    jurisdiction.save(update_fields=["outside_course", "hours_practicum"])


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7), min_size=1, max_size=3))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_any_line_reads_back_as_the_rule_decides(post, draft, words):
    line = "; ".join(" ".join(part) for part in words)

    assert reads_back_as_fine(post, line) is is_kept(post, draft, line)
