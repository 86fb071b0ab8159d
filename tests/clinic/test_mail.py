"""Mail is sent where a server took it; else page and command say that it was not, and why."""

import json
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as own_settings
from django.core import mail
from django.urls import reverse

from clinic.actions import mail as mail_actions
from clinic.models import AuditEvent, User
from clinic.rules import mail as rules
from clinic.values.errors import NotSent
from tests.form_client import FormClient
from tests.postgres import free_port

SENDER = "desk@practice.example"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PAGE = reverse("mail")
SET_UP = reverse("treatments:set-up")


@pytest.fixture
def office(admin, signed_in):
    User.objects.filter(pk=admin.pk).update(email="sam@practice.example")
    return signed_in(admin)


def item_of(client):
    return next(item for item in client.get(SET_UP).context["items"] if item.code == "mail")


def send_test(client):
    return FormClient(client).open(PAGE).send("form_key")


@pytest.mark.parametrize(
    ("backend", "host", "sender", "lacks"),
    [
        ("smtp", "mail.example", SENDER, ""),
        ("smtp", "", SENDER, "no-server"),
        ("smtp", "mail.example", "", "no-sender"),
        ("console", "mail.example", SENDER, "no-server"),
        ("dummy", "mail.example", SENDER, "no-server"),
        ("filebased", "mail.example", SENDER, "no-server"),
    ],
)
def test_only_a_server_with_a_sender_sends(backend, host, sender, lacks):
    assert rules.lacks(f"django.core.mail.backends.{backend}.EmailBackend", host, sender) == lacks


def test_a_test_mail_is_sent_and_set_up_knows(office, admin):
    assert not item_of(office).is_done

    page = send_test(office)

    assert [message.to for message in mail.outbox] == [["sam@practice.example"]]
    assert [message.from_email for message in mail.outbox] == [SENDER]
    assert "Sent " in page.text
    assert item_of(office).is_done
    event = AuditEvent.objects.get(code="mail.tested")
    assert (event.actor, event.changes["result"]) == (admin, [None, "sent"])


def test_a_server_that_takes_nothing_is_told_with_the_class_of_the_error(office, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", free_port()

    page = send_test(office)

    assert "Not sent " in page.text
    assert "Nothing answers at that server and port. (ConnectionRefusedError)" in page.text
    assert not item_of(office).is_done
    assert "(ConnectionRefusedError)" in item_of(office).lines[1]


def test_a_server_that_never_answers_holds_the_page_no_longer_than_the_limit(office, settings):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = mute.getsockname()[1], 0.2

        assert "did not answer in time. (SMTPServerDisconnected)" in send_test(office).text


def test_a_test_of_another_server_is_no_test_of_this_one(office, settings):
    send_test(office)
    settings.EMAIL_HOST = "other.practice.example"

    assert not item_of(office).is_done


@pytest.mark.parametrize("name", ["EMAIL_HOST", "DEFAULT_FROM_EMAIL"])
def test_without_a_server_the_page_says_so_and_offers_no_test(office, settings, name):
    setattr(settings, name, "")

    page = office.get(PAGE)
    answer = office.post(PAGE, {})

    assert "No mail goes out." in page.text
    assert "Send a test mail" not in page.text
    assert answer.status_code == 422
    assert not AuditEvent.objects.filter(code="mail.tested").exists()
    assert "is set." in item_of(office).lines[0]


@pytest.mark.parametrize(("name", "code"), [("EMAIL_HOST", "no-server"), ("DEFAULT_FROM_EMAIL", "no-sender")])
def test_without_a_server_or_a_sender_no_mail_is_taken_for_sent(settings, name, code):
    setattr(settings, name, "")

    with pytest.raises(NotSent) as refused:
        mail_actions.send("Hello", "…", to="a@practice.example")

    assert refused.value.code == code
    assert mail.outbox == []


def test_without_an_own_address_the_page_says_where_to_enter_one(admin, signed_in):
    answer = signed_in(admin).post(PAGE, {})

    assert answer.status_code == 422
    assert "Your account has no email address." in answer.text
    assert reverse("admin:clinic_user_change", args=[admin.pk]) in answer.text


def test_the_same_button_pressed_twice_sends_one_mail(office):
    filled = FormClient(office).open(PAGE).form("form_key").filled()

    assert [office.post(PAGE, filled).status_code for _ in range(2)] == [302, 302]
    assert len(mail.outbox) == 1


def test_a_lead_is_not_led_to_it(lead, signed_in):
    assert PAGE not in signed_in(lead).get(SET_UP).text


def test_an_address_with_a_line_break_is_sent_nowhere(caplog):
    logging.disable(logging.NOTSET)

    with pytest.raises(NotSent, match="BadHeaderError"):
        mail_actions.send("Hello", "…", to="a@practice.example\nBcc: everybody@else.example")

    assert [record.getMessage() for record in caplog.records] == ["mail not sent: BadHeaderError"]
    assert mail.outbox == []


def read_settings(**given) -> subprocess.CompletedProcess:
    """The product's own settings of mail, as they are read from the environment."""
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_BACKEND", "DEFAULT_FROM_EMAIL")
    read = f"import json; from clinic import settings as s; print(json.dumps([vars(s)[n] for n in {names}]))"
    return subprocess.run(
        [sys.executable, "-c", read], cwd=Path(own_settings.BASE_DIR), env={**os.environ, **given},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_a_word_of_mail_there_is_no_server():
    host, _, backend, sender = json.loads(read_settings(EMAIL_URL="", DEFAULT_FROM_EMAIL="").stdout)

    assert rules.lacks(backend, host, sender) == "no-server"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"EMAIL_URL": "mail.example"}, "EMAIL_URL cannot be read. Write it like smtp+tls://"),
        ({"EMAIL_URL": "smtp://desk:secret@of/mine@mail.example:25"}, "EMAIL_URL cannot be read."),
        ({"DEFAULT_FROM_EMAIL": "the desk"}, "DEFAULT_FROM_EMAIL is “the desk”. Write an address"),
    ],
)
def test_what_cannot_be_read_is_said_without_the_password(given, said):
    refused = read_settings(**given)

    assert refused.returncode == 1
    assert said in refused.stderr
    assert "secret" not in refused.stderr
