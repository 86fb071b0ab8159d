"""Registered patients who may be the person being registered."""

from django.db.models import QuerySet

from patients.models import Patient
from patients.rules.identity import likeness
from patients.rules.identity.keys import MAX_COMPARED, Identity
from patients.rules.identity.likeness import ComparedPatient, Likeness

# Weights of a match: name 50, birth date 30, phone 20. Our own choice; raise MATCH_AT and fewer are shown.
MATCH_SCORE = 50
MAX_MATCHES = 3


def candidates(identity: Identity) -> dict[ComparedPatient, Likeness]:
    """People who may be the one being registered, the likeliest first."""
    nearby = _nearby(identity)
    weighed = {person: likeness.compare(identity, person) for person in map(ComparedPatient._make, nearby)}
    alike = [pair for pair in weighed.items() if pair[1].score >= MATCH_SCORE]
    return dict(sorted(alike, key=lambda pair: (-pair[1].score, pair[0].pk))[:MAX_MATCHES])


def _nearby(identity: Identity) -> QuerySet:
    """Those whom an index leads to. Each way is cut by itself: a number that many share hides no namesake."""
    ways: list[dict] = [{"name_key__in": (identity.name_key, likeness.swapped_name_key(identity.name_key))}]
    if identity.phone_key:
        ways.append({"phone_key": identity.phone_key})
    if identity.born:
        ways += [{"born": identity.born}, {"born__in": sorted(likeness.near_birth_dates(identity.born))}]
    first, *rest = [_led_by(way) for way in ways]
    return first.union(*rest).values_list(*ComparedPatient._fields)


def _led_by(way: dict) -> QuerySet:
    """Merged records go afterwards: asked along with the rest, the index of what is empty would lead."""
    first = Patient.objects.filter(**way).order_by().values("pk")[:MAX_COMPARED]
    return Patient.objects.living_records().filter(pk__in=first).order_by()
