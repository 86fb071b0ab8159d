"""Possible matches: registered patients who may be the person being registered."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from patients.models import Patient, PatientKey
from patients.rules.identity import alike, evidence, likeness
from patients.rules.identity.evidence import Rarity
from patients.rules.identity.keys import FORMER, MAX_COMPARED, NAME, PHONE, Identity, words_of
from patients.rules.identity.likeness import ComparedPatient, Likeness, MergedRecord
from patients.rules.identity.names import forms_of
from patients.selectors.identity import former_names

MAX_MATCHES = 3
WORD_KINDS = (NAME, FORMER)
# technical: the dates near one are fifty times as many people's
MAX_COMPARED_NEAR = 3 * MAX_COMPARED
# What is read of the record itself beside what is compared, and of the one that it was merged into.
OF_MERGED = ("family_name", "given_name", "merged_into_id", "merged_into__ref")


def candidates(
    identity: Identity, *, user, named: Iterable[Patient] = (), apart_from: int | None = None
) -> dict[ComparedPatient, Likeness]:
    """The possible matches of a person, the likeliest first; not the person whose key is `apart_from`.

    Somebody who is like a merged record is like the person of the record that stands, once, by what is
    likelier. Of the restricted records that are closed to the user only those `named` wholly, without a
    reason.
    """
    identity, nearby = _with_former_names(identity, _nearby(identity, user), apart_from)
    # the many who only share a day are not compared
    people = [found for found in nearby if evidence.names_touch(identity, found.person)]
    closed = [(_columns_of(person), _standing_of(person)) for person in named]
    rarity = _rarity_for(identity, [found.person for found in people] + [found[0] for found in closed])
    compared = [_compared(identity, found, rarity) for found in people]
    compared += [
        (standing, likeness.compare_restricted(identity, person, rarity)) for person, standing in closed
    ]
    compared += _reached_alike(identity, nearby, rarity)
    return _best([pair for pair in compared if pair[1].is_shown and pair[0].pk != apart_from])


def _compared(identity: Identity, found: "Nearby", rarity: Rarity) -> tuple[ComparedPatient, Likeness]:
    like = likeness.compare(identity, found.person, rarity)
    return found.standing, replace(like, before=found.before)


def _reached_alike(
    identity: Identity, nearby: list["Nearby"], rarity: Rarity
) -> list[tuple[ComparedPatient, Likeness]]:
    before = _once(nearby)
    reached = likeness.reached_alike(identity, before, rarity)
    return [(person, replace(like, before=before[person])) for person, like in reached.items()]


def _best(pairs: list[tuple[ComparedPatient, Likeness]]) -> dict[ComparedPatient, Likeness]:
    """Each person once, the likeliest first; one who is named exactly is, however like another record is."""
    best: dict[int, tuple[ComparedPatient, Likeness]] = {}
    for person, like in sorted(pairs, key=_likeliest):
        _, likest = best.setdefault(person.pk, (person, like))
        if like.is_exact and not likest.is_exact:
            best[person.pk] = person, like
    return dict([*best.values()][:MAX_MATCHES])


def _likeliest(pair: tuple[ComparedPatient, Likeness]) -> tuple:
    """The highest score first; of equal ones the one that needs an answer, then the record itself."""
    person, like = pair
    return -like.score, person.pk, not like.is_exact, like.before is not None


class Nearby(NamedTuple):
    """A record; the same under the key of the one that stands for it; what it is, where that is another."""

    person: ComparedPatient
    standing: ComparedPatient
    before: MergedRecord | None = None

    def called(self, former: frozenset[str]) -> "Nearby":
        return Nearby(self.person._replace(former=former), self.standing._replace(former=former), self.before)


def _nearby(identity: Identity, user) -> list[Nearby]:
    return [_read(row) for row in _comparable(identity, user)]


def _with_former_names(
    identity: Identity, nearby: list[Nearby], apart_from: int | None
) -> tuple[Identity, list[Nearby]]:
    """What each was called before; whoever is registered already is no match of their own."""
    called = former_names.of_patients({apart_from or 0, *(found.person.pk for found in nearby)} - {0})
    others = [found for found in nearby if found.standing.pk != apart_from]
    others = [
        found.called(called[found.person.pk]) if found.person.pk in called else found for found in others
    ]
    return replace(identity, former=called.get(apart_from or 0, frozenset())), others


def _once(nearby: list[Nearby]) -> dict[ComparedPatient, MergedRecord | None]:
    """Each person once, with what they are there: as the record that stands, where it is among them."""
    merged_first = sorted(nearby, key=lambda found: found.before is None)
    people = {found.standing.pk: found for found in merged_first}
    return {found.standing: found.before for found in people.values()}


def _read(row: tuple) -> Nearby:
    person = ComparedPatient(*row[: -len(OF_MERGED)])
    family, given, merged_into, standing_ref = row[-len(OF_MERGED) :]
    if merged_into is None:
        return Nearby(person, person)
    name = ", ".join(part for part in (family, given) if part)
    return Nearby(person, person._replace(pk=merged_into, ref=standing_ref), MergedRecord(person.ref, name))


def _standing_of(person: Patient) -> ComparedPatient:
    standing = person.merged_into or person
    return _columns_of(person)._replace(pk=standing.pk, ref=standing.ref)


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
    return first.union(*rest).values_list(*likeness.COLUMNS, *OF_MERGED)


COMPARABLE = PreparedQuery(_comparable_rows)


def _found_by(lookup: dict, user: int | None, at: dt.datetime, most: int) -> QuerySet:
    """What a merged record leads to is asked outside: inside, the planner would use its index."""
    first = Patient.objects.visible_to(user, at=at).filter(**lookup).order_by().values("pk")[:most]
    closed = Patient.objects.closed_to(user, at=at).filter(pk=OuterRef("merged_into"))
    return Patient.objects.filter(~Exists(closed), pk__in=first).order_by()
