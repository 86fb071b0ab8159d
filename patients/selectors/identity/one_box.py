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

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Practice
from clinic.models.rows import RelatedRows, as_list
from clinic.values.words import Text
from patients.models import Patient, PatientKey
from patients.rules.identity import keys, why_found
from patients.rules.identity.keys import EMAIL, FORMER, NAME, NUMBER, RELATED
from patients.rules.identity.search_terms import SearchTerms
from patients.selectors.identity import by_words, search
from patients.selectors.identity.search import MAX_FOUND

# technical: of one clue alone no more are read, whatever the size of the practice
MAX_OF_A_CLUE = 3 * MAX_FOUND
# own choice: what more patients than this have leads to nobody while something rarer was typed
COMMON = 500
NAME_KINDS = (NAME, FORMER, RELATED)


@dataclass(frozen=True)
class Clue:
    """One thing that was typed: names, a number, an email address, birth dates or the days of a year.

    A patient has any of them. What was not typed is None or empty.
    """

    names: tuple[str, ...] = ()
    number: str | None = None
    email: str | None = None
    dates: tuple[dt.date, ...] = ()
    year_from: dt.date | None = None
    year_to: dt.date | None = None

    @classmethod
    def of_values(cls, values: dict) -> "list[Clue]":
        """From the values of prepared queries, as `values_of` names them."""
        names, places = cls.__dataclass_fields__, {name.partition("_")[0] for name in values}
        return [cls(**{name: values[f"{place}_{name}"] for name in names}) for place in sorted(places)]

    def patients(self) -> QuerySet:
        """The keys of patients; an index leads to each part."""
        first, *rest = self.parts()
        return first.union(*rest) if rest else first

    def parts(self) -> list[QuerySet]:
        key, born = self._key(), self._born()
        by_key = [PatientKey.objects.filter(key).values("patient")] if key else []
        return [*by_key, Patient.objects.filter(born).order_by().values("pk")] if born else by_key

    def is_common(self) -> ExpressionWrapper:
        """Of more patients than are read; counted no further."""
        any_part = functools.reduce(
            operator.or_, [Exists(part[COMMON : COMMON + 1]) for part in self.parts()]
        )
        return ExpressionWrapper(any_part, output_field=BooleanField())

    def holds(self) -> Q | Exists:
        """Of one patient."""
        key, born = self._key(), self._born()
        if not key:
            return born
        has_key = Exists(PatientKey.objects.filter(key, patient=OuterRef("pk")))
        return has_key | born if born else has_key

    def _key(self) -> Q:
        found = Q(kind__in=NAME_KINDS, value__among=self.names) if self.names else Q()
        for kind, value in ((NUMBER, self.number), (EMAIL, self.email)):
            found |= Q(kind=kind, value=value) if value is not None else Q()
        return found

    def _born(self) -> Q:
        born = Q(born__among=self.dates) if self.dates else Q()
        return born if self.year_from is None else born | Q(born__range=(self.year_from, self.year_to))


def values_of(clues: list[Clue]) -> dict:
    """The clues as values of a prepared query."""
    return {
        f"clue{place}_{name}": getattr(clue, name)
        for place, clue in enumerate(clues)
        for name in Clue.__dataclass_fields__
    }


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
        leads = _leads(clues)
        others = _matching(clues, leads, user, found, all_but_one=False)
        if not (found or others) and len(clues) > 1:
            others = _matching(clues, leads, user, found, all_but_one=True)
        found += sorted(others, key=lambda person: -why_found.weight(_known(person), terms))
    return [Hit(person, why_found.reasons(_known(person), terms)) for person in found[:MAX_FOUND]]


def _known(person: Patient) -> why_found.Known:
    """What led to the person. Without the keys, which a patient who was found as typed was read without."""
    person = person.found_as or person
    added = as_list(getattr(person, "added_keys", []))
    words = {
        kind: frozenset(key["value"] for key in added if key["kind"] == kind) for kind in (FORMER, RELATED)
    }
    return why_found.Known(person, words[FORMER], words[RELATED])


def _matching(
    clues: list[Clue], leads: frozenset[int], user, found: list[Patient], *, all_but_one: bool
) -> list[Patient]:
    """Those of whom every clue holds, or all but one of them."""
    # of whom one word of many people's is asked beside, statistics tell how best
    matching = MATCHING if len(clues) in (1, len(leads)) else MATCHING_BY_VALUES
    rows = matching(
        user=user.pk if user else None,
        at=timezone.now(),
        leads=leads,
        all_but_one=all_but_one,
        **values_of(clues),
    )
    known = {person.pk for person in found}
    return [person for person in search.standing(rows) if person.pk not in known]


def _people(
    *, user: int | None, at: dt.datetime, leads: frozenset[int], all_but_one: bool, **values
) -> QuerySet:
    clues = [*enumerate(Clue.of_values(values))]
    groups = combinations(clues, len(clues) - 1) if all_but_one else [clues]
    first, *rest = [_of_all([*group], leads) for group in groups]
    keys_found = first.union(*rest) if rest else first
    is_open = by_words.open_to(user, at, (), None)
    people = Patient.objects.filter(pk__among=keys_found).filter(is_open).select_related("merged_into")
    added = PatientKey.objects.filter(kind__in=keys.ADDED_KINDS, patient=OuterRef("pk"))
    people = people.annotate(added_keys=RelatedRows(added, kind="kind", value="value"))
    return people.order_by("name_key", "pk")


MATCHING, MATCHING_BY_VALUES = PreparedQuery(_people, one_plan=True), PreparedQuery(_people)


def _leads(clues: list[Clue]) -> frozenset[int]:
    """The places of the first two rare ones, counted no further than what is common.

    So a large practice takes no longer. One clue leads whatever it is.
    """
    if len(clues) == 1:
        return frozenset()
    counted = ARE_COMMON.one(**values_of(clues))
    rare = [place for place, is_common in enumerate(counted) if not is_common]
    return frozenset(rare[:2])


def _are_common(**values) -> QuerySet:
    return Practice.objects.values_list(*(clue.is_common() for clue in Clue.of_values(values)))


ARE_COMMON = PreparedQuery(_are_common)


def _of_all(clues: list[tuple[int, Clue]], leads: frozenset[int]) -> QuerySet:
    """A rare clue leads; of whom it leads to, the others are asked one by one."""
    lead = next((place for place, _ in clues if place in leads), clues[0][0])
    by_place = dict(clues)
    people = Patient.objects.filter(pk__among=by_place.pop(lead).patients()).order_by()
    for clue in by_place.values():
        people = people.filter(clue.holds())
    # a limit has no place inside a union
    return Patient.objects.filter(pk__in=people.values("pk")[:MAX_OF_A_CLUE]).order_by().values("pk")


def _clues(terms: SearchTerms) -> list[Clue]:
    """A reference or single letters need no other way."""
    if terms.are_initials:
        return []
    found = [_of_word(word) for word in terms.words]
    if terms.email:
        found.append(Clue(email=terms.email[: keys.KEY_LETTERS]))
    if terms.digits:
        found.append(_of_digits(terms))
    if terms.born:
        found.append(Clue(dates=_in_order(why_found.dates_like(terms.born))))
    return found


def _of_word(word: str) -> Clue:
    return Clue(names=_in_order(why_found.forms_like(word)), number=word)


def _of_digits(terms: SearchTerms) -> Clue:
    """A number of another system, a year or a date without separators; phone numbers are found as typed."""
    dates = _in_order(why_found.dates_like(terms.maybe_born)) if terms.maybe_born else ()
    days = (dt.date(terms.year, 1, 1), dt.date(terms.year, 12, 31)) if terms.year else (None, None)
    return Clue(number=terms.digits, dates=dates, year_from=days[0], year_to=days[1])


def _in_order(values: Iterable) -> tuple:
    return tuple(sorted(values))
