"""How an event is keyed to the one before it: what its mac covers, and which keys are ours."""

import hashlib
import hmac
import json
from datetime import UTC
from operator import itemgetter

from django.conf import settings

GENESIS = "0" * 64
# What an event says, in the order in which its mac covers it.
COVERED_COLUMNS = (
    "seq", "at", "actor_id", "actor_name", "code", "object_kind", "object_ref", "patient_ref", "changes",
    "reason", "request_id", "address", "previous", "key_id",
)  # fmt: skip
covered_values = itemgetter(*COVERED_COLUMNS)
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def event_mac(said: tuple, key: str) -> str:
    """HMAC-SHA256 over the canonical JSON of everything an event says, the previous mac included."""
    seq, at, *rest = said
    return sign([seq, at.astimezone(UTC).isoformat(timespec="microseconds"), *rest], key)


def sign(values: list, key: str) -> str:
    return hmac.digest(key.encode(), _canonical(values).encode(), "sha256").hex()


def key_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def keys() -> dict[str, str]:
    """Today's key and the former ones, by their id."""
    return {key_id(key): key for key in (settings.AUDIT_KEY, *settings.AUDIT_FORMER_KEYS)}
