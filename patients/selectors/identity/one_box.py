"""What the search box finds by other ways than the words as typed, and why each patient was found.

A short form, another script, a former name, a guardian, an email address, a number of another system, a birth
date with day and month swapped; and, where nothing matches all that was typed, who matches the most of it.
"""

import datetime as dt
import functools
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet

from clinic.models import Practice
from clinic.values.words import Text
from patients.models import Patient, PatientKey
from patients.rules.identity import keys, why_found
from patients.rules.identity.keys import EMAIL, FORMER, NAME, NUMBER, RELATED
from patients.rules.identity.search_terms import SearchTerms
from patients.selectors.identity import search
from patients.selectors.identity.search import MAX_FOUND

# technical: of one clue alone no more are read, whatever the size of the practice
MAX_OF_A_CLUE = 3 * MAX_FOUND
# own choice: what more patients than this have leads to nobody while something rarer was typed
COMMON = 500


@dataclass(frozen=True)
class Clue:
    """One thing that was typed: search keys, birth dates or a year of birth. A patient has any of them."""

    values: tuple[tuple[str, str], ...] = ()
    dates: tuple[dt.date, ...] = ()
    year: int | None = None

    def patients(self) -> QuerySet:
        """The keys of patients; an index leads to each part."""
        first, *rest = self.parts()
        return first.union(*rest) if rest else first

    def parts(self) -> list[QuerySet]:
        by_key = [self._keys().values("patient")] if self.values else []
        born = self._born()
        return [*by_key, Patient.objects.filter(born).order_by().values("pk")] if born else by_key

    def is_common(self) -> ExpressionWrapper:
        """Of more patients than are read; counted no further."""
        any_part = functools.reduce(
            operator.or_, [Exists(part[COMMON : COMMON + 1]) for part in self.parts()]
        )
        return ExpressionWrapper(any_part, output_field=BooleanField())

    def holds(self) -> Q | Exists:
        """Of one patient."""
        has_key = Exists(self._keys().filter(patient=OuterRef("pk"))) if self.values else None
        born = self._born()
        if has_key is None:
            return born
        return has_key | born if born else has_key

    def _keys(self) -> QuerySet:
        by_kind: dict[str, list[str]] = {}
        for kind, value in self.values:
            by_kind.setdefault(kind, []).append(value)
        either = [Q(kind=kind, value__in=values) for kind, values in by_kind.items()]
        return PatientKey.objects.filter(functools.reduce(operator.or_, either))

    def _born(self) -> Q:
        born = Q(born__in=self.dates) if self.dates else Q()
        return (
            born | Q(born__range=(dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)))
            if self.year
            else born
        )


@dataclass(frozen=True)
class Hit:
    """A patient with the reasons why they were found."""

    patient: Patient
    reasons: tuple[Text, ...]


def find(
    terms: SearchTerms,
    *,
    user,
    named: Iterable[Patient] = (),
    day: tuple[dt.datetime, dt.datetime] | None = None,
) -> list[Hit]:
    """The best matches, at most twenty. What matches as typed comes first."""
    named = tuple(named)
    found = search.find_patients(terms, user=user, named=named, day=day)
    clues = _clues(terms)
    if clues and len(found) < MAX_FOUND:
        rare = _rare_ones(clues)
        others = _matching([tuple(clues)], rare, user, found)
        if not (found or others) and len(clues) > 1:
            others = _matching([*combinations(clues, len(clues) - 1)], rare, user, found)
        found += sorted(others, key=lambda person: -why_found.weight(_known(person), terms))
    return [Hit(person, why_found.reasons(_known(person), terms)) for person in found[:MAX_FOUND]]


def _known(person: Patient) -> why_found.Known:
    """Without the keys, which a patient who was found as typed was read without."""
    added = getattr(person, "added_keys", ())
    words = {kind: frozenset(key.value for key in added if key.kind == kind) for kind in (FORMER, RELATED)}
    return why_found.Known(person, words[FORMER], words[RELATED])


def _matching(groups: list[tuple[Clue, ...]], rare: set[Clue], user, found: list[Patient]) -> list[Patient]:
    """Those of whom every clue of a group holds."""
    first, *rest = [_of_all(group, rare) for group in groups]
    keys_found = first.union(*rest) if rest else first
    closed = Patient.objects.closed_to(user).filter(pk=OuterRef("pk"))
    people = Patient.objects.filter(pk__among=keys_found).filter(~Exists(closed), merged_into=None)
    added = PatientKey.objects.filter(kind__in=keys.ADDED_KINDS)
    people = people.prefetch_related(Prefetch("keys", added, to_attr="added_keys"))
    known = {person.pk for person in found}
    return [person for person in people.order_by("name_key", "pk") if person.pk not in known]


def _rare_ones(clues: list[Clue]) -> set[Clue]:
    """Counted no further than what is common, so that a large practice takes no longer."""
    counted = Practice.objects.values_list(*(clue.is_common() for clue in clues)).get()
    return {clue for clue, is_common in zip(clues, counted, strict=True) if not is_common}


def _of_all(clues: tuple[Clue, ...], rare: set[Clue]) -> QuerySet:
    """A rare clue leads; of whom it leads to, the others are asked one by one."""
    lead = next((clue for clue in clues if clue in rare), clues[0])
    people = Patient.objects.filter(pk__among=lead.patients()).order_by()
    for clue in clues:
        if clue is not lead:
            people = people.filter(clue.holds())
    # a limit has no place inside a union
    return Patient.objects.filter(pk__in=people.values("pk")[:MAX_OF_A_CLUE]).order_by().values("pk")


def _clues(terms: SearchTerms) -> list[Clue]:
    """A reference or single letters need no other way."""
    if terms.are_initials:
        return []
    found = [_of_word(word) for word in terms.words]
    if terms.email:
        found.append(Clue(values=((EMAIL, terms.email[: keys.KEY_LETTERS]),)))
    if terms.digits:
        found.append(_of_digits(terms))
    if terms.born:
        found.append(Clue(dates=_in_order(why_found.dates_like(terms.born))))
    return found


def _of_word(word: str) -> Clue:
    kinds = (NAME, FORMER, RELATED)
    named = ((kind, form) for form in _in_order(why_found.forms_like(word)) for kind in kinds)
    return Clue(values=(*named, (NUMBER, word)))


def _of_digits(terms: SearchTerms) -> Clue:
    """A number of another system, a year or a date without separators; phone numbers are found as typed."""
    dates = _in_order(why_found.dates_like(terms.maybe_born)) if terms.maybe_born else ()
    return Clue(values=((NUMBER, terms.digits),), dates=dates, year=terms.year)


def _in_order(values: Iterable) -> tuple:
    return tuple(sorted(values))
