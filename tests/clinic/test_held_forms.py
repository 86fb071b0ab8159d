"""What somebody typed on a form and did not send stands again on its page, for them alone."""

import datetime as dt
import json
import uuid

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from clinic.actions import held_forms
from clinic.models import HeldForm
from clinic.web import responses
from tests.form_client import FormClient

pytestmark = pytest.mark.django_db
PAGE = "/sessions/7K4M9QX2/addenda/"
TEXTS = {"text": "The patient rang: sore for", "kind:late_entry": "true"}


@pytest.fixture
def client(therapist, signed_in):
    return signed_in(therapist)


def hold(client, *, page=PAGE, key=None, texts=TEXTS):
    sent = {"page": page, "form_key": key or uuid.uuid4().hex, "texts": json.dumps(texts)}
    return client.post(reverse("held-form"), sent)


def held(client, page=PAGE):
    answer = client.get(reverse("held-form"), {"page": page})
    return answer.json()["texts"] if answer.status_code == 200 else answer.status_code


def test_what_was_begun_stands_again(client):
    assert hold(client).status_code == 204

    assert held(client) == TEXTS
    assert held(client, "/sessions/7K4M9QX2/error/") == 204


def test_the_newest_text_stands_and_an_empty_form_is_gone(client):
    hold(client)
    hold(client, texts=TEXTS | {"text": "Sore for two days"})
    assert held(client)["text"] == "Sore for two days"
    assert HeldForm.objects.count() == 1

    hold(client, texts={})
    assert held(client) == 204
    assert not HeldForm.objects.exists()


def test_nobody_else_sees_it(client, other_therapist, signed_in):
    hold(client)

    assert held(signed_in(other_therapist)) == 204


@pytest.fixture
def opened(ada, reception, signed_in):
    """The page of a form that is held, and its key."""
    browser = FormClient(signed_in(reception)).open(reverse("patients:edit", args=[ada.ref]))
    key = browser.form("family_name").fields["form_key"].values[0]
    hold(browser.client, page=browser.path, key=key, texts={"pronouns": "she/h"})
    return browser, key


def test_the_server_and_the_page_agree_whose_forms_are_held():
    script = (settings.BASE_DIR / "clinic" / "static" / "clinic" / "held_form.js").read_text(encoding="utf-8")
    pattern = responses.NAMES_A_RECORD.pattern.replace("/", "\\/")

    assert f"isOfRecord = /{pattern}/.test(location.pathname)" in script


def test_a_form_that_was_stored_leaves_nothing_held(opened):
    browser, _ = opened

    browser.send("family_name", pronouns="she/her")

    assert not HeldForm.objects.exists()


def test_a_form_that_was_refused_stays_held(opened):
    browser, _ = opened

    browser.try_to_send("family_name", born="no day")
    assert browser.page.status_code == 422

    assert held(browser.client, browser.path) == {"pronouns": "she/h"}


def test_only_the_form_that_was_sent_goes(opened, reception):
    browser, _ = opened
    hold(browser.client, page=PAGE)

    browser.send("family_name", pronouns="she/her")

    assert HeldForm.objects.get().page == PAGE


@pytest.mark.parametrize("late", [{"pronouns": "she/h"}, {}], ids=["its last text", "nothing"])
def test_what_comes_after_its_form_holds_nothing_and_takes_nothing_away(opened, late):
    """The page was opened again meanwhile, and the next form was begun on it."""
    browser, key = opened
    browser.send("family_name", pronouns="she/her")
    assert hold(browser.client, page=browser.path, key=key, texts=late).status_code == 204
    assert not HeldForm.objects.exists()

    hold(browser.client, page=browser.path, texts={"note": "Rang"})
    hold(browser.client, page=browser.path, key=key, texts=late)

    assert held(browser.client, browser.path) == {"note": "Rang"}


@pytest.mark.parametrize(
    "sent",
    [
        {"texts": {"text": "x" * 40_001}},
        {"texts": {"text": "a\x00b"}},
        {"texts": {"text": 5}},
        {"texts": ["text"]},
        {"texts": {"text": "\ud800"}},
        {"key": "no key"},
        {"page": "/" + "x" * 200},
    ],
    ids=["too much", "nul", "a number", "a list", "half a character", "no such key", "a long address"],
)
def test_what_no_page_of_ours_sends_is_refused_and_what_stands_stays(client, sent):
    hold(client)

    assert hold(client, **sent).status_code == 400
    assert held(client) == TEXTS


def test_what_was_left_long_ago_goes(client, therapist):
    hold(client)
    HeldForm.objects.update(written_at=timezone.now() - held_forms.KEPT_FOR - dt.timedelta(days=1))

    hold(client, page="/followups/7K4M9QX2/", texts={})
    assert not HeldForm.objects.exists()
