"""Middleware: headers, facts for the audit, the idle lock, local time, confinement, account requirements."""

import zoneinfo
from collections.abc import Callable

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import MiddlewareNotUsed, SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.signin import factors, lifetime
from clinic.web import confinement
from clinic.web.address import address_of, is_loopback, request_id_of

FORBIDDEN = 403
NOT_HERE = gettext_lazy(
    "Filiform runs with LOCAL_ONLY: it answers on the machine where it runs, nowhere else."
)
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


def this_machine_alone(get_response) -> Callable:
    """With LOCAL_ONLY nobody else is answered, whichever server serves and whatever Host the client names."""
    if not settings.LOCAL_ONLY:
        raise MiddlewareNotUsed

    def middleware(request):
        if not is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponse(f"{NOT_HERE}\n", status=FORBIDDEN, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def head_without_body(get_response) -> Callable:
    """Answer HEAD as GET, without the body, which would be read as the next answer of the connection."""

    def middleware(request):
        is_head = request.method == "HEAD"
        if is_head:
            # what counts tries, or looks at a method, knows GET and POST
            request.method = "GET"
        response = get_response(request)
        if is_head:
            _take_body_off(response)
        return response

    return middleware


def _take_body_off(response) -> None:
    if response.streaming:
        response.streaming_content = []
    else:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


def security_headers(get_response) -> Callable:
    """The security headers of every response, errors and files included."""
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
    """Give the request an id and find the client's address, for the audit, the log and the error page."""

    def middleware(request):
        facts = audit.RequestFacts(request_id=request_id_of(request), address=address_of(request))
        # for the line of a refusal, which Django writes when this is over
        request.request_id = facts.request_id
        token = audit.request_facts.set(facts)
        try:
            response = get_response(request)
        finally:
            audit.request_facts.reset(token)
        response.headers["X-Request-ID"] = facts.request_id
        return response

    return middleware


def readable_address(get_response) -> Callable:
    """Refuse an address with a NUL character, which neither database can look for, with the page for 400."""

    def middleware(request):
        values = (value for values in request.GET.lists() for value in (values[0], *values[1]))
        if any("\x00" in text for text in (request.path, *values)):
            raise SuspiciousOperation("NUL in the address")
        return get_response(request)

    return middleware


def idle_lock(get_response) -> Callable:
    """Lock an idle sign-in: its pages stay closed until the same person unlocks it."""

    def middleware(request):
        request.locked_user = None
        if not request.user.is_authenticated:
            return get_response(request)
        was_locked = lifetime.is_locked_by_hand(request.session)
        _apply_lifetime(request)
        response = get_response(request)
        if not was_locked:
            lifetime.keep_lock(request.session)
        return response

    return middleware


def _apply_lifetime(request) -> None:
    if lifetime.is_over(request.session):
        auth.logout(request)
    elif lifetime.seconds_left(request.session, minutes=request.user.idle_minutes) <= 0:
        request.locked_user, request.user = request.user, AnonymousUser()
    elif lifetime.BACKGROUND_HEADER not in request.headers:
        lifetime.touch(request.session)


def local_time(get_response) -> Callable:
    """Show times in the time zone of the user's location."""

    def middleware(request):
        location = getattr(request.user, "location", None) if request.user.is_authenticated else None
        if location is None:
            return get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(location.time_zone)):
            return get_response(request)

    return middleware


def confined_device(get_response) -> Callable:
    """Keep a device in a patient's hands on its pages: every other address redirects to them."""

    def middleware(request):
        confinement_ = confinement.confinement_of(request.session)
        is_open = confinement_ is None or request.path.startswith(
            (settings.STATIC_URL, *_allowed_paths(confinement_, request.session))
        )
        response = get_response(request) if is_open else redirect(confinement_.address)
        confinement.tell_other_tabs(request, response)
        return response

    return middleware


def _allowed_paths(confinement_: confinement.Confinement, session) -> list[str]:
    paths = [reverse("health"), confinement_.address, *confinement.PATIENT_LINKS.values()]
    # the second step of the staff sign-in that ends the confinement
    return [*paths, reverse("mfa_authenticate")] if LOGIN_SESSION_KEY in session else paths


def account_requirements(get_response) -> Callable:
    """Send a user to the page for a new password or a second factor before anything else."""

    def middleware(request):
        page = _required_page(request.user) if request.user.is_authenticated else ""
        is_open = not page or request.path.startswith(_paths_beside(page, request.user))
        return get_response(request) if is_open else redirect(page)

    return middleware


def _required_page(user) -> str:
    """The URL name of that page, or nothing. A short password is accepted beside a second factor only."""
    if user.one_time_password_at or (user.password_needs_factor and not factors.has_factor(user)):
        return "account_change_password"
    return "mfa_index" if factors.is_missing(user) else ""


def _paths_beside(page: str, user) -> tuple[str, ...]:
    """A one-time password opens the page, the way out and the idle lock over it; else all of the account."""
    if user.one_time_password_at:
        names = (page, "account_logout", "account_here", "account_unlock", "account_passkey_question")
        return (settings.STATIC_URL, *map(reverse, names))
    return (settings.STATIC_URL, "/accounts/", *confinement.addresses())
