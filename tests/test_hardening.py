"""Hardening: no open redirects, no writes by GET, no leaks in error pages."""

import logging
import re
import sys
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.log import DEFAULT_LOGGING
from django.views.debug import get_default_exception_reporter_filter, get_exception_reporter_class

from clinic.web import logs
from tests import admin_pages, factories, world
from tests.second_factor import prove_again, sign_in

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "http://testserver@evil.example/",
    "https://testserver.evil.example/",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "%2F%2Fevil.example",
    "\t//evil.example",
    " //evil.example",
]


def leaves_site(address: str) -> bool:
    """Whether a browser that follows this leaves the site; any value but a plain path may."""
    return not re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", address)


@pytest.mark.parametrize("next_one", ELSEWHERE)
def test_signing_in_leads_to_ourselves_only(next_one, client, therapist):
    sign_in_page = client.get(f"{reverse('account_login')}?next={quote(next_one)}")
    answer = sign_in(client, "therapist", next=next_one)

    assert sign_in_page.status_code == 200
    assert answer.status_code == 302
    assert not leaves_site(answer.url), answer.url


def test_no_address_with_a_nul_is_read(client, therapist):
    assert client.get(f"{reverse('account_login')}?next=%00//evil.example").status_code == 400
    answer = sign_in(client, "therapist", next="\x00//evil.example")
    assert answer.status_code == 400 or not leaves_site(answer.url)


@pytest.mark.parametrize("next_one", ELSEWHERE)
@pytest.mark.parametrize("name", ["account_logout", "account_change_password", "account_reauthenticate"])
def test_no_other_way_out_leads_elsewhere(name, next_one, therapist, signed_in):
    client = signed_in(therapist)
    posted = {
        "account_change_password": {
            "oldpassword": factories.PASSWORD,
            "password1": "a long walk by the lake",
            "password2": "a long walk by the lake",
        },
        "account_reauthenticate": {"password": factories.PASSWORD},
    }

    answer = client.post(reverse(name), {**posted.get(name, {}), "next": next_one})

    assert answer.status_code == 302
    assert not leaves_site(answer.url), answer.url


@pytest.mark.parametrize("next_one", ELSEWHERE)
def test_the_administrations_door_leads_to_ours(next_one, client, db):
    answer = client.get(f"/admin/login/?next={quote(next_one)}")

    assert not leaves_site(answer.url), answer.url
    assert answer.url.startswith(f"{reverse('account_login')}?next=")


# Tables that a GET may write to, each with the reason.
LOOKS = {
    "clinic_auditevent": "who looked",
    "django_session": "the sign-in itself: last touched, a question to a passkey",
    "clinic_cache": "counts of tries",
    "mfa_authenticator": "recovery codes remember that they were looked at",
}
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.I)


def written(captured) -> set[str]:
    return {match[1] for query in captured if (match := WRITE.match(query["sql"]))} - LOOKS.keys()


@pytest.mark.django_db
def test_asking_for_a_page_changes_nothing():
    """GET requests of every role to every address, as mail scanners and prefetching send them."""
    practice = world.build()
    changed = {}
    for role in world.ROLES:
        client = world.client_of(practice, role)
        prove_again(client)
        for address in world.addresses():
            if address.needs == {"pk"}:
                paths = [address.path({"pk": 1})]
            else:
                states = practice.states_of(address)
                paths = [address.path(practice.values(address, state)) for state in states]
            for path in paths:
                with CaptureQueriesContext(connection) as captured:
                    client.get(path)
                if written(captured):
                    changed[f"{role} {address.name}"] = written(captured)
    assert changed == {}


@pytest.mark.django_db
def test_asking_the_administration_for_a_page_changes_nothing(pages_of_admin):
    client, paths = pages_of_admin
    changed = {}
    for path in paths:
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        if written(captured):
            changed[path] = written(captured)
    assert changed == {}


@pytest.fixture
def pages_of_admin(signed_in, request):
    client = signed_in(request.getfixturevalue("admin"))
    paths = []
    for model in admin.site._registry:
        listed = admin_pages.list_address(model)
        paths += [listed, f"{listed}add/", f"{listed}1/change/"]
    return client, paths


def test_a_write_would_be_seen():
    queries = [{"sql": 'UPDATE "patients_patient" SET x'}, {"sql": 'INSERT INTO "clinic_auditevent" ('}]

    assert written(queries) == {"patients_patient"}


# In two parts, because an error report contains source lines, including this one.
SECRET = "-".join(("Zebrafinch", "Examplewood"))


def report(fault: Exception, sent: dict) -> str:
    request = RequestFactory(headers={"Cookie": f"sessionid={SECRET}"}).post(f"/patients/?q={SECRET}", sent)
    request.user = None
    try:
        raise fault
    except type(fault):
        return get_exception_reporter_class(request)(request, *sys.exc_info()).get_traceback_html()


def test_a_report_of_a_fault_holds_no_value():
    """No page shows Django's error report; whatever else makes one shows the location only."""
    name = SECRET  # noqa: F841  (a value that the program holds when it fails)
    try:
        raise KeyError(SECRET)
    except KeyError as cause:
        fault = ValueError(f"cannot store {SECRET}")
        fault.__cause__ = cause
        fault.add_note(SECRET)

    page = report(fault, {"family_name": SECRET})

    assert SECRET not in page.replace("raise KeyError(SECRET)", "")
    assert "ValueError" in page
    assert "family_name" in page
    assert type(get_default_exception_reporter_filter()) is logs.ValueFreeReportFilter


def test_no_fault_is_sent_by_mail(settings, mailoutbox, db):
    settings.ADMINS = [("Admin", "admin@filiform.example")]
    assert "mail_admins" in DEFAULT_LOGGING["loggers"]["django"]["handlers"]

    handlers = [
        handler
        for logger in ("django", "django.request", "")
        for handler in logging.getLogger(logger).handlers
    ]
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("django.request").exception("a fault")

    assert not [handler for handler in handlers if "Email" in type(handler).__name__]
    assert mailoutbox == []


def test_a_file_is_taken_by_no_page(client, db):
    """No form accepts a file: uploads are refused and not written to disk."""
    for size in (1, 3_000_000):
        sent = {"login": "x", "password": "y", "file": SimpleUploadedFile("x.bin", b"x" * size)}
        assert client.post(reverse("account_login"), sent).status_code == 400


def test_a_body_that_is_too_large_is_refused(client, db):
    answer = client.post(reverse("account_login"), {"login": "x" * 3_000_000})

    assert answer.status_code == 400


def test_too_many_fields_are_refused(client, db):
    answer = client.post(reverse("account_login"), {f"f{number}": "x" for number in range(1001)})

    assert answer.status_code == 400


def test_every_page_of_the_account_is_kept_nowhere(therapist, signed_in):
    client = signed_in(therapist)
    prove_again(client)
    cacheable = {}
    for address in world.addresses():
        if address.name.startswith(("account_", "mfa_")) and not address.needs:
            answer = client.get(address.path({}))
            if answer["Cache-Control"] != "no-store" or "Content-Security-Policy" not in answer:
                cacheable[address.name] = answer["Cache-Control"]
    assert cacheable == {}


def test_what_stands_before_the_door_names_no_patient(client, ada, therapist, signed_in):
    """Pages that are shown without a sign-in do not name the patient."""
    address = reverse("patients:edit", args=[ada.ref])
    pages = [client.get(address, follow=True), Client().post(address, {"family_name": "x"})]

    for page in pages:
        title = re.search(r"<title>(.*?)</title>", page.content.decode(), re.S)[1]
        assert " ".join(title.split()) in {"Sign in · Filiform", "Signed out · Filiform"}
        for word in ("Ada", "Examplewood", "1985"):
            assert word not in page.content.decode()
