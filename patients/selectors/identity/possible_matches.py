"""Possible matches: registered patients who may be the person being registered."""

from collections.abc import Iterable

from django.db.models import QuerySet

from patients.models import Patient
from patients.rules.identity import likeness
from patients.rules.identity.keys import MAX_COMPARED, Identity
from patients.rules.identity.likeness import ComparedPatient, Likeness

# Weights of a match: name 50, birth date 30, phone 20. Our own choice; a higher MATCH_SCORE shows fewer.
MATCH_SCORE = 50
MAX_MATCHES = 3


def candidates(identity: Identity, *, user, named: Iterable[Patient] = ()) -> dict[ComparedPatient, Likeness]:
    """The possible matches of a person, the likeliest first.

    Of the restricted records that are closed to the user only those `named` wholly, without a reason.
    """
    nearby = _comparable(identity, user)
    compared = {person: likeness.compare(identity, person) for person in map(ComparedPatient._make, nearby)}
    closed = [_columns_of(person) for person in named if person.merged_into_id is None]
    compared |= {person: likeness.compare_restricted(identity, person) for person in closed}
    alike = [pair for pair in compared.items() if pair[1].score >= MATCH_SCORE]
    return dict(sorted(alike, key=lambda pair: (-pair[1].score, pair[0].pk))[:MAX_MATCHES])


def _columns_of(person: Patient) -> ComparedPatient:
    return ComparedPatient._make(getattr(person, name) for name in ComparedPatient._fields)


def _comparable(identity: Identity, user) -> QuerySet:
    """Patients found by an index. Each lookup has its own limit: a shared number hides no namesake."""
    lookups: list[dict] = [{"name_key__in": sorted(likeness.name_keys_of(identity))}]
    if identity.phone_key:
        lookups.append({"phone_key": identity.phone_key})
    if identity.born:
        lookups += [{"born": identity.born}, {"born__in": sorted(likeness.near_birth_dates(identity.born))}]
    first, *rest = [_found_by(lookup, user) for lookup in lookups]
    return first.union(*rest).values_list(*ComparedPatient._fields)


def _found_by(lookup: dict, user) -> QuerySet:
    """Merged records are excluded outside: inside, the planner would use the index of `merged_into`."""
    first = Patient.objects.visible_to(user).filter(**lookup).order_by().values("pk")[:MAX_COMPARED]
    return Patient.objects.living_records().filter(pk__in=first).order_by()
