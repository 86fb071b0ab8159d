"""A form that is posted twice takes effect once."""

import uuid

import pytest
from django import forms
from django.db import IntegrityError
from django.test import RequestFactory

from clinic.forms.base import StaffForm
from clinic.models import FormKey, Room
from clinic.values import errors
from clinic.web import responses
from tests import factories


def post(user, key: str):
    request = RequestFactory().post("/", {"form_key": key})
    request.user = user
    return request


def make_room(name: str):
    def act() -> str:
        Room.objects.create(location=factories.location(), name=name)
        return f"/made/{name}/"

    return act


def test_the_second_post_of_a_form_gets_the_first_answer(reception):
    key = uuid.uuid4().hex

    first = responses.perform_once(post(reception, key), "room.add", make_room("7"))
    second = responses.perform_once(post(reception, key), "room.add", make_room("8"))

    assert first.url == second.url == "/made/7/"
    assert not Room.objects.filter(name="8").exists()


def test_a_refused_form_may_be_posted_again(reception):
    key = uuid.uuid4().hex

    def refuse() -> str:
        raise errors.RuleViolation([errors.Reason("no", "Not like that.")])

    with pytest.raises(errors.RuleViolation):
        responses.perform_once(post(reception, key), "room.add", refuse)

    assert not FormKey.objects.exists()
    assert responses.perform_once(post(reception, key), "room.add", make_room("9")).url == "/made/9/"


def test_keys_of_two_people_do_not_meet(reception, therapist):
    key = uuid.uuid4().hex

    responses.perform_once(post(reception, key), "room.add", make_room("7"))
    responses.perform_once(post(therapist, key), "room.add", make_room("8"))

    assert Room.objects.filter(name__in=["7", "8"]).count() == 2


def test_a_broken_constraint_of_the_act_itself_is_not_hidden(reception):
    make_room("7")()

    with pytest.raises(IntegrityError):
        responses.perform_once(post(reception, uuid.uuid4().hex), "room.add", make_room("7"))


def test_a_post_without_a_key_still_works(reception):
    assert responses.perform_once(post(reception, ""), "room.add", make_room("7")).url == "/made/7/"


class AnyForm(StaffForm):
    name = forms.CharField(required=False)


def raising(refused: Exception):
    def act() -> str:
        raise refused

    return act


def test_a_form_that_is_obeyed_leads_on(reception):
    form = AnyForm({})

    response = responses.submit(post(reception, uuid.uuid4().hex), "room.add", make_room("7"), form)

    assert response.url == "/made/7/"
    assert form.is_valid()


def test_a_refusal_stands_at_the_field_that_it_is_about(reception):
    form = AnyForm({})
    refused = errors.RuleViolation(
        [errors.Reason("no", "Not like that.", field="name"), errors.Reason("never", "Not at all.")]
    )

    assert responses.submit(post(reception, uuid.uuid4().hex), "room.add", raising(refused), form) is None

    assert form.errors == {"name": ["Not like that."], "__all__": ["Not at all."]}
    assert not FormKey.objects.exists()


def test_who_was_slower_is_shown_what_stands(reception):
    stale = errors.StaleRecord("Somebody was faster.", theirs="Room 7", mine="Room 8")

    form = AnyForm({"name": "Typed meanwhile"})
    assert form.is_valid()

    response = responses.submit(post(reception, uuid.uuid4().hex), "room.add", raising(stale), form)

    assert b"Typed meanwhile" in response.content
    assert response.status_code == responses.CONFLICT
    assert b"Somebody was faster." in response.content
    assert not FormKey.objects.exists()
