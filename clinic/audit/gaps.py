"""Looks that the database did not take: kept on this machine, with their time, until they can be filed."""

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

# Filed at once: after a long outage a look must not wait for all of them.
BATCH = 200
WHOLE, HALF = ".json", ".half"
# Where not even the disk takes them: lost with the process, but for their line in the log.
_in_memory: dict[str, str] = {}


def store(said: dict) -> None:
    """One file for each look, there as a whole or not at all, and keyed as events are."""
    name, text = uuid.uuid4().hex, _packed(said)
    half = _folder() / (name + HALF)
    try:
        half.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half.write_text(text, encoding="utf-8")
        half.rename(half.with_suffix(WHOLE))
    except OSError:
        log.exception("audit gap: kept in memory only")
        _in_memory[name] = text


def next_batch() -> dict[str, dict]:
    """What is to be filed next, by name, the oldest first. What we did not write is left where it is."""
    found = {name: _unpacked(name, text) for name, text in [*_in_memory.items(), *_files()]}
    whole = {name: said for name, said in found.items() if said is not None}
    return dict(sorted(whole.items(), key=lambda pair: pair[1]["at"])[:BATCH])


def count() -> int:
    return len(_in_memory) + sum(1 for _ in _folder().glob("*" + WHOLE))


def without_filed(looks: Iterable[dict]) -> list[dict]:
    """Without those that another process filed meanwhile, or that were filed just before it was stopped."""
    looks = list(looks)
    filed = AuditEvent.objects.filter(at__in=[said["at"] for said in looks])
    known = set(filed.values_list("at", "code", "request_id", "object_ref"))
    return _of_people_here([said for said in looks if _mark(said) not in known])


def _of_people_here(looks: list[dict]) -> list[dict]:
    """Where an older backup was brought back, somebody who looked may have no row: the name stays.

    A missing row is noticed at the commit only, where it would take the caller's work with it."""
    here = set(User.objects.filter(pk__in={said["actor_id"] for said in looks}).values_list("pk", flat=True))
    return [said if said["actor_id"] in here else {**said, "actor_id": None} for said in looks]


def remove(names: Iterable[str]) -> None:
    for name in names:
        if _in_memory.pop(name, None) is None:
            (_folder() / (name + WHOLE)).unlink(missing_ok=True)


def _mark(said: dict) -> tuple:
    return said["at"], said["code"], said["request_id"], said["object_ref"]


def _folder() -> Path:
    return Path(settings.AUDIT_GAPS)


def _files() -> Iterable[tuple[str, str]]:
    for path in _folder().glob("*" + WHOLE):
        try:
            yield path.stem, path.read_text(encoding="utf-8")
        except FileNotFoundError:  # filed by another process just now
            continue


def _packed(said: dict) -> str:
    text = json.dumps(said, cls=_Exact)
    return json.dumps({"said": text, "mac": macs.sign(["filiform gap", 1, text], settings.AUDIT_KEY)})


def _unpacked(name: str, packed: str) -> dict | None:
    try:
        found = json.loads(packed)
        text, mac = found["said"], found["mac"]
        proofs = [macs.sign(["filiform gap", 1, text], key) for key in macs.keys().values()]
        if any(hmac.compare_digest(mac, proof) for proof in proofs):
            said = json.loads(text)
            return {**said, "at": datetime.fromisoformat(said["at"])}
    except (ValueError, TypeError, KeyError):
        log.exception("audit gap: %s cannot be read", name)
        return None
    log.error("audit gap: %s was not written by us", name)
    return None


class _Exact(DjangoJSONEncoder):
    """Django's own leaves out the microseconds, and an event's time is among what tells it apart."""

    def default(self, o):
        return o.isoformat() if isinstance(o, datetime) else super().default(o)
