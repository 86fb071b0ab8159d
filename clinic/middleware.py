"""What happens around every request: headers, facts for the audit, local time, two kinds of stay."""

import uuid
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clinic import audit

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


def headers(get_response) -> Callable:
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
        facts = audit.RequestFacts(request_id=uuid.uuid4().hex, address=_address(request))
        token = audit.request_facts.set(facts)
        try:
            response = get_response(request)
        finally:
            audit.request_facts.reset(token)
        response.headers["X-Request-ID"] = facts.request_id
        return response

    return middleware


def local_time(get_response) -> Callable:
    """Show times in the zone of the location the user works at."""

    def middleware(request):
        location = getattr(request.user, "location", None) if request.user.is_authenticated else None
        if location is None:
            return get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(location.time_zone)):
            return get_response(request)

    return middleware


def handover_stays(get_response) -> Callable:
    """While the tablet is in a patient's hands every address leads back to the one form."""

    def middleware(request):
        pk = request.session.get("handover")
        if pk is None or request.path.startswith(
            (settings.STATIC_URL, "/health/", "/handover/", "/i/", "/s/")
        ):
            return get_response(request)
        return redirect(reverse("patients:handover"))

    return middleware


def one_time_password(get_response) -> Callable:
    """A one-time password opens the door to one page: choose your own."""

    def middleware(request):
        waits = request.user.is_authenticated and request.user.one_time_password_at
        if not waits or request.path.startswith((settings.STATIC_URL, "/accounts/", "/handover/")):
            return get_response(request)
        return redirect("account_change_password")

    return middleware


def _address(request) -> str:
    """The client's address, PROXY_DEPTH steps back; what a client writes itself is never believed."""
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    depth = settings.PROXY_DEPTH
    if depth and len(forwarded) >= depth:
        return forwarded[-depth][:45]
    return request.META.get("REMOTE_ADDR", "")[:45]
