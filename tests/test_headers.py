"""Every response has the same security headers: pages, parts, files, redirects and errors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from clinic.views import health
from patients.views.papers import POLICY
from tests import world

ROOT = Path(__file__).resolve().parent.parent
OFF = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "microphone",
    "payment",
    "usb",
)
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; frame-ancestors 'none'; form-action 'self'",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in OFF),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
# Addresses without a record, each with the status for an anonymous visitor.
PLACES = {
    "/": 302,
    "/patients/": 302,
    "/accounts/login/": 200,
    "/health/": 200,
    "/admin/": 302,
    "/nowhere/": 404,
    "/patients/2222223/": 404,
    "/static/clinic/app.js": 200,
    "/static/nothing.css": 404,
    "/accounts/login": 301,
}


def security_headers_of(response) -> dict:
    return {name: response.headers.get(name) for name in SECURITY_HEADERS}


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "status"), PLACES.items())
def test_a_strangers_answer_wears_all_of_it(client, place, status):
    response = client.get(place)
    assert response.getvalue() is not None
    response.close()

    assert response.status_code == status
    assert security_headers_of(response) == SECURITY_HEADERS
    assert ("no-store" in response.headers.get("Cache-Control", "")) != place.startswith("/static/")


def test_what_is_not_allowed_wears_it(signed_in, admin, ada):
    response = signed_in(admin).get(f"/patients/{ada.ref}/")

    assert response.status_code == 403
    assert security_headers_of(response) == SECURITY_HEADERS
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_what_failed_wears_it(monkeypatch):
    monkeypatch.setattr(health, "JsonResponse", None)

    response = Client(raise_request_exception=False).get("/health/")

    assert response.status_code == 500
    assert security_headers_of(response) == SECURITY_HEADERS
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_forged_form_and_a_wrong_host_wear_it():
    forged = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    lost = Client().get("/", headers={"Host": "elsewhere.example"})

    assert (forged.status_code, lost.status_code) == (403, 400)
    assert security_headers_of(forged) == security_headers_of(lost) == SECURITY_HEADERS


# A file that is saved may do even less than a page.
STRICTER = {("patients:paper-download", "Content-Security-Policy"): POLICY}


@pytest.mark.django_db
@pytest.mark.one_engine
def test_every_staff_page_wears_it_and_is_kept_nowhere(signed_in):
    practice = world.build()
    client = signed_in(practice.people["author"])

    bare = {}
    for address in world.staff_addresses():
        for state in practice.states_of(address):
            response = client.get(address.path(practice.values(address, state)))
            missing = {
                name
                for name, value in security_headers_of(response).items()
                if value not in (SECURITY_HEADERS[name], STRICTER.get((address.name, name)))
            }
            if missing or response.headers.get("Cache-Control") != "no-store":
                bare[address.name] = missing or "may be kept"

    assert bare == {}


PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "production-like-secret-" + "s" * 40,
    "AUDIT_KEY": "production-like-audit-key-" + "a" * 40,
    "ALLOWED_HOSTS": "filiform.example",
    "DATABASE_URL": "sqlite:///filiform.sqlite3",
}
COOKIE = ("NAME", "SECURE", "HTTPONLY", "DOMAIN", "PATH")
EXPECTED = [
    *(f"{cookie}_COOKIE_{part}" for cookie in ("SESSION", "CSRF") for part in COOKIE),
    "SESSION_COOKIE_SAMESITE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "DEBUG",
]
PRINT_SETTINGS = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""


@pytest.fixture(scope="module")
def production() -> dict:
    """The production settings, read in a separate process."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-c", PRINT_SETTINGS, *EXPECTED],
        cwd=ROOT,
        env={**environment, **PRODUCTION, "DJANGO_SETTINGS_MODULE": "clinic.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


@pytest.mark.parametrize("cookie", ["SESSION", "CSRF"])
def test_cookies_of_production_stay_on_this_host_and_on_https(production, cookie):
    """The requirements of a __Host- cookie: secure, no domain, path /."""
    assert production[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
    assert production[f"{cookie}_COOKIE_SECURE"] is True
    assert production[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert production[f"{cookie}_COOKIE_DOMAIN"] is None
    assert production[f"{cookie}_COOKIE_PATH"] == "/"


def test_production_speaks_https_only(production):
    assert production["DEBUG"] is False
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert production["SESSION_COOKIE_SAMESITE"] in {"Lax", "Strict"}
