"""Signing in and out, choosing a password, and account pages that are not offered."""

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from clinic.models import AuditEvent
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("requests_as_serving_role")
NEW_PASSWORD = "a long walk by the lake"


def sign_in(client, username: str, password: str):
    return client.post(reverse("account_login"), {"login": username, "password": password})


def test_a_person_signs_in_and_it_is_recorded(client, therapist):
    response = sign_in(client, "therapist", PASSWORD)

    assert response.status_code == 302
    assert AuditEvent.objects.filter(code="user.signed_in", actor=therapist).count() == 1


def test_a_wrong_password_is_refused_with_a_sentence_and_recorded_without_the_name(client, therapist):
    response = sign_in(client, "therapist", "something else")

    assert response.status_code == 422
    assert "do not match" in response.content.decode()
    event = AuditEvent.objects.get(code="user.sign_in_failed")
    assert event.actor is None
    assert "something else" not in str(event.changes) + event.reason


def test_a_failed_sign_in_is_noted_at_the_account_however_the_name_is_typed(client, therapist):
    sign_in(client, "Therapist", "something else")
    sign_in(client, "a password in the wrong box", "something else")

    known, unknown = AuditEvent.objects.filter(code="user.sign_in_failed")
    assert known.object_ref == str(therapist.pk)
    assert (unknown.object_ref, unknown.actor_name, unknown.changes, unknown.reason) == ("", "", {}, "")


def test_an_unknown_name_is_answered_like_a_wrong_password(client, therapist):
    known = sign_in(client, "therapist", "something else")
    unknown = sign_in(client, "nobody-here", "something else")

    assert unknown.status_code == known.status_code == 422
    assert "do not match" in unknown.content.decode()


def test_someone_who_left_cannot_sign_in_or_stay(client, therapist, signed_in):
    inside = signed_in(therapist)
    therapist.is_active = False
    therapist.save(update_fields=["is_active"])

    assert inside.get("/").status_code == 302
    assert not sign_in(client, "therapist", PASSWORD).wsgi_request.user.is_authenticated


@pytest.mark.parametrize("password", ["short", "password", "therapist"])
def test_a_weak_password_is_refused(password, therapist, signed_in):
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    response = signed_in(therapist).post(reverse("account_change_password"), data)

    assert response.status_code == 422
    therapist.refresh_from_db()
    assert therapist.check_password(PASSWORD)


def test_a_changed_password_is_recorded(therapist, signed_in):
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    assert signed_in(therapist).post(reverse("account_change_password"), data).status_code == 302
    therapist.refresh_from_db()
    assert therapist.check_password(NEW_PASSWORD)
    assert AuditEvent.objects.filter(code="user.password_changed", actor=therapist).exists()


def test_what_an_account_says_is_ours(client, therapist):
    """The library would say “Successfully signed in as therapist.” and more of that kind."""
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    sign_in(client, "therapist", PASSWORD)
    client.post(reverse("account_change_password"), data)
    board = client.get(reverse("treatments:today"))
    client.post(reverse("account_logout"))
    door = client.get(reverse("account_login"))

    assert [str(said) for said in board.context["messages"]] == ["Your password is changed."]
    assert [str(said) for said in door.context["messages"]] == []


def test_a_password_and_its_event_are_written_together_or_not_at_all(therapist, signed_in):
    client = signed_in(therapist)
    client.raise_request_exception = False
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    with connection.execute_wrapper(no_event):
        answer = client.post(reverse("account_change_password"), data)

    assert answer.status_code == 503
    therapist.refresh_from_db()
    assert therapist.check_password(PASSWORD)
    assert client.post(reverse("account_change_password"), data).status_code == 302
    therapist.refresh_from_db()
    assert therapist.check_password(NEW_PASSWORD)


def no_event(execute, sql, params, many, context):
    """Only inserts into the audit fail."""
    if sql.startswith('INSERT INTO "clinic_auditevent"'):
        raise OperationalError("the disk is full")
    return execute(sql, params, many, context)


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_email", "account_set_password"]
)
def test_what_is_not_offered_is_not_found(name, client, db):
    assert client.get(reverse(name)).status_code == 404


def test_signing_out_needs_a_post(therapist, signed_in):
    client = signed_in(therapist)

    client.get(reverse("account_logout"))
    assert client.get(reverse("account_change_password")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("account_change_password")).status_code == 302


def test_next_leads_only_to_ourselves(client, therapist):
    url = f"{reverse('account_login')}?next=https://elsewhere.example/"

    response = client.post(
        url, {"login": "therapist", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )

    assert (response.status_code, response.url) == (302, "/")
