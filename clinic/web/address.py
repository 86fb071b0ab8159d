"""Where a request comes from: one answer for the audit, the limits and the lock-out."""

import ipaddress

from django.conf import settings


def address_of(request) -> str:
    """The client's address, PROXY_DEPTH steps back; what a client writes itself is never believed."""
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    depth = settings.PROXY_DEPTH
    if depth and len(forwarded) >= depth and _is_address(forwarded[-depth]):
        return forwarded[-depth]
    return request.META.get("REMOTE_ADDR", "")[:45]


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
