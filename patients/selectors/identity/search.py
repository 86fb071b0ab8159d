"""Searches patients, the best matches first."""

import datetime as dt
import functools
import operator
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from rapidfuzz.distance import OSA

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Practice
from patients.models import Patient, Visit
from patients.rules.identity.keys import SLIP_LETTERS, deletion_variants, words_of
from patients.rules.identity.search_terms import SearchTerms
from patients.selectors.identity import by_words

MAX_FOUND = 20
# technical: initials match alike, so that more of each letter would only be sorted away
MAX_OF_A_LETTER = 2 * MAX_FOUND
# own choice: a letter that more names than this begin with is looked for in name order, not listed
COMMON = 2000
# own choice, measured: with so many letters a word leads to few enough
NARROW_LETTERS = 4


def find_patients(
    terms: SearchTerms,
    *,
    user,
    named: Iterable[Patient] = (),
    day: tuple[dt.datetime, dt.datetime] | None = None,
) -> list[Patient]:
    """The best matches, at most twenty; of equal ones those expected on `day` (its start and end) first.

    Restricted records that are closed to the user are found by their reference, or when they are among those
    `named` wholly. Reads only rows that an index finds.
    """
    if terms.is_empty:
        return []
    asker = _asker(user, named, day)
    # PostgreSQL counts what an index holds and chooses the way by itself
    if terms.are_initials and connection.vendor == "sqlite":
        found = _found_by_initials(terms.words, **asker)
    else:
        found = _found(terms, asker)
    expected = {(person.merged_into or person).pk for person in found if person.is_expected}
    by_score = sorted(
        standing(found),
        key=lambda person: (
            -_score(person.found_as or person, terms),
            person.pk not in expected,
            person.name_key,
        ),
    )
    return by_score[:MAX_FOUND]


def standing(found: Iterable[Patient]) -> list[Patient]:
    """Who stands for those who were found, each once; read with `merged_into`.

    Who was found by a merged record alone has it as `found_as`.
    """
    people: dict[int, Patient] = {}
    for person in sorted(found, key=lambda person: person.merged_into_id is not None):
        stands = person.merged_into
        if stands is None:
            people[person.pk] = person
        elif stands.pk not in people:
            people[stands.pk] = stands
            stands.found_as = person
    return [*people.values()]


def _asker(user, named: Iterable[Patient], day: tuple[dt.datetime, dt.datetime] | None) -> dict[str, Any]:
    start, end = day or (None, None)
    keys = tuple(person.pk for person in named)
    return {
        "user": user.pk if user else None,
        "named": keys,
        "at": timezone.now(),
        "start": start,
        "end": end,
    }


def _found(terms: SearchTerms, asker: dict) -> list[Patient]:
    typed = {"ref": terms.ref or None, "born": terms.born, "digits": terms.digits[::-1] or None}
    words = _named_words(terms)
    rows = ROWS_BY_VALUES if _is_broad(words) else ROWS
    found = rows(similar=False, known=(), **asker, **typed, **words)
    if words and len(found) < MAX_FOUND:
        known = tuple(person.pk for person in found)
        slips = {f"slips_{name}": _slips_of(word) for name, word in words.items()}
        shorts = {f"short_{name}": word[:SLIP_LETTERS] for name, word in words.items()}
        found += rows(similar=True, known=known, **asker, **typed, **words, **slips, **shorts)
    return found


def _is_broad(words: dict[str, str]) -> bool:
    """Several beginnings of many names: only statistics tell which of them leads to fewer."""
    leads = [word for name, word in words.items() if name.startswith("lead_")]
    return len(leads) > 1 and len(leads[0]) < NARROW_LETTERS


def _named_words(terms: SearchTerms) -> dict[str, str]:
    """The words by what is made of them: a list of those whom one leads to; rows are asked for others.

    The longest leads first: PostgreSQL begins with it where one plan serves all words.
    """
    leads = [word for word in terms.words if terms.ref or len(word) > 1 and not (terms.born or terms.digits)]
    leads.sort(key=len, reverse=True)
    others = [word for word in terms.words if word not in leads]
    return {
        f"{kind}_{place}": word
        for kind, words in (("lead", leads), ("other", others))
        for place, word in enumerate(words)
    }


def _slips_of(word: str) -> tuple[str, ...]:
    return tuple(sorted(deletion_variants(word)))


def _rows(
    *,
    similar: bool,
    known: tuple[int, ...],
    user: int | None,
    at: dt.datetime,
    named: tuple[int, ...],
    start: dt.datetime | None,
    end: dt.datetime | None,
    ref: str | None,
    born: dt.date | None,
    digits: str | None,
    **words,
) -> QuerySet:
    """As `_named_words` names them; `known` were found as typed. `digits` from behind, as keys have them."""
    condition = by_words.similar if similar else by_words.exact
    leads = [condition(name, words) for name in sorted(words) if name.startswith("lead_")]
    others = [condition(name, words) for name in sorted(words) if name.startswith("other_")]
    people: QuerySet[Patient] = Patient.objects.all()
    if ref is not None:
        people = people.filter(pk__among=by_words.of_reference_or_key(ref, leads, digits))
    else:
        people = people.filter(born=born) if born is not None else people
        people = people.filter(pk__in=by_words.ending_with(digits)) if digits is not None else people
        for lead in leads:
            people = people.filter(pk__in=by_words.keys(lead).values("patient"))
        people = by_words.with_words(people, others)
    people = people.filter(by_words.open_to(user, at, named, ref))
    people = people.exclude(pk__among=known) if known else people
    return by_words.first_rows(people, start, end)


ROWS, ROWS_BY_VALUES = PreparedQuery(_rows, one_plan=True), PreparedQuery(_rows)


def _found_by_initials(
    letters: tuple[str, ...],
    *,
    user: int | None,
    at: dt.datetime,
    named: tuple[int, ...],
    start: dt.datetime | None,
    end: dt.datetime | None,
) -> list[Patient]:
    """Those expected and those whose last name begins with a letter, then of any name.

    Nothing is similar to one letter.
    """
    open_to_user, people = by_words.open_to(user, at, named, None), Patient.objects.all()
    firsts = [
        by_words.with_words(
            people.filter(name_key__beginning=letter), map(by_words.beginning, {*letters} - {letter})
        )
        .filter(open_to_user)
        .values("pk")[:MAX_OF_A_LETTER]
        for letter in letters
    ]
    if start is not None:
        expected = people.filter(pk__in=Visit.objects.expected().between(start, end).values("patient"))
        firsts.append(
            by_words.with_words(expected, map(by_words.beginning, letters)).filter(open_to_user).values("pk")
        )
    by_last_name = people.filter(functools.reduce(operator.or_, [Q(pk__in=first) for first in firsts]))
    found = list(by_words.first_rows(by_last_name.order_by("name_key", "pk"), start, end))
    if len(found) < MAX_FOUND:
        if rare := _rare_one(letters):
            people = people.filter(pk__in=by_words.keys(by_words.beginning(rare)).values("patient"))
        others = by_words.with_words(people, map(by_words.beginning, letters)).filter(open_to_user)
        others = others.exclude(pk__in=[person.pk for person in found])
        found += by_words.first_rows(others[:MAX_OF_A_LETTER], start, end)
    return found


def _rare_one(letters: tuple[str, ...]) -> str | None:
    """A letter that few names begin with, counted no further than that."""
    are_common = [
        Exists(by_words.keys(by_words.beginning(letter))[COMMON : COMMON + 1]) for letter in letters
    ]
    found = Practice.objects.values_list(*are_common).get()
    return next((letter for letter, is_common in zip(letters, found, strict=True) if not is_common), None)


def _score(person: Patient, terms: SearchTerms) -> float:
    """How well the terms match: the reference first, then whole words, beginnings and similar words."""
    if terms.ref and person.ref == terms.ref:
        return float("inf")
    names = words_of(f"{person.family_name} {person.given_name} {person.preferred_name}")
    return sum(max((_word_score(word, name) for name in names), default=0) for word in terms.words)


def _word_score(word: str, name: str) -> float:
    if name == word:
        return 3
    if name.startswith(word):
        return 2
    return OSA.normalized_similarity(word, name)
