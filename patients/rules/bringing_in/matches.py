"""Compares the people of a file with those of the record and with each other."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from django.utils.translation import gettext as _

from patients.rules.bringing_in.rows import BroughtPatient, Fault, Judged, Likely
from patients.rules.identity import alike, duplicates, evidence, likeness
from patients.rules.identity.evidence import Rarity
from patients.rules.identity.likeness import MATCH_SCORE, ComparedPatient, Likeness

# technical: how often progress is told
PROGRESS_ROWS = 1000


def ignore_progress(done: int) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class Known:
    """The people of the record, their numbers in other systems, and the keys of records that are closed.

    A merged record stands under the key and reference of the one that it was merged into; `before` are their
    own references, by the place in `people`.
    """

    people: list[ComparedPatient] = field(default_factory=list)
    by_number: Mapping[str, ComparedPatient] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()
    before: Mapping[int, str] = field(default_factory=dict)


def judge(
    rows: list[BroughtPatient], known: Known, *, progress: Callable[[int], None] = ignore_progress
) -> Judged:
    """Who of the rows is new. Exactly a registered person, or another row, is a fault without its reason."""
    comparing = _Comparing(rows, known)
    for done, row in enumerate(rows, start=1):
        comparing.take(row)
        if done % PROGRESS_ROWS == 0:
            progress(done)
    return comparing.judged()


class _Comparing:
    """People by what brings two of them together; each row joins them once it was compared."""

    def __init__(self, rows: list[BroughtPatient], known: Known):
        self.known = known
        # the key of a row is its number with a minus: no person of the record has it
        self.of_rows = {row.row: _columns(row) for row in rows}
        self.rarity: Rarity = duplicates.rarity_of([*known.people, *map(_columns, rows)])
        self.people: list[ComparedPatient] = []
        self.names: list[int | str] = []
        self.blocks: dict[Hashable, list[int]] = defaultdict(list)
        self.rows_of_numbers: dict[str, int] = {}
        self.found = Judged()
        self.named: set[int] = set()
        self.guessed: set[int] = set()
        for person in known.people:
            self._add(person, person.ref)

    def judged(self) -> Judged:
        found = self.found
        marks = frozenset(self.named), frozenset(self.guessed - self.named)
        return Judged(found.new, found.standing, found.faults, found.likely, found.apart, *marks)

    def take(self, row: BroughtPatient) -> None:
        """A number that stands, or stood in the file, says who it is."""
        number = row.external_id
        registered = self._with_number(row)
        if number and number in self.rows_of_numbers:
            self._fault(
                row, "number-twice", _("Row %(row)s has this number already."), self.rows_of_numbers[number]
            )
            return
        if number:
            self.rows_of_numbers[number] = row.row
        if registered and _is_same(self.of_rows[row.row], registered):
            self.found.standing.append((row.row, registered.ref))
            return
        if registered:
            message = _("%(row)s has this number and another name or birth date. Correct whichever is wrong.")
            self._fault(row, "number-taken", message, registered.ref)
            return
        self._compare(row)
        self._add(self.of_rows[row.row], row.row)

    def _with_number(self, row: BroughtPatient) -> ComparedPatient | None:
        """A closed record is nobody's to find by a number alone."""
        person = self.known.by_number.get(row.external_id) if row.external_id else None
        if person is None or person.pk not in self.known.closed:
            return person
        one = self.of_rows[row.row]
        return person if _has_name(one, person) and person.born == one.born else None

    def _compare(self, row: BroughtPatient) -> None:
        exact: dict[int | str, str] = {}
        likely: dict[int | str, Likely] = {}
        # a person with merged records has several places
        for place, like in self._likenesses(self.of_rows[row.row]):
            name = self.names[place]
            if like.is_exact:
                exact.setdefault(name, self._shown_name(place))
            is_likely = like.is_exact or like.score >= MATCH_SCORE
            if is_likely and (name not in likely or like.score > likely[name].score):
                likely[name] = Likely(row.row, name, like.score, like.same)
        if exact and not row.apart_reason:
            others = ", ".join(exact.values())
            message = _(
                "Name and birth date are those of %(row)s. Leave the row out, or write in the column "
                "apart_reason how you know that this is somebody else."
            )
            self._fault(row, "same-person", message, others)
            return
        self.found.likely.extend(likely.values())
        self.found.new.append(row)
        if exact:
            self.found.apart[row.row] = tuple(exact)

    def _shown_name(self, place: int) -> str:
        name = self.names[place]
        if isinstance(name, int):
            return _("row %(row)s") % {"row": name}
        before = self.known.before.get(place)
        return (
            _("%(ref)s (registered before as %(before)s)") % {"ref": name, "before": before}
            if before
            else name
        )

    def _likenesses(self, person: ComparedPatient) -> Iterator[tuple[int, Likeness]]:
        blocks = {block: self.blocks.get(block, ()) for block in _blocks_of(person)}
        places = {place for few in blocks.values() if len(few) <= duplicates.LARGEST_BLOCK for place in few}
        for place in sorted(places):
            other = self.people[place]
            if other.pk in self.known.closed:
                like = self._closed(person, other)
            elif evidence.names_touch(person, other):
                like = likeness.compare(person, other, self.rarity)
            else:
                continue
            if like is not None:
                yield place, like

    def _closed(self, person: ComparedPatient, other: ComparedPatient) -> Likeness | None:
        """As registering has it: by name and birth date, without a reason; less than both tells nothing."""
        has_name = _has_name(person, other)
        if has_name and other.born == person.born:
            self.named.add(other.pk)
            return likeness.compare_restricted(person, other, self.rarity)
        if has_name or other.born == person.born:
            self.guessed.add(other.pk)
        return None

    def _add(self, person: ComparedPatient, name: int | str) -> None:
        for block in _blocks_of(person):
            self.blocks[block].append(len(self.people))
        self.people.append(person)
        self.names.append(name)

    def _fault(self, row: BroughtPatient, code: str, message: str, other: int | str) -> None:
        column = "external_id" if code.startswith("number") else ""
        self.found.faults.append(Fault(row.row, column, message % {"row": other}, code))


def _blocks_of(person: ComparedPatient) -> set[Hashable]:
    """What two that are one person have in common: one of these is right where another has a slip."""
    born: dt.date | None = person.born
    either_way = min(person.name_key, likeness.swapped_name_key(person.name_key))
    found: set[Hashable] = {("name", either_way), ("born", born)}
    contacts = (person.phone_key, person.email.lower(), alike.address_of(person.address, person.postal_code))
    return found | {("contact", contact) for contact in contacts if contact}


def _columns(row: BroughtPatient) -> ComparedPatient:
    one = row.identity
    compared = (one.phone_key, one.preferred_name, one.email, one.address, one.postal_code, one.sex)
    # a row without a birth date is a fault before it is compared
    return ComparedPatient(-row.row, "", one.name_key, cast(dt.date, one.born), *compared)


def _has_name(one: ComparedPatient, other: ComparedPatient) -> bool:
    """In whichever order."""
    return other.name_key in (one.name_key, likeness.swapped_name_key(one.name_key))


def _is_same(one: ComparedPatient, other: ComparedPatient) -> bool:
    """Whoever has the number of another system: the name or the birth date may have been corrected since."""
    return _has_name(one, other) or (one.born == other.born and evidence.names_touch(one, other))
