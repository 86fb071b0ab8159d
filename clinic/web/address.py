"""Address and id of a request, as the audit, the log, the rate limits and the lockout use them."""

import ipaddress
import re
import uuid

from django.conf import settings

# as nginx ($request_id) and Caddy ({http.request.uuid}, with dashes) make them, and we
REQUEST_ID = re.compile(r"[0-9a-f]{32}")


def address_of(request) -> str:
    """The client's address, PROXY_DEPTH steps back; entries that a client wrote itself are ignored."""
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    depth = settings.PROXY_DEPTH
    if depth and len(forwarded) >= depth and _is_address(forwarded[-depth]):
        return forwarded[-depth]
    return request.META.get("REMOTE_ADDR", "")[:45]


def request_id_of(request) -> str:
    """32 hexadecimal digits: a proxy's, so that its log names a request as ours does, else our own."""
    given = request.META.get("HTTP_X_REQUEST_ID", "").replace("-", "").lower()
    return given if settings.PROXY_DEPTH and REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def is_loopback(text: str) -> bool:
    """Whether it is an address that only this machine can have: 127.0.0.1 and its like, or ::1."""
    return _is_address(text) and ipaddress.ip_address(text).is_loopback


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
