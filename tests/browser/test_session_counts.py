"""Counts every key and tap of a session with three sites, from the pain before to “Signed”."""

import datetime as dt
import sys

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.models import BodyRegion
from tests import factories
from tests.browser import network
from treatments.models import NeedlingSession

TABLET = {"width": 1180, "height": 820, "has_touch": True, "is_mobile": True}
# (code, side, region of the figure, its view); none of them lies over the lung
SITES = (
    ("ga", "right", "b-gasl", "back"),
    ("so", "left", "b-sol", "back"),
    ("vl", "left", "f-quadl", "front"),
)
OVER_LUNG = (("ut", "right"), ("ls", "right"), ("ss", "right"))
KEYS, KEYS_ADOPTED, KEYS_OVER_LUNG, TAPS, TAPS_ADOPTED = 31, 22, 40, 17, 14


class CountingUser:
    """Counts keys and taps of a user; after each of them the focus must be on an element."""

    def __init__(self, page):
        self.page, self.keys, self.taps = page, 0, 0

    def press(self, *keys: str) -> None:
        """A chord is one press."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            self.holds_the_focus(key)

    def tap(self, selector: str, **which) -> None:
        place = self.page.locator(selector, **which).first
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.taps += 1
        self.holds_the_focus(selector)

    def tap_region(self, code: str) -> None:
        """Taps the region at its badge."""
        place = self.page.evaluate(
            """(code) => {
              const hit = document.querySelector(`[data-for="${code}"]`), svg = hit.ownerSVGElement;
              const [x, y] = hit.dataset.at.split(" ").map(Number), point = new DOMPoint(x, y);
              const there = point.matrixTransform(svg.getScreenCTM());
              return [there.x, there.y];
            }""",
            code,
        )
        self.page.touchscreen.tap(*place)
        self.taps += 1
        self.holds_the_focus(code)

    def key_of_the_keypad(self, digit: str) -> None:
        """The tablet's on-screen keypad is not part of the page: one tap, one digit."""
        expect(self.page.locator("[data-field=needles_out]:focus")).to_have_count(1)
        self.page.keyboard.press(digit)
        self.taps += 1

    def holds_the_focus(self, after: str) -> None:
        lost = "!document.activeElement || document.activeElement === document.body"
        assert not self.page.evaluate(lost), f"After {after!r} the focus is on the page's body."


@pytest.fixture
def open_session(open_page, therapist):
    """open_session(draft, **options): the page after a sign-in, which is the proof for the signature."""

    def open_(draft, **options):
        page = open_page(**options)
        page.goto("/accounts/login/")
        page.get_by_label("Username").fill(therapist.username)
        page.get_by_label("Password").fill(factories.PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("/")
        now = timezone.localtime().replace(second=0, microsecond=0)
        # a session over midnight is asked about
        began = max(now - dt.timedelta(minutes=20), now.replace(hour=0, minute=0))
        NeedlingSession.objects.filter(pk=draft.pk).update(started_at=began)
        page.goto(draft.get_absolute_url())
        return CountingUser(page)

    return open_


def treated_before(patient, therapist, sites) -> NeedlingSession:
    """A session of last week, from which needle, technique, tissue and depth are proposed."""
    at = timezone.now() - dt.timedelta(days=7)
    past = factories.session(patient, therapist, opened_at=at, started_at=at, ended_at=at)
    for code, side, *place in sites:
        region = BodyRegion.objects.filter(code__in=place).first()
        factories.site(past, code, side, insertions=2, region=region, added_at=at)
    return past


@pytest.fixture
def similar_session(reception, therapist):
    """The therapist treated somebody else like this before."""
    patient = factories.patient(reception, family_name="Otherwood")
    return treated_before(patient, therapist, SITES)


def expect_saved_sites(user: CountingUser, number: int) -> None:
    expect(user.page.locator("li.site")).to_have_count(number)


def counts_by_keys(number: int) -> tuple[str, ...]:
    """Two insertions and one twitch; from the second site on they are the same again."""
    return ("2", "Tab", "1") if number == 1 else ("=",)


def tap_counts(user: CountingUser, number: int) -> None:
    if number == 0:
        user.tap("label.chip:has([name=insertions][value='2'])")
        user.tap("label.chip:has([name=twitches][value='1'])")
    else:
        user.tap(".same-counts")


def finish_by_keys(user: CountingUser) -> None:
    """After the last site: pain after, tolerated well, advice, needles counted, reviewed, signed."""
    user.press("Tab", "3", "Tab", "Space", "Tab", "Enter", "3", "Control+Enter")
    expect(user.page.locator("[data-review] .readback")).to_be_visible()
    user.holds_the_focus("the panel")
    user.page.keyboard.press("Enter")
    user.keys += 1
    expect_signed(user)


def expect_signed(user: CountingUser) -> None:
    expect(user.page.locator(".messages")).to_contain_text("Signed")
    network.settle(user.page)
    user.holds_the_focus("signing")


def report_count(capsys, what: str, count: int, most: int) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{what}: {count} of at most {most}\n")
    assert count <= most


def assert_note_as_treated(draft, sites=SITES, *, insertions=2) -> None:
    note = NeedlingSession.objects.get(pk=draft.pk)
    assert note.signed_at
    assert note.identity_checked_at
    assert note.started_at <= note.ended_at <= timezone.now()
    rows = [(s.muscle.code, s.side, s.insertions, s.twitches, s.needles) for s in note.sites.standing()]
    assert rows == [(code, side, insertions, 1, 1) for code, side, *_ in sites]
    assert (note.tolerance, note.needles_out, note.plan) == ("well", 3, "")
    assert [(row.pain_before, row.pain_after) for row in note.conditions.all()] == [(6, 3)]
    assert note.aftercare.filter(given_at__isnull=False).exists()


def assert_origins_from_plan(draft, past) -> None:
    """Muscle, side and needle come from the plan; counts are typed or tapped."""
    events = draft.events.filter(field="site")
    assert {event.adopted_from for event in events} == {past}
    for event in events:
        came = {name: source.partition("@")[0] for name, source in event.new["origins"].items()}
        assert (came["muscle"], came["side"], came["needle"]) == ("plan", "plan", "plan")
        assert {came["insertions"], came["twitches"]} <= {"typed", "tapped"}


def test_three_new_sites_by_keyboard(open_session, draft, similar_session, capsys):
    user = open_session(draft)

    user.press("6", "Tab")
    for number, (code, side, *_) in enumerate(SITES, start=1):
        user.press(*code, "Enter", side[0])
        expect(user.page.locator("[name=insertions]:focus")).to_have_count(1)
        user.press(*counts_by_keys(number), "Enter")
        expect_saved_sites(user, number)
    finish_by_keys(user)

    assert_note_as_treated(draft)
    assert [s.depth_mm for s in draft.sites.all()] == [20, 20, 20]
    report_count(capsys, "Keys for three new sites", user.keys, KEYS)


def test_three_adopted_sites_by_keyboard(open_session, draft, therapist, capsys):
    past = treated_before(draft.patient, therapist, SITES)
    user = open_session(draft)

    user.press("6", "Tab")
    for number in (1, 2, 3):
        user.press(str(number))
        expect(user.page.locator("[name=insertions]:focus")).to_have_count(1)
        user.press(*counts_by_keys(number), "Enter")
        expect_saved_sites(user, number)
    finish_by_keys(user)

    assert_note_as_treated(draft)
    assert_origins_from_plan(draft, past)
    report_count(capsys, "Keys for three adopted sites", user.keys, KEYS_ADOPTED)


def test_three_sites_over_the_lung_by_keyboard(open_session, draft, therapist, capsys):
    # over the lung only the same patient's last sites propose a needle
    treated_before(draft.patient, therapist, OVER_LUNG)
    user = open_session(draft)

    user.press("6", "Tab")
    for number, (code, side) in enumerate(OVER_LUNG, start=1):
        user.press(*code, "Enter", side[0])
        expect(user.page.locator("[name=insertions]:focus")).to_have_count(1)
        assert user.page.locator("[name=depth_mm]").input_value() == ""
        user.press(*counts_by_keys(number), "Tab", "1", "2", "Enter")
        expect_saved_sites(user, number)
    finish_by_keys(user)

    assert_note_as_treated(draft, OVER_LUNG)
    assert [s.depth_mm for s in draft.sites.all()] == [12, 12, 12]
    report_count(capsys, "Keys for three sites over the lung", user.keys, KEYS_OVER_LUNG)


def finish_by_taps(user: CountingUser) -> None:
    user.tap("label.tile:has([data-field^=pain_after][value='3'])")
    expect_saved_sites(user, 3)
    user.tap("label.chip:has([data-field=tolerance][value=well])")
    user.tap("[data-tick-all]")
    user.key_of_the_keypad("3")
    user.tap("[data-then=sign]")
    expect(user.page.locator("[data-review] .readback")).to_be_visible()
    user.tap("[data-sign-button]")
    expect_signed(user)


def test_three_new_sites_by_taps(open_session, draft, similar_session, capsys):
    user = open_session(draft, **TABLET)

    user.tap("label.tile:has([data-field^=pain_before][value='6'])")
    view = "back"
    for number, (code, side, region, of) in enumerate(SITES):
        if of != view:
            user.tap(f"label.chip:has([data-figure-view][value={of}])")
            view = of
        user.tap_region(f"{region}-{side[0]}")
        expect_saved_sites(user, number)
        chips = user.page.locator("[name=muscle-chip]")
        if chips.first.is_visible():
            user.tap(f"label.chip:has([name=muscle-chip][value={code}])")
        tap_counts(user, number)
    finish_by_taps(user)

    assert_note_as_treated(draft)
    report_count(capsys, "Taps for three new sites", user.taps, TAPS)


def test_three_adopted_sites_by_taps(open_session, draft, therapist, capsys):
    past = treated_before(draft.patient, therapist, SITES)
    user = open_session(draft, **TABLET)

    user.tap("label.tile:has([data-field^=pain_before][value='6'])")
    for number in range(3):
        user.tap(f"[data-plan] .plan >> nth={number}")
        expect_saved_sites(user, number)
        tap_counts(user, number)
    finish_by_taps(user)

    assert_note_as_treated(draft)
    assert_origins_from_plan(draft, past)
    report_count(capsys, "Taps for three adopted sites", user.taps, TAPS_ADOPTED)
