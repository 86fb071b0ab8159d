"""Times and counts of needles that contradict each other or their session are asked about."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.values.errors import RuleViolation
from tests import factories
from tests.treatments import notes
from tests.treatments.test_dosing import GENERAL, PLAIN
from treatments.actions.session.draft_events import Stamp
from treatments.actions.signing import signature
from treatments.actions.sites import correction as site_correction
from treatments.models import NeedlingSession, Override
from treatments.rules.sites import entry, needle_times
from treatments.rules.sites.needled_site import SessionValues

START = dt.datetime(2026, 11, 27, 21, 4, tzinfo=dt.UTC)  # 3:04 PM in Chicago
END = START + dt.timedelta(minutes=26)


def after(minutes: float) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def left_in(into: float, out: float | None, **changes):
    out_at = None if out is None else after(out)
    return replace(PLAIN, technique="static", needle_in_at=after(into), needle_out_at=out_at, **changes)


@pytest.mark.parametrize(
    ("site", "possible"),
    [
        (left_in(0, 240), True),
        (left_in(20, 666), False),
        (left_in(20, 666, dwell_seconds=480), True),
        (replace(PLAIN, dwell_seconds=241 * 60), False),
    ],
)
def test_a_dwell_obeys_one_limit_typed_or_timed(site, possible):
    assert {reason.code for reason in entry.entry_reasons(site)} == (
        set() if possible else {"dwell-impossible"}
    )


def test_a_timer_that_ran_over_night_says_its_times():
    [reason] = entry.entry_reasons(left_in(20, 666))

    assert reason.field == "dwell"
    assert reason.message == (
        "In at 3:24 PM on Nov 27, out at 2:10 AM on Nov 28 (646 minutes). "
        "Enter 0 to 240 minutes, the time the needle stayed in."
    )


@pytest.mark.parametrize(
    ("site", "rules"),
    [
        (left_in(2, 10), set()),
        (left_in(2, 10.5, dwell_seconds=480), set()),
        (left_in(2, 12, dwell_seconds=480), {"dwell-corrected"}),
        (left_in(20, 666, dwell_seconds=480), {"dwell-corrected"}),
        (replace(PLAIN, needles=9, insertions=3), {"needles-over-insertions"}),
        (replace(PLAIN, needles=3, insertions=3), set()),
    ],
)
def test_a_site_asks_why(site, rules):
    assert {prompt.rule for prompt in entry.site_prompts(site, GENERAL)} == rules


@pytest.mark.parametrize(
    ("site", "about", "rules"),
    [
        (left_in(2, 10), {}, set()),
        # the end is entered in minutes
        (left_in(2, 26.9), {}, set()),
        (left_in(2, 27), {}, {"needles-out-after-end"}),
        (left_in(20, 666, dwell_seconds=300), {}, {"dwell-corrected"}),
        (left_in(20, 666, dwell_seconds=480), {}, {"dwell-corrected", "needles-out-after-end"}),
        (left_in(2, 27), {"ended_at": None}, set()),
        (left_in(-4, 10), {}, {"needles-in-before-start"}),
        (left_in(-4, 10), {"started_at": None, "ended_at": None}, set()),
        (replace(PLAIN, dwell_seconds=60 * 60), {}, {"dwell-over-session"}),
        (replace(PLAIN, dwell_seconds=26 * 60), {}, set()),
        (PLAIN, {"ended_at": after(6 * 60)}, set()),
        (PLAIN, {"ended_at": after(6 * 60 + 1)}, {"session-long"}),
        (PLAIN, {"started_at": after(8 * 60), "ended_at": after(9 * 60)}, {"session-over-midnight"}),
        (PLAIN, {"needles_opened": 5, "needles_unused": 4, "needles_out": 1}, set()),
        (PLAIN, {"needles_opened": 5, "needles_unused": 1, "needles_out": 1}, {"opened-not-used"}),
        (PLAIN, {"needles_opened": 5, "needles_out": 1}, {"opened-not-used"}),
        (PLAIN, {"needles_opened": 0, "needles_unused": 1, "needles_out": 1}, {"opened-not-used"}),
        # asked once the needles are counted out: the sites may not be complete before
        (PLAIN, {"needles_opened": 5}, set()),
        (PLAIN, {"needles_unused": 5, "needles_out": 1}, set()),
    ],
)
def test_a_session_asks_why(site, about, rules):
    values = SessionValues(**{"started_at": START, "ended_at": END, **about})

    assert {prompt.rule for prompt in entry.prompts([site], GENERAL, values)} == rules


def test_a_contradiction_says_both_times_and_its_site():
    about = SessionValues(started_at=START, ended_at=END)

    [prompt] = needle_times.session_prompts([left_in(20, 666)], about)

    assert prompt.message == (
        "Needles came out at 2:10 AM on Nov 28 (site 1), after the session ended at 3:30 PM on Nov 27. "
        "Correct the end or the minutes left in, or say why."
    )


@pytest.fixture
def forgotten(draft) -> NeedlingSession:
    """A session of yesterday whose needles were noted out today."""
    note = notes.ready(draft, ended_ago=dt.timedelta(hours=20))
    into = note.started_at + dt.timedelta(minutes=5)
    note.sites.update(technique="static", needle_in_at=into, needle_out_at=timezone.now())
    return note


def refused_codes(note) -> set[str]:
    with pytest.raises(RuleViolation) as refused:
        signature.sign(note, by=note.therapist, proved=True, identity_checked=True)
    return refused.value.codes


@pytest.mark.django_db
def test_needles_noted_out_next_day_are_not_signed_as_left_in_so_long(noon, forgotten):
    assert refused_codes(forgotten) == {"site-dwell-impossible", "needles-out-after-end"}


@pytest.mark.django_db
def test_a_corrected_dwell_is_signed_with_its_reason(noon, forgotten, therapist, signed_in):
    site = forgotten.sites.get()
    site_correction.change(forgotten, by=therapist, key=site.key, stamp=Stamp(), dwell_seconds=480)
    assert refused_codes(forgotten) == {"dwell-corrected"}

    answer = {"rule": "dwell-corrected", "key": site.key, "reason": "Taken out by me, noted next morning"}
    signed_in(therapist).post(reverse("treatments:rule-answer", args=[forgotten.ref]), answer)
    note = signature.sign(forgotten, by=therapist, proved=True, identity_checked=True)

    assert note.signed_at
    assert Override.objects.get(session=note).rule == "dwell-corrected"
    assert "left in for 8 minutes" in note.seal.text


@pytest.mark.django_db
def test_an_end_before_the_needles_out_is_asked_on_the_page_when_it_is_saved(draft, therapist, signed_in):
    now = timezone.now()
    NeedlingSession.objects.filter(pk=draft.pk).update(started_at=now - dt.timedelta(minutes=30))
    times = {"needle_in_at": now - dt.timedelta(minutes=20), "needle_out_at": now}
    factories.site(draft, technique="static", **times)

    end = timezone.localtime(now - dt.timedelta(minutes=10)).strftime("%H:%M")
    data = {"field": "ended_at", "value": end, "client_id": "5b1d7d34-6a57-4f0e-93a8-3f1c5b8f0a01", "seq": 1}
    url = reverse("treatments:session-field", args=[draft.ref])
    parts = signed_in(therapist).post(url, data).json()["parts"]

    assert "div_id_reason-needles-out-after-end" in parts["sites"]
    assert "foot-facts" not in parts["sites"]
    assert "foot-facts" in parts


@pytest.mark.django_db
def test_an_end_given_at_signing_is_compared_with_the_needles(noon, draft):
    note = notes.ready(draft, ended_at=None)
    note.sites.update(
        technique="static",
        needle_in_at=note.started_at + dt.timedelta(minutes=1),
        needle_out_at=note.started_at + dt.timedelta(minutes=15),
    )
    with pytest.raises(RuleViolation) as refused:
        signature.sign(
            note,
            by=note.therapist,
            proved=True,
            identity_checked=True,
            ended_at=note.started_at + dt.timedelta(minutes=5),
        )

    assert refused.value.codes == {"needles-out-after-end"}
