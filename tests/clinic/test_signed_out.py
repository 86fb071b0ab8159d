"""A form whose sign-in ended meanwhile can be posted again, and other sites gain nothing by it."""

import html
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories

TYPED = "Line one\nline two <script>alert(1)</script> \"quoted\" 'and' مرحبا 🙂"
HIDDEN = re.compile(r'<input type="hidden" name="(?P<name>[^"]*)" value="(?P<value>[^"]*)">')


@pytest.fixture
def address(ada):
    return reverse("patients:episode", args=[ada.ref])


def carried_values(response) -> list[tuple[str, str]]:
    page = response.content.decode()
    found = [(html.unescape(m["name"]), html.unescape(m["value"])) for m in HIDDEN.finditer(page)]
    return [field for field in found if field[0] != "csrfmiddlewaretoken"]


def token_in(response) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.content.decode())[1]


def test_what_was_typed_waits_on_the_page(client, address):
    response = client.post(
        address, {"summary": TYPED, "box": ["a", "b"], "password": "secret", "form_key": "k"}
    )

    assert response.status_code == 401
    assert carried_values(response) == [("summary", TYPED), ("box", "a"), ("box", "b"), ("form_key", "k")]
    assert "secret" not in response.content.decode()
    assert "<script>alert" not in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert f'action="{address}"' in response.content.decode()


def test_a_reader_goes_to_the_sign_in_page(client, address):
    response = client.get(address)

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={address}"


def test_a_part_of_a_page_is_never_painted_over_with_a_sign_in(client, address):
    response = client.get(address, headers={"X-Live": "1"})

    assert response.status_code == 401
    assert 'name="login"' not in response.content.decode()


@pytest.fixture
def strict(ada):
    """A client with CSRF checks."""
    return Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})


def sign_in(client) -> None:
    page = client.get(reverse("account_login"))
    person = {"login": "therapist", "password": factories.PASSWORD, "csrfmiddlewaretoken": token_in(page)}
    assert client.post(reverse("account_login"), person).status_code == 302


def test_signed_in_again_the_form_goes_through_with_what_was_typed(strict, therapist, ada, address):
    """The form has the token of the previous sign-in, so the page asks for a confirmation."""
    sign_in(strict)
    old = strict.get(address)
    typed = {"csrfmiddlewaretoken": token_in(old), "target_visits": "not a number"}
    # the session has expired; the browser still has its other cookies
    strict.cookies.pop(settings.SESSION_COOKIE_NAME)

    ended = strict.post(address, typed)
    again = {**dict(carried_values(ended)), "csrfmiddlewaretoken": token_in(ended)}
    sign_in(strict)
    stale = strict.post(address, again)
    once_more = {**dict(carried_values(stale)), "csrfmiddlewaretoken": token_in(stale)}
    answered = strict.post(address, once_more)

    assert (ended.status_code, stale.status_code, answered.status_code) == (401, 403, 422)
    assert "not a number" in answered.content.decode()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver.example", None])
def test_another_site_is_not_offered_a_form_in_our_name(therapist, address, origin):
    client = Client(enforce_csrf_checks=True, headers={"Origin": origin} if origin else None)
    client.force_login(therapist)

    response = client.post(address, {"summary": "forged"})

    assert response.status_code == 403
    assert "forged" not in response.content.decode()


@pytest.mark.parametrize("header", [{"X-Requested-With": "fetch"}, {"X-Live": "1"}])
def test_a_script_that_reads_is_told_that_the_sign_in_ended(db, header):
    response = Client().get("/", headers=header)

    assert response.status_code == 401
    assert "sign" in response.content.decode().lower()
