"""Answers that come late, or one before the other, change nothing that somebody did meanwhile."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clinic.models import HeldForm
from clinic.selectors.held_forms import held_on
from patients.models import Handover
from tests import factories
from tests.browser import network
from tests.treatments import notes
from treatments.actions.sites import correction
from treatments.models import Addendum

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
LINE = "so l 1 t0 .30x40"


class PostsInOrder:
    """The posts to one address: those whose text contains `mark` are held until they are sent."""

    def __init__(self, page, where: str, mark: str):
        self.page, self.held, self.passed, self._mark = page, [], [], mark
        page.route(re.compile(where), self._answer)

    def _answer(self, route) -> None:
        text = route.request.post_data or ""
        if self._mark in text and route.request.method == "POST":
            self.held.append(route)
        else:
            self.passed += [text] if route.request.method == "POST" else []
            route.continue_()

    def wait(self) -> None:
        assert network.eventually(self.page, lambda: self.held), "nothing was sent"

    def send(self) -> None:
        self._mark = "no post has this in it"
        for route in self.held:
            route.continue_()


def test_a_list_of_earlier_words_is_not_what_enter_takes(open_page, keyboard_for, therapist, ada):
    user = keyboard_for(open_page(user=therapist))
    user.page.goto(reverse("patients:condition-add", args=[ada.ref]))
    user.type("elbow pain")
    expect(user.page.locator("[role=option][aria-selected=true]")).to_contain_text("Thrower's elbow")
    search = network.DelayedRequests(user.page, "/conditions/search/")
    user.press("Control+a")
    user.type("jumpers knee")
    search.wait()
    user.leave_by("Enter")
    search.drop()

    expect(user.page.locator("h1")).to_have_text("Jumper's knee")


def test_the_choice_that_somebody_moved_to_stays_while_the_list_is_on_its_way(
    open_page, keyboard_for, therapist, ada
):
    user = keyboard_for(open_page(user=therapist))
    user.page.goto(reverse("patients:condition-add", args=[ada.ref]))
    user.type("elbow pai")
    expect(user.page.locator("[role=option][aria-selected=true]")).to_contain_text("Thrower's elbow")
    search = network.DelayedRequests(user.page, "/conditions/search/")
    user.type("n")
    search.wait()
    user.press("ArrowDown")
    with user.page.expect_response(re.compile("/conditions/search/")):
        search.send()
    network.settle(user.page)
    user.leave_by("Enter")

    expect(user.page.locator("h1")).to_have_text("Tennis elbow")


def test_an_answer_that_was_chosen_stays_when_an_earlier_one_arrives(open_page, draft, therapist):
    call = notes.signed(draft).followups.order_by("step").first()
    there = reverse("treatments:followup", args=[call.ref])
    HeldForm.objects.create(
        user=therapist,
        page=there,
        form_key="0e0e0e0e-0e0e-4e0e-8e0e-0e0e0e0e0e0e",
        texts={"result:no_answer": "true", "note": "Rang twice."},
        written_at=call.due_at,
    )
    page = open_page(user=therapist)
    begun = network.DelayedRequests(page, r"/begun/\?")
    page.goto(there)
    begun.wait()
    page.locator("[name=result][value=spoke]").check(force=True)
    begun.send()

    expect(page.locator("[name=note]")).to_have_value("Rang twice.")
    expect(page.locator("[name=result][value=spoke]")).to_be_checked()


def test_a_review_that_is_asked_for_twice_opens_once(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.goto(notes.ready(draft).get_absolute_url())
    asked = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/sign/") else None)
    answer = network.DelayedAnswer(page, "/sign/$")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    answer.wait()
    page.wait_for_timeout(300)
    answer.release()

    expect(page.locator("[data-review] [name=password]")).to_be_focused()
    assert len(asked) == 1


def test_the_list_of_keys_opens_once_however_often_it_is_asked_for(open_page, therapist):
    page = open_page(user=therapist)
    page.goto("/patients/")
    network.settle(page)
    page.get_by_role("heading").first.click()
    expect(page.locator("#find-box:focus")).to_have_count(0)
    script = network.DelayedRequests(page, r"/shortcuts.*\.js")
    page.keyboard.press("?")
    page.keyboard.press("?")
    script.wait()
    script.send()

    expect(page.locator("dialog.shortcuts:modal")).to_be_visible()


def test_a_page_that_was_told_to_stay_is_not_asked_again(open_page, therapist):
    page = open_page(user=therapist)
    page.clock.install()
    page.goto("/patients/")
    answer = network.DelayedAnswer(page, "/here/$")
    page.clock.fast_forward(9 * 60 * 1000)
    expect(page.get_by_role("heading", name="Still there?")).to_be_visible()
    answer.wait()
    told = []
    page.on("request", lambda request: told.append(request.method) if "/here/" in request.url else None)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Still there?")).to_be_hidden()
    answer.release()

    assert network.eventually(page, lambda: told == ["POST"])


@pytest.fixture
def shared(ada, therapist, other_therapist):
    session = factories.session(ada, therapist, supervisor=other_therapist)
    factories.session_condition(session)
    factories.site(session)
    return session


def test_a_site_that_was_kept_stays_although_an_earlier_answer_comes_after_it(
    open_page, shared, therapist, other_therapist
):
    page = open_page(user=therapist)
    with page.expect_response(re.compile("/presence/$")):
        page.goto(shared.get_absolute_url())
    network.settle(page)
    correction.strike(shared, by=other_therapist, key=shared.sites.get().key)
    news = network.DelayedAnswer(page, "/presence/$")
    page.evaluate(LOOK)
    news.wait()
    page.locator("#line summary").press("Enter")
    page.locator("[data-line]").fill(LINE)
    page.keyboard.press("Enter")
    network.assert_saved(page)
    expect(page.locator("#sites")).to_contain_text("Soleus")
    with page.expect_response(re.compile("/presence/$")):
        news.release()

    page.wait_for_timeout(300)
    expect(page.locator("#sites")).to_contain_text("Soleus")


def test_who_looks_again_while_an_answer_is_on_its_way_sees_what_came_since(
    open_page, shared, therapist, other_therapist
):
    page = open_page(user=therapist)
    # what the page asks every 15 seconds would show it too
    page.add_init_script("window.setInterval = () => 0")
    with page.expect_response(re.compile("/presence/$")):
        page.goto(shared.get_absolute_url())
    network.settle(page)
    news = network.DelayedAnswer(page, "/presence/$")
    page.evaluate(LOOK)
    news.wait()
    correction.strike(shared, by=other_therapist, key=shared.sites.get().key)
    page.evaluate(LOOK)
    news.release()

    expect(page.locator("[data-placed]")).to_have_text("0")


def test_scripts_that_cannot_be_had_leave_the_page_as_it_is(open_page, draft, therapist):
    page = open_page(user=therapist)
    scripts = network.DelayedRequests(page, r"/(faint|shortcuts).*\.js")
    page.goto(draft.get_absolute_url())
    scripts.wait()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert network.eventually(page, lambda: len(scripts.routes) == 2)
    scripts.drop()

    expect(page.locator("[data-live=polite]")).to_have_text("No connection.")
    page.get_by_role("link", name="Faint").click()
    expect(page.get_by_role("heading", name="Faint", level=1)).to_be_visible()


@pytest.fixture
def tablet(open_page, ada, reception, therapist):
    factories.visit(ada, therapist)
    page = open_page(user=reception, width=1180, height=820)
    page.goto(f"{reverse('patients:screening-hand-over', args=[ada.ref])}?kind=intake")
    page.get_by_role("button", name="Sign me out and hand over").press("Enter")
    page.wait_for_url(re.compile("/handover/1/$"))
    return page


def test_what_the_tablet_holds_never_comes_after_what_the_patient_sends(tablet):
    questions = tablet.locator("[data-question]")
    posts = PostsInOrder(tablet, "/handover/1/$", "hold=1")
    for question in questions.all():
        question.get_by_role("radio", name="No", exact=True).check(force=True)
    posts.wait()
    yes = questions.first.get_by_role("radio", name="Yes", exact=True)
    yes.check(force=True)
    first = yes.get_attribute("name")
    tablet.get_by_role("button", name="Continue").press("Enter")
    tablet.wait_for_timeout(500)
    assert posts.passed == []
    posts.send()

    tablet.wait_for_url(re.compile("/handover/2/$"))
    draft = Handover.objects.get().draft
    assert draft[first] == "yes"


def test_a_form_that_is_sent_waits_for_what_is_held_of_it(open_page, draft, therapist):
    note = notes.signed(draft)
    page = open_page(user=therapist)
    page.goto(reverse("treatments:addendum", args=[note.ref]))
    network.settle(page)
    posts = PostsInOrder(page, "/begun/$", "form_key")
    page.get_by_role("radio", name=Addendum.Kind.ADDENDUM.label).check(force=True)
    page.locator("[name=reason]").fill("Typed wrongly.")
    page.locator("textarea[name=text]").press_sequentially("The patient rang.")
    posts.wait()
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(500)
    assert not note.addenda.exists()
    posts.send()

    page.wait_for_url(re.compile(f"/{note.ref}/$"))
    assert note.addenda.get().text == "The patient rang."
    assert held_on(reverse("treatments:addendum", args=[note.ref]), user=therapist) is None
