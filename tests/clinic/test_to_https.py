"""Without TLS everybody is sent to HTTPS; behind a proxy that is not set up a sentence ends the loop."""

import pytest
from django.test import Client

from clinic.web import to_https

pytestmark = pytest.mark.django_db
PAGE = "/accounts/login/"


@pytest.fixture
def strict(settings):
    settings.SECURE_SSL_REDIRECT = True
    return settings


def test_the_first_request_is_sent_to_https(strict):
    answer = Client().get(PAGE)

    assert (answer.status_code, answer.url) == (301, f"https://testserver{PAGE}")


@pytest.mark.parametrize(
    ("depth", "named"), [(0, "set PROXY_DEPTH"), (1, "the proxy has to send the header")]
)
def test_a_request_that_comes_back_without_tls_gets_a_sentence(strict, depth, named):
    strict.PROXY_DEPTH = depth
    client = Client()
    client.get(PAGE)

    answer = client.get(PAGE)

    assert answer.status_code == 500
    assert named in answer.content.decode()
    assert "came back without it" in answer.content.decode()


def test_another_page_without_tls_is_sent_to_https_too(strict):
    client = Client()
    client.get(PAGE)

    assert client.get("/patients/").status_code == 301


def test_who_arrives_by_https_is_sent_again_another_time(strict):
    client = Client()
    client.get(PAGE)

    assert client.get(PAGE, secure=True).status_code == 200
    assert client.cookies[to_https.COOKIE].value == ""
    assert client.get(PAGE).status_code == 301


def test_behind_a_proxy_that_says_so_nobody_is_sent(strict):
    strict.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert Client().get(PAGE, headers={"X-Forwarded-Proto": "https"}).status_code == 200
