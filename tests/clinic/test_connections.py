"""What a connection may expect of the server: no body after HEAD, and an answer beside slow clients."""

import contextlib
import http.client
import socket
import threading

import pytest
from django.core.handlers.base import BaseHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse

from clinic.management.commands import serve

pytestmark = pytest.mark.django_db
HALF_SENT, ANSWERED_WITHIN = 150, 5


@pytest.fixture
def served(monkeypatch):
    """The port of a server in a thread of its own, whose threads leave no connection to the database."""
    application = get_wsgi_application()

    def closing(environ, start_response):
        try:
            return application(environ, start_response)
        finally:
            connections.close_all()

    monkeypatch.setattr(serve, "get_wsgi_application", lambda: closing)
    server = serve.open_server("127.0.0.1:0", 2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(10)


def sent_bytes(path: str, cookies: str = "") -> tuple[str, dict, bytes]:
    """(status, headers, body) as the application gives them to a server."""
    handler = BaseHandler()
    handler.load_middleware()
    # not closed: that would end the test's own connection to the database
    response = handler.get_response(RequestFactory(headers={"Cookie": cookies}).head(path))
    return str(response.status_code), dict(response.headers), b"".join(response)


def cookies_of(client: Client) -> str:
    return client.cookies.output(header="", sep=";").strip()


@pytest.mark.parametrize("path", ["/health/", "/accounts/login/", "/nowhere/", "/patients/", "/%00"])
def test_head_is_answered_without_a_body(path):
    status, headers, body = sent_bytes(path)

    assert body == b""
    assert int(headers.get("Content-Length", 0)) >= 0
    assert not status.startswith("5")


@pytest.mark.parametrize(
    "name",
    ["treatments:today", "treatments:followups", "treatments:adverse-events", "treatments:audit-export"],
)
def test_head_of_a_page_has_the_headers_of_get(signed_in, lead, name):
    client = signed_in(lead)

    status, headers, body = sent_bytes(reverse(name), cookies_of(client))

    assert (status, body) == (str(client.get(reverse(name)).status_code), b"")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/nowhere/", "/accounts/login/"])
def test_a_connection_that_asks_by_head_goes_on_with_the_next_answer(served, path):
    connection = http.client.HTTPConnection("127.0.0.1", served, timeout=10)
    with contextlib.closing(connection):
        connection.request("HEAD", path)
        head = connection.getresponse()
        head.read()
        connection.request("GET", path)
        page = connection.getresponse()

        assert head.status == page.status
        assert page.read().strip().startswith(b"<!doctype html>")


def test_the_server_answers_beside_many_half_sent_requests(served):
    with contextlib.ExitStack() as open_sockets:
        for _ in range(HALF_SENT):
            half = open_sockets.enter_context(socket.create_connection(("127.0.0.1", served), timeout=10))
            half.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        connection = http.client.HTTPConnection("127.0.0.1", served, timeout=ANSWERED_WITHIN)
        with contextlib.closing(connection):
            connection.request("GET", "/nowhere/")
            assert connection.getresponse().status in (302, 404)
