"""Verifies that the record is as it was written: the audit chain, anchors, and checks of higher floors."""

import hmac
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise

from django.conf import settings
from django.utils import timezone

from clinic.audit import macs
from clinic.models import AuditEvent

# Rows in memory at once.
CHUNK = 2000
# How far from its place a moved event is searched when no neighbour names it.
NEARBY_PLACES = 20
_PREVIOUS, _KEY = macs.COVERED_COLUMNS.index("previous"), macs.COVERED_COLUMNS.index("key_id")


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written. `kind` is for machines, `description` for people."""

    where: str
    kind: str
    description: str
    seq: int = 0


def ignore_progress(done: int) -> None:
    """The progress callback for callers that show no progress."""


@dataclass(frozen=True)
class RecordCheck:
    """One part of the record. `faults` gets a callback that it calls with the number of rows done."""

    name: str
    unit: str
    count: Callable[[], int]
    faults: Callable[[Callable[[int], None]], Iterator[Fault]]


# By name, in the order in which they run. Each floor adds its own when it is wired.
CHECKS: dict[str, RecordCheck] = {}


@dataclass(frozen=True, slots=True)
class ChainedEvent:
    """A stored event. `values` are the columns that its MAC covers."""

    values: tuple
    mac: str

    @property
    def seq(self) -> int:
        return self.values[0]

    @property
    def previous(self) -> str:
        return self.values[_PREVIOUS]

    def verifies(self, known: dict[str, str], *, seq: int | None = None) -> bool:
        """Whether a known key made its MAC, for its own sequence number or for `seq`."""
        key = known.get(self.values[_KEY])
        values = self.values if seq is None else (seq, *self.values[1:])
        return key is not None and hmac.compare_digest(self.mac, macs.event_mac(values, key))


def chain_faults(progress: Callable[[int], None] = ignore_progress) -> Iterator[Fault]:
    """Every break of the chain in its order. Reads it in chunks, so it may be of any length."""
    known, places = macs.keys(), _Places()
    before, was_sound = (0, macs.GENESIS), True
    for link, after in pairwise(chain(_links(progress), [None])):
        verifies = link.verifies(known)
        if verifies and was_sound and (link.seq, link.previous) == (before[0] + 1, before[1]):
            before = link.seq, link.mac
            continue
        yield from _gap(before[0], link.seq)
        is_linked = link.previous == before[1] or not was_sound or link.seq != before[0] + 1
        if not verifies:
            yield _explained(link, after, known, places)
        elif not is_linked:
            yield _fault(link.seq, "unlinked", f"names another event before it than event {before[0]}")
        before, was_sound = (max(link.seq, 0), link.mac), verifies


def _links(progress: Callable[[int], None]) -> Iterator[ChainedEvent]:
    """The events by sequence number. No long transaction: people may go on working meanwhile."""
    done = 0
    for found in _pieces(*macs.COVERED_COLUMNS, "mac"):
        yield from (ChainedEvent(row[:-1], row[-1]) for row in found)
        done += len(found)
        progress(done)


def _pieces(*columns: str) -> Iterator[list[tuple]]:
    rows = AuditEvent.objects.order_by("seq").values_list(*columns)
    found = list(rows[:CHUNK])
    while found:
        yield found
        found = list(rows.filter(seq__gt=found[-1][0])[:CHUNK])


class _Places:
    """Which event has a MAC, and which names it: read into a file when the first event is found that moved.

    The record keeps no index for it: in a whole record nobody asks.
    """

    def __init__(self):
        self.file: sqlite3.Connection | None = None

    def beside(self, link: ChainedEvent) -> list[int]:
        """Where it stood if its neighbours still stand where they did."""
        file = self.file = self.file or self._read()
        after = file.execute("SELECT seq + 1 FROM link WHERE mac = ?", (link.previous,))
        before = file.execute("SELECT seq - 1 FROM link WHERE previous = ?", (link.mac,))
        return [seq for (seq,) in (*after, *before)]

    @staticmethod
    def _read() -> sqlite3.Connection:
        # a file without a name, which SQLite removes when it is closed
        file = sqlite3.connect("")
        file.execute("CREATE TABLE link (seq INTEGER PRIMARY KEY, mac TEXT, previous TEXT)")
        for found in _pieces("seq", "mac", "previous"):
            file.executemany("INSERT INTO link VALUES (?, ?, ?)", found)
        for column in ("mac", "previous"):
            file.execute(f"CREATE INDEX of_{column} ON link ({column})")
        return file


def _gap(last: int, seq: int) -> Iterator[Fault]:
    first, until = last + 1, seq - 1
    if first == until:
        yield _fault(first, "missing", "is missing")
    elif first < until:
        yield Fault(f"events {first} to {until}", "missing", f"are missing, {until - last} of them", first)


def _explained(
    link: ChainedEvent, after: ChainedEvent | None, known: dict[str, str], places: _Places
) -> Fault:
    """What happened to an event whose MAC does not verify."""
    if link.values[_KEY] not in known:
        return _fault(
            link.seq,
            "unknown-key",
            f"is under the key {link.values[_KEY]}, which is not among the keys given",
        )
    place = _written_as(link, known, places)
    if place is not None:
        return _fault(link.seq, "reordered", f"stands in another place: it was written as event {place}")
    if after is None:
        return _fault(link.seq, "altered", "was altered, or added by somebody without the key")
    if after.previous in (link.mac, macs.event_mac(link.values, known[link.values[_KEY]])):
        return _fault(link.seq, "altered", "was altered: it does not say what it said when it was written")
    return _fault(link.seq, "inserted", "was inserted by somebody without the key: no event comes after it")


def _written_as(link: ChainedEvent, known: dict[str, str], places: _Places) -> int | None:
    """The sequence number for which its MAC was made: beside its former neighbours, or near by."""
    near = [link.seq + step * way for step in range(1, NEARBY_PLACES + 1) for way in (1, -1)]
    expected = (place for place in (*places.beside(link), *near) if place > 0 and place != link.seq)
    return next((place for place in expected if link.verifies(known, seq=place)), None)


def _fault(seq: int, kind: str, description: str) -> Fault:
    return Fault(f"event {seq}", kind, description, seq)


@dataclass(frozen=True)
class Anchor:
    """The head of the chain at one moment, to be stored where no user of this database can write."""

    seq: int
    mac: str
    at: datetime

    def proof(self, key: str) -> str:
        return macs.sign(["filiform anchor", 1, self.seq, self.mac, self.at.isoformat()], key)


def current_anchor() -> str:
    """The current head as one line of text with a proof of its own."""
    return anchor_at(
        *(AuditEvent.objects.order_by("-seq").values_list("seq", "mac").first() or (0, macs.GENESIS))
    )


def anchor_at(seq: int, mac: str) -> str:
    head, key = Anchor(seq, mac, timezone.now().replace(microsecond=0)), settings.AUDIT_KEY
    at = head.at.strftime("%Y%m%dT%H%M%S%z")
    return f"filiform:1:{seq}:{mac}:{at}:{macs.key_id(key)}:{head.proof(key)}"


class InvalidAnchor(ValueError):
    """The text is no anchor, or none of this practice; the message says which."""


def read_anchor(text: str) -> Anchor:
    try:
        name, version, seq, mac, at, key_id, proof = text.strip().split(":")
        found = Anchor(int(seq), mac, datetime.strptime(at, "%Y%m%dT%H%M%S%z"))
    except ValueError as unreadable:
        raise InvalidAnchor(
            "That is not an anchor. Copy the whole line that --anchor printed."
        ) from unreadable
    key = macs.keys().get(key_id)
    if (name, version) != ("filiform", "1") or key is None:
        raise InvalidAnchor(f"The anchor is under the key {key_id}, which is not among the keys given.")
    if not hmac.compare_digest(found.proof(key), proof):
        raise InvalidAnchor("The anchor was altered: none of the keys given has made it.")
    return found


def anchor_faults(anchor: Anchor) -> Iterator[Fault]:
    """Finds what the chain alone cannot show: an end that was cut off or written anew."""
    if not anchor.seq:
        return
    stored = AuditEvent.objects.filter(seq=anchor.seq).values_list("mac", flat=True).first()
    if stored is None:
        newest = AuditEvent.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        description = f"is not there: the anchor saw it, and the chain ends at event {newest}"
        yield _fault(anchor.seq, "cut", description)
    elif stored != anchor.mac:
        yield _fault(anchor.seq, "replaced", "is not the one that the anchor saw")


def event_count() -> int:
    return AuditEvent.objects.count()


CHAIN_CHECK = RecordCheck("Audit chain", "events", event_count, chain_faults)
