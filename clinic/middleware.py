"""What happens around every request: headers, facts for the audit, the lock, local time, confinement."""

import uuid
import zoneinfo
from collections.abc import Callable

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.signin import factors, lifetime
from clinic.web import confinement
from clinic.web.address import address_of

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)


def security_headers(get_response) -> Callable:
    """The header set of every response, errors and files included."""
    policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def request_facts(get_response) -> Callable:
    """Give the request an id and find the client's address, for the audit and the log."""

    def middleware(request):
        facts = audit.RequestFacts(request_id=uuid.uuid4().hex, address=address_of(request))
        token = audit.request_facts.set(facts)
        try:
            response = get_response(request)
        finally:
            audit.request_facts.reset(token)
        response.headers["X-Request-ID"] = facts.request_id
        return response

    return middleware


def idle_lock(get_response) -> Callable:
    """A sign-in that nobody touched is locked: its pages are closed to it until the same person unlocks."""

    def middleware(request):
        request.locked_user = None
        if request.user.is_authenticated:
            _keep_lock_and_hours(request)
        return get_response(request)

    return middleware


def _keep_lock_and_hours(request) -> None:
    if lifetime.is_over(request.session):
        auth.logout(request)
    elif lifetime.seconds_left(request.session, minutes=request.user.idle_minutes) <= 0:
        request.locked_user, request.user = request.user, AnonymousUser()
    elif lifetime.BACKGROUND_HEADER not in request.headers:
        lifetime.touch(request.session)


def local_time(get_response) -> Callable:
    """Show times in the zone of the location the user works at."""

    def middleware(request):
        location = getattr(request.user, "location", None) if request.user.is_authenticated else None
        if location is None:
            return get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(location.time_zone)):
            return get_response(request)

    return middleware


def confined_device(get_response) -> Callable:
    """A device in a patient's hands stays on its pages: every other address leads back to them."""

    def middleware(request):
        held = confinement.confinement_of(request.session)
        if held is None or request.path.startswith((settings.STATIC_URL, *_open_to(held, request.session))):
            return get_response(request)
        return redirect(held.address)

    return middleware


def _open_to(held: confinement.Confinement, session) -> list[str]:
    paths = [reverse("health"), held.address, *confinement.PATIENT_LINKS.values()]
    # the second step of the staff sign-in that ends the confinement
    return [*paths, reverse("mfa_authenticate")] if LOGIN_SESSION_KEY in session else paths


def account_requirements(get_response) -> Callable:
    """What an account still lacks comes before anything else: its own password, a second factor."""

    def middleware(request):
        if not request.user.is_authenticated or request.path.startswith(
            (settings.STATIC_URL, "/accounts/", *confinement.addresses())
        ):
            return get_response(request)
        lacks = _lacks(request.user)
        return redirect(lacks) if lacks else get_response(request)

    return middleware


def _lacks(user) -> str:
    """The page to go to first. A short password holds beside a second factor only."""
    if user.one_time_password_at or (user.password_needs_factor and not factors.has_factor(user)):
        return "account_change_password"
    return "mfa_index" if factors.is_missing(user) else ""
