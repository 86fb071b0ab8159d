"""Audit gaps: looks that the database did not take, stored on this machine until they can be recorded."""

import contextlib
import hmac
import json
import logging
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from clinic.audit import macs
from clinic.models import AuditEvent, User

log = logging.getLogger(__name__)

# How many are recorded at once: after a long outage the next look must not wait for all of them.
BATCH = 200
WHOLE, HALF = ".json", ".half"
# Used when the disk cannot be written either: lost when the process ends, except for the line in the log.
_in_memory: dict[str, str] = {}


def store(look: dict) -> None:
    """Write one file per look, atomically, with a MAC as events have one."""
    name, text = uuid.uuid4().hex, _packed(look)
    half = _folder() / (name + HALF)
    try:
        half.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half.write_text(text, encoding="utf-8")
        half.rename(half.with_suffix(WHOLE))
    except OSError:
        log.exception("audit gap: kept in memory only")
        _in_memory[name] = text
        # a full disk made the file and took nothing, or a part
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)


def next_batch() -> dict[str, dict]:
    """The looks to record next, by file name, the oldest first. Files without a valid MAC are left alone."""
    found = {name: _unpacked(name, text) for name, text in [*_in_memory.items(), *_files()]}
    whole = {name: look for name, look in found.items() if look is not None}
    return dict(sorted(whole.items(), key=lambda pair: pair[1]["at"])[:BATCH])


def count() -> int:
    return len(_in_memory) + sum(1 for _ in _folder().glob("*" + WHOLE))


def without_filed(looks: Iterable[dict]) -> list[dict]:
    """The looks that have no event yet: another process may have recorded them, or stopped before removal."""
    looks = list(looks)
    filed = AuditEvent.objects.filter(at__in=[look["at"] for look in looks])
    known = set(filed.values_list("at", "code", "request_id", "object_ref"))
    return _without_missing_actors([look for look in looks if _identity(look) not in known])


def _without_missing_actors(looks: list[dict]) -> list[dict]:
    """After an older backup was restored the actor's row may be missing: only the name is recorded then.

    A missing row would fail at the commit, and with it the work of the caller.
    """
    here = set(User.objects.filter(pk__in={look["actor_id"] for look in looks}).values_list("pk", flat=True))
    return [look if look["actor_id"] in here else {**look, "actor_id": None} for look in looks]


def remove(names: Iterable[str]) -> None:
    for name in names:
        if _in_memory.pop(name, None) is None:
            (_folder() / (name + WHOLE)).unlink(missing_ok=True)


def _identity(look: dict) -> tuple:
    return look["at"], look["code"], look["request_id"], look["object_ref"]


def _folder() -> Path:
    return Path(settings.AUDIT_GAPS)


def _files() -> Iterable[tuple[str, str]]:
    for path in _folder().glob("*" + WHOLE):
        try:
            yield path.stem, path.read_text(encoding="utf-8")
        except FileNotFoundError:  # recorded by another process just now
            continue


def _packed(look: dict) -> str:
    text = json.dumps(look, cls=_Exact)
    return json.dumps({"said": text, "mac": macs.sign(["filiform gap", 1, text], settings.AUDIT_KEY)})


def _unpacked(name: str, packed: str) -> dict | None:
    try:
        found = json.loads(packed)
        text, mac = found["said"], found["mac"]
        proofs = [macs.sign(["filiform gap", 1, text], key) for key in macs.keys().values()]
        if any(hmac.compare_digest(mac, proof) for proof in proofs):
            look = json.loads(text)
            return {**look, "at": datetime.fromisoformat(look["at"])}
    except (ValueError, TypeError, KeyError):
        log.exception("audit gap: %s cannot be read", name)
        return None
    log.error("audit gap: %s was not written by us", name)
    return None


class _Exact(DjangoJSONEncoder):
    """Keeps the microseconds, which Django's encoder drops: the time is part of what identifies an event."""

    def default(self, o):
        return o.isoformat() if isinstance(o, datetime) else super().default(o)
