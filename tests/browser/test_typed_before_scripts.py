"""In production mode, input that was typed before the scripts loaded is taken over by them."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests import factories
from tests.browser import network
from tests.collected_static import collect, hashed_static_files
from treatments.actions.session import fields
from treatments.actions.session.draft_events import Stamp
from treatments.models import DraftEvent, NeedlingSession, UnkeptEntry

NOTE = "Slept on the right side again."
# milliseconds; what is begun is sent within two seconds
LONGER_THAN_A_HOLD = 3_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return collect(tmp_path_factory.mktemp("static"))


@pytest.fixture
def page(folder, open_page, therapist):
    # the live server finds static files through the finders
    with hashed_static_files(folder, STATICFILES_DIRS=[folder]):
        yield open_page(user=therapist)


@pytest.fixture
def scripts(page):
    """Delays every script until `arrive` is called."""
    return Scripts(page)


class Scripts:
    def __init__(self, page):
        self.page, self.held, self.has_arrived = page, [], False
        page.route("**/*.js", self.answer)

    def answer(self, route: Route) -> None:
        if self.has_arrived:
            route.continue_()
        else:
            self.held.append(route)

    def arrive(self):
        assert self.held
        self.has_arrived = True
        for route in self.held:
            route.continue_()
        # the last script has run when it shows who else is here
        self.page.locator("[data-together]").wait_for(state="attached")


def opened_without_scripts(page, draft):
    page.goto(draft.get_absolute_url(), wait_until="commit")
    expect(page.locator("[data-save]")).to_be_visible()


def note(page):
    return page.get_by_label("Note", exact=True)


def on_the_server(draft) -> NeedlingSession:
    return NeedlingSession.objects.get(pk=draft.pk)


def wrote(page) -> list[str]:
    """Collects the writes of the page from now on."""
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def writes(sent: list[str]) -> list[str]:
    return [url for url in sent if url.endswith(("/fields/", "/unkept/", "/sites/"))]


def test_fields_that_were_filled_before_are_saved(page, scripts, draft):
    opened_without_scripts(page, draft)
    page.locator("[data-field^=pain_before][value='6']").check(force=True)
    page.locator("summary", has_text="Plan and note").click()
    note(page).press_sequentially(NOTE)
    assert on_the_server(draft).note == ""

    scripts.arrive()

    network.assert_saved(page)
    assert network.eventually(page, lambda: on_the_server(draft).note == NOTE)
    assert draft.conditions.get().pain_before == 6
    expect(note(page)).to_be_focused()
    expect(note(page)).to_have_value(NOTE)


def test_a_row_that_was_begun_before_is_held_and_can_be_finished(page, scripts, draft):
    opened_without_scripts(page, draft)
    row = page.locator("#new-site")
    row.locator("[name=muscle]").press_sequentially("ecr")

    scripts.arrive()

    assert network.eventually(page, lambda: UnkeptEntry.objects.filter(said__muscle="ecr").exists())
    expect(row.locator("[name=muscle]")).to_be_focused()
    row.locator("[name=muscle]").press_sequentially("b")
    page.keyboard.press("Enter")
    expect(row.locator("[name=muscle]")).to_have_value(re.compile(r"\(ECRB\)$", re.IGNORECASE))
    expect(row.locator("[name=side]:focus")).to_have_count(1)


def test_a_line_that_was_begun_before_is_held(page, scripts, draft):
    opened_without_scripts(page, draft)
    page.locator("#line summary").click()
    page.locator("[data-line]").press_sequentially("ut r 3")

    scripts.arrive()

    assert network.eventually(
        page, lambda: UnkeptEntry.objects.filter(**{"said__line-line": "ut r 3"}).exists()
    )
    expect(page.locator("[data-line]")).to_be_focused()


def test_a_page_that_nobody_touched_writes_nothing(page, draft, therapist):
    factories.site(draft)
    fields.save_field(draft, by=therapist, field="note", value=NOTE, stamp=Stamp())
    sent = wrote(page)
    page.clock.install()

    with page.expect_response("**/presence/"):
        page.goto(draft.get_absolute_url())
    page.reload()
    page.clock.run_for(LONGER_THAN_A_HOLD)
    network.settle(page)

    assert writes(sent) == []


def test_a_value_that_a_colleague_changed_is_not_written_over_by_going_back(page, draft, therapist):
    page.goto(draft.get_absolute_url())
    page.locator("summary", has_text="Plan and note").click()
    note(page).fill(NOTE)
    page.keyboard.press("Tab")
    network.assert_saved(page)
    page.goto("/")
    newest = DraftEvent.objects.filter(session=draft, field="note").latest("pk")
    stamp = Stamp(base_version=newest.pk)
    fields.save_field(on_the_server(draft), by=therapist, field="note", value="Theirs.", stamp=stamp)
    sent = wrote(page)
    page.clock.install()

    with page.expect_response("**/presence/"):
        page.go_back()
    page.clock.run_for(LONGER_THAN_A_HOLD)
    network.settle(page)

    assert writes(sent) == []
    assert on_the_server(draft).note == "Theirs."
    expect(note(page)).to_have_value("Theirs.")
