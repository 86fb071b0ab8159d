"""What the board says after a session: signed, or left as a draft. Both lead there."""

import uuid

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from tests import factories
from tests.form_client import FormClient
from tests.treatments import notes
from treatments.rules.session import draft_parts
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db


def said(response) -> list[str]:
    return [strip_tags(message) for message in response.context["messages"]]


def test_the_plain_save_and_leave_says_that_the_note_is_not_signed(draft, signed_in, therapist):
    page = FormClient(signed_in(therapist)).open(draft.get_absolute_url())

    board = page.send("v-plan", press=("then", "leave"), plan="Again in a week")

    assert said(board) == [f"Not signed: {draft.patient.listed_name}. What you wrote is kept as a draft."]
    draft.refresh_from_db()
    assert (draft.plan, draft.state) == ("Again in a week", "draft")


def test_the_page_leaves_by_the_same_way(draft, signed_in, therapist):
    client = signed_in(therapist)
    address = f"{draft.get_absolute_url()}?leave"

    assert f'data-today="{address}"' in client.get(draft.get_absolute_url()).content.decode()
    assert said(client.get(address, follow=True))[0].startswith("Not signed: ")


def test_a_signature_says_whose_note_is_signed(draft, signed_in, therapist):
    notes.ready(draft)
    typed = {"identity_checked": "on", "password": factories.PASSWORD, "form_key": uuid.uuid4().hex,
             "read": draft_parts.reading_of(drafts.whole(draft.pk))}  # fmt: skip

    board = signed_in(therapist).post(
        reverse("treatments:session-sign", args=[draft.ref]), typed, follow=True
    )

    assert said(board) == [f"Signed: {draft.patient.listed_name}. Only addenda are possible now."]


def test_leaving_what_is_signed_already_says_nothing(draft, signed_in, therapist):
    notes.signed(draft)

    assert said(signed_in(therapist).get(f"{draft.get_absolute_url()}?leave", follow=True)) == []


def test_leaving_the_draft_of_somebody_else_says_nothing(draft, signed_in, lead):
    assert said(signed_in(lead).get(f"{draft.get_absolute_url()}?leave", follow=True)) == []
