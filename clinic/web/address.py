"""The client's address of a request, as the audit, the rate limits and the lockout use it."""

import ipaddress

from django.conf import settings


def address_of(request) -> str:
    """The client's address, PROXY_DEPTH steps back; entries that a client wrote itself are ignored."""
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    depth = settings.PROXY_DEPTH
    if depth and len(forwarded) >= depth and _is_address(forwarded[-depth]):
        return forwarded[-depth]
    return request.META.get("REMOTE_ADDR", "")[:45]


def is_loopback(text: str) -> bool:
    """Whether it is an address that only this machine can have: 127.0.0.1 and its like, or ::1."""
    return _is_address(text) and ipaddress.ip_address(text).is_loopback


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
