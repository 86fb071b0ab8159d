"""What somebody typed on a form and did not send stands again on its page, for them alone."""

import datetime as dt
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.actions import held_forms
from clinic.models import HeldForm
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


def test_a_form_that_arrived_is_not_begun_any_more(ada, reception, signed_in):
    """Its last text may reach the server after the form itself."""
    browser = FormClient(signed_in(reception)).open(reverse("patients:edit", args=[ada.ref]))
    key = browser.form("family_name").fields["form_key"].values[0]
    browser.send("family_name", pronouns="she/her")
    hold(browser.client, page=browser.path, key=key, texts={"pronouns": "she/h"})

    assert held(browser.client, browser.path) == 204


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
