"""Possible matches: registered patients who may be the person being registered."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from patients.models import Patient, PatientKey
from patients.rules.identity import alike, evidence, likeness
from patients.rules.identity.evidence import Rarity
from patients.rules.identity.keys import FORMER, MAX_COMPARED, NAME, PHONE, Identity, words_of
from patients.rules.identity.likeness import ComparedPatient, Likeness
from patients.rules.identity.names import forms_of
from patients.selectors.identity import former_names

MAX_MATCHES = 3
WORD_KINDS = (NAME, FORMER)
# technical: the dates near one are fifty times as many people's
MAX_COMPARED_NEAR = 3 * MAX_COMPARED


def candidates(
    identity: Identity, *, user, named: Iterable[Patient] = (), apart_from: int | None = None
) -> dict[ComparedPatient, Likeness]:
    """The possible matches of a person, the likeliest first; not the person whose key is `apart_from`.

    Of the restricted records that are closed to the user only those `named` wholly, without a reason.
    """
    identity, nearby = _with_former_names(identity, _nearby(identity, user), apart_from)
    # the many who only share a day are not compared
    people = [person for person in nearby if evidence.names_touch(identity, person)]
    closed = [_columns_of(person) for person in named if person.merged_into_id is None]
    closed = [person for person in closed if person.pk != apart_from]
    rarity = _rarity_for(identity, people + closed)
    compared = {person: likeness.compare(identity, person, rarity) for person in people}
    compared |= {person: likeness.compare_restricted(identity, person, rarity) for person in closed}
    compared |= likeness.reached_alike(identity, nearby, rarity)
    alike = [pair for pair in compared.items() if pair[1].is_shown]
    return dict(sorted(alike, key=lambda pair: (-pair[1].score, pair[0].pk))[:MAX_MATCHES])


def _nearby(identity: Identity, user) -> list[ComparedPatient]:
    return [ComparedPatient(*row) for row in _comparable(identity, user)]


def _with_former_names(
    identity: Identity, nearby: list[ComparedPatient], apart_from: int | None
) -> tuple[Identity, list[ComparedPatient]]:
    """What each was called before; whoever is registered already is no match of their own."""
    found = former_names.of_patients(person.pk for person in nearby)
    others = [person for person in nearby if person.pk != apart_from]
    called = [person._replace(former=found[person.pk]) if person.pk in found else person for person in others]
    return replace(identity, former=found.get(apart_from or 0, frozenset())), called


def _rarity_for(identity: Identity, people: Collection[ComparedPatient]) -> Rarity:
    """How frequent the names are, counted in the search keys now: nothing is kept that could be stale."""
    if not people:
        return Rarity()
    typed = words_of(f"{identity.name_key} {identity.preferred_name}")
    words = {form for word in typed for form in forms_of(word)}
    words |= {word for person in people for word in (*words_of(person.name_key), *person.former)}
    phone = identity.phone_key[:0:-1]
    counts = {(kind, value): count for kind, value, count in COUNTED(words=tuple(sorted(words)), phone=phone)}
    size = NEWEST.one() or 0
    by_word = Counter[str]()
    for (kind, value), count in counts.items():
        if kind in WORD_KINDS:
            by_word[value] += count
    return Rarity(size, by_word, {identity.phone_key: counts.get((PHONE, phone), 0)})


def _counted(words: tuple[str, ...], phone: str) -> QuerySet:
    wanted = Q(kind__in=WORD_KINDS, value__among=words) | Q(kind=PHONE, value=phone)
    return PatientKey.objects.filter(wanted).order_by().values_list("kind", "value").annotate(Count("pk"))


def _newest() -> QuerySet:
    """The highest key counts the patients without reading them; a number left out does not matter."""
    return Patient.objects.filter(pk__gt=0).order_by("-pk").values_list("pk", flat=True)[:1]


COUNTED = PreparedQuery(_counted)
NEWEST = PreparedQuery(_newest)


def _columns_of(person: Patient) -> ComparedPatient:
    return ComparedPatient(*(getattr(person, name) for name in likeness.COLUMNS))


def _comparable(identity: Identity, user) -> list[tuple]:
    """Patients found by an index. Each lookup has its own limit: a shared number hides no namesake."""
    return COMPARABLE(
        user=user.pk if user else None,
        at=timezone.now(),
        names=tuple(sorted(likeness.name_keys_of(identity))),
        phone=identity.phone_key or None,
        born=identity.born,
        near=tuple(sorted(alike.near_birth_dates(identity.born))) if identity.born else (),
    )


def _comparable_rows(
    user: int | None,
    at: dt.datetime,
    names: tuple[str, ...],
    phone: str | None,
    born: dt.date | None,
    near: tuple[dt.date, ...],
) -> QuerySet:
    lookups: list[dict] = [{"name_key__among": names}]
    if phone is not None:
        lookups.append({"phone_key": phone})
    if born is not None:
        lookups += [{"born": born}, {"born__among": near}]
    limits = (MAX_COMPARED_NEAR if "born__among" in lookup else MAX_COMPARED for lookup in lookups)
    first, *rest = [_found_by(lookup, user, at, most) for lookup, most in zip(lookups, limits, strict=True)]
    return first.union(*rest).values_list(*likeness.COLUMNS)


COMPARABLE = PreparedQuery(_comparable_rows)


def _found_by(lookup: dict, user: int | None, at: dt.datetime, most: int) -> QuerySet:
    """Merged records are excluded outside: inside, the planner would use the index of `merged_into`."""
    first = Patient.objects.visible_to(user, at=at).filter(**lookup).order_by().values("pk")[:most]
    return Patient.objects.living_records().filter(pk__in=first).order_by()
