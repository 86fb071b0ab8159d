"""What stands of all that a practice needs before its first session."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Max, OuterRef

from clinic.models import AuditEvent, Location, Practice, Role, Room, User
from clinic.models.rows import RelatedRows
from clinic.rules import state_rules
from patients.selectors import consents
from treatments.rules import qualification
from treatments.rules.set_up.facts import (
    HOURS_SAVED,
    NEEDLES_SAVED,
    Place,
    SetUpFacts,
    Therapist,
)
from treatments.selectors import qualification as qualification_selectors
from treatments.selectors.session import opening
from treatments.selectors.sites import depth_limits, entry


def facts_for(practice: Practice, staff: list[User], *, on: dt.date) -> SetUpFacts:
    """`staff`: everybody who may sign in, with their roles."""
    rules = opening.jurisdiction_at(None, practice)
    return SetUpFacts(
        practice=practice,
        places=[_place(row, practice, on=on) for row in _places()],
        therapists=therapists(
            [person for person in staff if getattr(person, f"has_{Role.THERAPIST.value}")], practice, on=on
        ),
        has_lead=any(getattr(person, f"has_{Role.LEAD.value}") for person in staff),
        consent_text=consents.text_for(rules),
        limits_missing=len(depth_limits.without_limit(entry.CURRENT_MUSCLES())),
        done_at=_done_at(),
    )


def _done_at() -> dict[str, dt.datetime]:
    events = AuditEvent.objects.filter(code__in=(HOURS_SAVED, NEEDLES_SAVED)).order_by()
    return dict(events.values_list("code").annotate(Max("at")))


def therapists(people: Iterable[User], practice: Practice, *, on: dt.date) -> list[Therapist]:
    """Each with what they lack under the rules of their place. A query for each set of rules."""
    default = opening.jurisdiction_at(None, practice)
    by_rules: dict = {}
    for person in people:
        profile = state_rules.rules_at(person.location, practice) or default
        by_rules.setdefault(profile, []).append(person.pk)
    found = []
    for profile, keys in by_rules.items():
        needs = qualification.requirements_of(profile)
        for therapist in qualification_selectors.practitioners(keys, profile=profile):
            reasons = qualification.missing_qualifications(therapist, needs, on=on)
            found.append(Therapist(therapist, tuple(reasons)))
    return found


def missing_of(user: User, practice: Practice, *, on: dt.date) -> list:
    """What one therapist lacks to needle alone, by the rules of their place."""
    profile = opening.jurisdiction_at(user.location, practice)
    facts = qualification_selectors.facts_for(user, profile=profile, on=on)
    return qualification.missing_qualifications(facts.therapist, facts.needs, on=on)


def _places() -> list:
    rooms = Room.objects.filter(location=OuterRef("pk"), retired_at=None).order_by("name")
    places = Location.objects.filter(retired_at=None).select_related("jurisdiction__based_on")
    return list(places.annotate(its_rooms=RelatedRows(rooms, name="name")).order_by("pk"))


def _place(row, practice: Practice, *, on: dt.date) -> Place:
    profile = opening.jurisdiction_at(row, practice)
    return Place(
        row, profile, opening.state_rule(profile, on=on), tuple(room["name"] for room in row.its_rooms)
    )
