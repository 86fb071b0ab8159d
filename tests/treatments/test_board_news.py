"""An open board asks for news: what is news to it, what asking costs, and what it must not do."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.models import AuditEvent
from clinic.signin import lifetime
from patients.actions import screenings, visits
from patients.rules.screenings import GivenAnswer
from tests import factories
from tests.patients.posted_answers import answers_without_concern
from tests.statements import BUDGET, as_lines, data_statements
from treatments.actions.followups import calls, soreness
from treatments.actions.sites import correction as site_correction
from treatments.models import FollowUp
from treatments.rules.board import news
from treatments.rules.board.news import Version
from treatments.selectors.board import news as news_selectors

pytestmark = pytest.mark.django_db
NEWS = reverse("treatments:board-news")
BACKGROUND = {"X-Background": "1", "X-Requested-With": "fetch"}


def ask(client: Client, version: str, **query):
    return client.get(NEWS, {"v": version, **query}, headers=BACKGROUND)


@pytest.fixture
def board(signed_in, reception) -> Client:
    return signed_in(reception)


@pytest.fixture
def shown() -> str:
    """The version of a board that shows all there is."""
    newest = AuditEvent.objects.order_by("-seq").values_list("seq", flat=True).first()
    return str(Version(timezone.now(), newest or 0))


def check_in(draft, by):
    visits.check_in(factories.visit(draft.patient, draft.therapist), by=by)


def to_room(draft, by):
    visits.take_to_room(draft.visit, by=by)


def leave(draft, by):
    visits.check_out(draft.visit, by=by)


def warn(draft, by):
    soreness.file(factories.followup(draft), by=by, signs={"breathless": "yes"})


def needles_in(draft, by):
    site = factories.site(draft, technique="static", needles=3)
    site_correction.note_needles(draft, by=draft.therapist, key=site.key, way="in")


def needles_out(draft, by):
    site = factories.site(draft, technique="static", needles=3, needle_in_at=timezone.now())
    site_correction.note_needles(draft, by=draft.therapist, key=site.key, way="out")


def claim(draft, by):
    calls.claim(factories.followup(draft), by=by)


def book(draft, by):
    at = timezone.now() + dt.timedelta(hours=1)
    visits.book(
        draft.patient, by=by, therapist=draft.therapist, location=draft.location, booked_for=at, minutes=30,
        kind="follow_up",
    )  # fmt: skip


@pytest.mark.parametrize(
    "happens",
    [check_in, to_room, leave, warn, needles_in, needles_out, claim, book],
    ids=lambda do: do.__name__,
)
def test_what_happens_in_the_practice_is_news(board, draft, reception, shown, happens):
    assert ask(board, shown).status_code == 204

    happens(draft, reception)

    answer = ask(board, shown)
    assert answer.status_code == 200
    version = answer.context["version"]
    assert ask(board, str(version)).status_code == 204


@pytest.mark.parametrize("code", ["patient.opened", "session.read", "followup.opened", "user.signed_in"])
def test_a_look_is_no_news_and_is_not_read_again(board, ada, reception, shown, code):
    audit.look(code, ada, by=reception, patient=ada)

    answer = ask(board, shown)

    assert answer.status_code == 204
    assert answer.headers["X-Board-Version"].split(".")[0] == str(AuditEvent.objects.latest("seq").seq)


def test_every_event_is_news_but_for_looks_and_sign_ins():
    """A new kind of event shows on boards until somebody says that it shows nowhere."""
    silent = {
        code for code in audit.SENTENCES if code in news_selectors.SHOWN_NOWHERE or code.startswith("user.")
    }

    assert not {code for code in silent if code.startswith(("visit.", "redflag.raised", "screening.taken"))}
    assert {"visit.arrived", "session.site_changed", "redflag.raised"} <= set(audit.SENTENCES) - silent


def test_a_call_that_falls_due_is_news(board, draft, shown):
    factories.followup(draft, due_at=timezone.now() + dt.timedelta(minutes=2))
    assert ask(board, shown).status_code == 204

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=3)):
        assert ask(board, shown).status_code == 200


def test_a_page_is_asked_for_anew_from_time_to_time_and_for_a_version_that_is_none(board, shown):
    with time_machine.travel(timezone.now() + news.LASTS + dt.timedelta(seconds=5)):
        assert ask(board, shown).status_code == 200
    for text in ("", "x", "1", "1.", ".99999999999", "9" * 40, f"{'9' * 18}.0", "-1.5"):
        assert ask(board, text).status_code == 200


def test_what_happens_while_a_page_is_on_its_way_is_not_missed(board, draft, reception):
    page = board.get(reverse("treatments:today"))
    check_in(draft, reception)

    answer = ask(board, str(page.context["version"]))

    assert answer.status_code == 200


def test_the_page_says_how_to_ask(board):
    page = board.get(reverse("treatments:today")).content.decode()

    assert f'data-board="{NEWS}" data-every="{news.EVERY_SECONDS}" data-version=".' in page
    assert news.EVERY_SECONDS + 2 < 20
    assert 'role="status" data-board-lost></p>' in page


def test_news_are_the_bar_and_the_board_as_it_was_filtered(board, draft, shown, reception):
    to_room(draft, reception)
    waiting = factories.arrived(factories.patient(reception), draft.therapist)

    page = ask(board, shown, show="waiting").content.decode()

    assert waiting.patient.ref in page
    assert draft.patient.ref not in page[page.index('class="grid board"') : page.index("</table>")]
    assert '<header class="topbar">' in page
    assert "<script" not in page


def test_nothing_new_is_cheap_and_leaves_no_trace(board, draft, shown):
    ask(board, shown)  # loads what a process loads once
    events = AuditEvent.objects.count()
    session = board.session
    session[lifetime.TOUCHED_AT] -= 5 * lifetime.TOUCH_INTERVAL_SECONDS
    session.save()
    touched = session[lifetime.TOUCHED_AT]

    with data_statements() as data:
        answer = ask(board, shown)

    assert (answer.status_code, answer.content) == (204, b"")
    # who asks takes two
    assert len(data) <= 2 + 1, as_lines(data)
    assert answer.headers["Cache-Control"] == "no-store"
    assert AuditEvent.objects.count() == events
    assert board.session[lifetime.TOUCHED_AT] == touched


def test_news_stay_within_the_budget_of_a_page(signed_in, therapist, draft, shown, reception):
    client = signed_in(therapist)
    to_room(draft, reception)

    with data_statements() as data:
        assert ask(client, shown).status_code == 200

    assert len(data) <= BUDGET, as_lines(data)


def test_news_leave_no_trace_either(board, draft, shown, reception):
    to_room(draft, reception)
    events, touched = AuditEvent.objects.count(), board.session[lifetime.TOUCHED_AT]

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        assert ask(board, shown).status_code == 200

    assert (AuditEvent.objects.count(), board.session[lifetime.TOUCHED_AT]) == (events, touched)


def test_asking_reads_the_events_since_and_no_more(draft):
    """By the plan of SQLite: a range of a key or an index, never the whole trail or every call."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite plans few rows like many")
    with data_statements() as data:
        news_selectors.since(Version(timezone.now(), 1), now=timezone.now())
        news_selectors.since(Version(timezone.now()), now=timezone.now())
    with connection.cursor() as cursor:
        plans = [cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in data]

    steps = [row[3] for plan in plans for row in plan]
    assert len(data) == 2
    assert sum("SEARCH clinic_auditevent" in step or "SEARCH U0" in step for step in steps) >= 4, steps
    assert [step for step in steps if step.startswith("SCAN")] == []


def test_a_message_waits_for_the_page_that_shows_it(board, draft, shown, reception):
    other = factories.arrived(factories.patient(reception), draft.therapist)
    taken_back = {"stamp": "arrived", "reason": "Wrong person"}
    board.post(reverse("patients:visit-take-back", args=[other.ref]), taken_back)

    assert ask(board, shown).status_code == 200

    assert "was undone." in board.get(reverse("treatments:today")).content.decode()


def test_a_warning_sign_is_in_the_title_of_every_board(board, signed_in, draft, lead, reception):
    clients = (board, signed_in(draft.therapist), signed_in(lead))
    for client in clients:
        assert "<title>Today · Filiform" in client.get("/").content.decode()

    warn(draft, reception)

    for client in clients:
        for page in (client.get("/"), ask(client, "")):
            assert "<title>1 warning sign · Today · Filiform" in page.content.decode()


def test_who_is_signed_out_or_may_not_see_the_board_is_told_so(client, signed_in, board):
    assert ask(client, "").status_code == 401
    session = board.session
    session[lifetime.TOUCHED_AT] = 0
    session.save()
    assert ask(board, "").status_code == 401, "the idle lock"
    assert ask(signed_in(factories.user("nobody")), "").status_code == 403


def test_an_answer_of_the_tablet_is_news(board, draft, therapist, shown):
    given = {
        name.removeprefix("answer-"): GivenAnswer(value)
        for name, value in answers_without_concern("visit").items()
        if name.startswith("answer-")
    }
    screenings.take(draft.patient, by=therapist, kind="visit", source="tablet", answers=given)

    assert ask(board, shown).status_code == 200
    assert not FollowUp.objects.exists()
