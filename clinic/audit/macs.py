"""The MAC that links an event to the one before it: the columns it covers, and the known keys."""

import hashlib
import hmac
import json
from datetime import UTC
from operator import itemgetter

from django.conf import settings

GENESIS = "0" * 64
# In the order in which they enter the MAC.
COVERED_COLUMNS = (
    "seq", "at", "actor_id", "actor_name", "code", "object_kind", "object_ref", "patient_ref", "changes",
    "reason", "request_id", "address", "previous", "key_id", "rows",
)  # fmt: skip
covered_values = itemgetter(*COVERED_COLUMNS)
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def event_mac(values: tuple, key: str) -> str:
    """HMAC-SHA256 over the canonical JSON of the covered columns, the previous MAC included.

    An event that covers no rows is signed as events were before there were any.
    """
    seq, at, *rest, rows = values
    covered = [seq, at.astimezone(UTC).isoformat(timespec="microseconds"), *rest]
    return sign([*covered, bytes(rows).hex()] if rows else covered, key)


def sign(values: list, key: str) -> str:
    return hmac.digest(key.encode(), _canonical(values).encode(), "sha256").hex()


def key_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def keys() -> dict[str, str]:
    """The current key and the former ones, by key id."""
    return {key_id(key): key for key in (settings.AUDIT_KEY, *settings.AUDIT_FORMER_KEYS)}
