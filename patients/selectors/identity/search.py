"""Searches patients, the best matches first."""

import datetime as dt
import functools
import operator
from collections.abc import Callable, Iterable

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone
from rapidfuzz.distance import OSA

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Practice
from patients.models import Patient, PatientKey, Visit
from patients.rules.identity.keys import (
    MAX_COMPARED,
    NAME,
    PHONE,
    SLIP,
    SLIP_LETTERS,
    deletion_variants,
    words_of,
)
from patients.rules.identity.search_terms import SearchTerms

MAX_FOUND = 20
# technical: initials match alike, so that more of each letter would only be sorted away
MAX_OF_A_LETTER = 2 * MAX_FOUND
# own choice: a letter that more names than this begin with is looked for in name order, not listed
COMMON = 2000


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
    start, end = day or (None, None)
    keys = tuple(person.pk for person in named)
    asker = {"user": user.pk if user else None, "at": timezone.now(), "named": keys, "start": start, "end": end}
    # PostgreSQL counts what an index holds and chooses the way by itself
    if terms.are_initials and connection.vendor == "sqlite":
        found = _found_by_initials(terms.words, **asker)
    else:
        found = _found(terms, asker)
    survivors = {(person.merged_into or person).pk: person.merged_into or person for person in found}
    expected = {(person.merged_into or person).pk for person in found if person.is_expected}
    by_score = sorted(
        survivors.values(),
        key=lambda person: (-_score(person, terms), person.pk not in expected, person.name_key),
    )
    return by_score[:MAX_FOUND]


def _found(terms: SearchTerms, asker: dict) -> list[Patient]:
    typed = {"ref": terms.ref or None, "born": terms.born, "digits": terms.digits[::-1] or None}
    words = _named_words(terms)
    found = ROWS(similar=False, known=(), **asker, **typed, **words)
    if words and len(found) < MAX_FOUND:
        known = tuple(person.pk for person in found)
        slips = {f"slips_{name}": _slips_of(word) for name, word in words.items()}
        shorts = {f"short_{name}": word[:SLIP_LETTERS] for name, word in words.items()}
        found += ROWS(similar=True, known=known, **asker, **typed, **words, **slips, **shorts)
    return found


def _named_words(terms: SearchTerms) -> dict[str, str]:
    """The words by what is made of them: a list of the patients of a leading one; rows are asked for others."""
    leads = [word for word in terms.words if terms.ref or len(word) > 1 and not (terms.born or terms.digits)]
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
    condition = _similar if similar else _exact
    leads = [condition(name, words) for name in sorted(words) if name.startswith("lead_")]
    others = [condition(name, words) for name in sorted(words) if name.startswith("other_")]
    people = Patient.objects.all()
    if ref is not None:
        people = people.filter(pk__among=_of_reference_or_key(ref, leads, digits))
    else:
        people = people.filter(born=born) if born is not None else people
        people = people.filter(pk__in=_ending_with(digits)) if digits is not None else people
        for lead in leads:
            people = people.filter(pk__in=_keys(lead).values("patient"))
        people = _with_words(people, others)
    people = people.filter(_open_to(user, at, named, ref))
    people = people.exclude(pk__among=known) if known else people
    return _first_rows(people, start, end)


ROWS = PreparedQuery(_rows)


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
    open_to_user, people = _open_to(user, at, named, None), Patient.objects.all()
    firsts = [
        _with_words(people.filter(name_key__beginning=letter), map(_beginning, {*letters} - {letter}))
        .filter(open_to_user)
        .values("pk")[:MAX_OF_A_LETTER]
        for letter in letters
    ]
    if start is not None:
        expected = people.filter(pk__in=Visit.objects.expected().between(start, end).values("patient"))
        firsts.append(_with_words(expected, map(_beginning, letters)).filter(open_to_user).values("pk"))
    by_last_name = people.filter(functools.reduce(operator.or_, [Q(pk__in=first) for first in firsts]))
    found = list(_first_rows(by_last_name.order_by("name_key", "pk"), start, end))
    if len(found) < MAX_FOUND:
        if rare := _rare_one(letters):
            people = people.filter(pk__in=_keys(_beginning(rare)).values("patient"))
        others = _with_words(people, map(_beginning, letters)).filter(open_to_user)
        others = others.exclude(pk__in=[person.pk for person in found])
        found += _first_rows(others[:MAX_OF_A_LETTER], start, end)
    return found


def _with_words(people: QuerySet, conditions: Iterable[Q]) -> QuerySet:
    """In name order. Each row is asked for its keys: a list of all that begin with a letter grows."""
    for condition in conditions:
        people = people.filter(Exists(_keys(condition).filter(patient=OuterRef("pk"))))
    return people.order_by("name_key", "pk")


def _rare_one(letters: tuple[str, ...]) -> str | None:
    """A letter that few names begin with, counted no further than that."""
    are_common = [Exists(_keys(_beginning(letter))[COMMON : COMMON + 1]) for letter in letters]
    found = Practice.objects.values_list(*are_common).get()
    return next((letter for letter, is_common in zip(letters, found, strict=True) if not is_common), None)


def _keys(condition: Q) -> QuerySet:
    return PatientKey.objects.filter(condition)


def _open_to(user: int | None, at: dt.datetime, named: tuple[int, ...], ref: str | None) -> Q:
    """A record that was merged into a closed one is as closed: it leads there. Asked last, of few rows."""
    closed = Patient.objects.closed_to(user, at=at)
    is_closed = Exists(closed.filter(pk=OuterRef("pk"))) | Exists(closed.filter(pk=OuterRef("merged_into")))
    is_open = ~is_closed | Q(ref=ref) if ref is not None else ~is_closed
    return is_open | Q(pk__among=named) if named else is_open


def _first_rows(people: QuerySet, start: dt.datetime | None, end: dt.datetime | None) -> QuerySet:
    """The first rows with what the ranking needs. One letter matches thousands: only keys are sorted."""
    first = people.values("pk")[:MAX_COMPARED]
    rows = Patient.objects.filter(pk__among=first).order_by("name_key", "pk")
    return rows.select_related("merged_into").annotate(is_expected=_is_expected(start, end))


def _is_expected(start: dt.datetime | None, end: dt.datetime | None) -> Exists | Value:
    if start is None:
        return Value(False)
    return Exists(Visit.objects.expected().between(start, end).filter(patient=OuterRef("pk")))


def _of_reference_or_key(ref: str, words: list[Q], digits: str | None) -> QuerySet:
    """Seven letters may be a reference or a name, seven digits a reference or a phone number.

    A union: for an OR between tables PostgreSQL reads every patient.
    """
    others = [_keys(word).values("patient") for word in words]
    if digits is not None:
        others.append(_ending_with(digits))
    return Patient.objects.filter(ref=ref).order_by().values("pk").union(*others)


def _exact(name: str, words: dict) -> Q:
    """The word itself and longer words that begin with it."""
    return _beginning(words[name])


def _similar(name: str, words: dict) -> Q:
    slips, short = words[f"slips_{name}"], words[f"short_{name}"]
    found = _beginning(words[name]) | Q(kind=SLIP, value=short)
    return found | Q(kind__in=(NAME, SLIP), value__among=slips) if slips else found


def _beginning(word: str) -> Q:
    return Q(kind=NAME, value__beginning=word)


def _ending_with(digits: str) -> QuerySet:
    return PatientKey.objects.filter(kind=PHONE, value__beginning=digits).values("patient")


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
