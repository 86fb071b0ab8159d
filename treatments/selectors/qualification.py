"""Therapists and supervisors with their credentials and counted sessions."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Credential, Jurisdiction, User
from clinic.models.rows import RelatedRows, day
from treatments.models import CoSignature
from treatments.rules import qualification
from treatments.rules.qualification import HeldCredential, Practitioner, QualificationFacts


def facts_for(
    user: User, *, profile: Jurisdiction, on: dt.date, supervisor: User | None = None
) -> QualificationFacts:
    """One query for both people with their credentials."""
    wanted = tuple(person.pk for person in (user, supervisor) if person is not None)
    found = {row.pk: practitioner_of(row) for row in OF_PEOPLE(people=wanted, **_counted_by(profile))}
    return QualificationFacts(
        found[user.pk],
        qualification.requirements_of(profile),
        on,
        found.get(supervisor.pk) if supervisor else None,
    )


def supervisors_for(user: User, *, profile: Jurisdiction, on: dt.date) -> list[User]:
    """Everybody else who is qualified alone on that day, by name."""
    needs = qualification.requirements_of(profile)
    return [
        row
        for row in BESIDE(user=user.pk, **_counted_by(profile))
        if not qualification.missing_qualifications(practitioner_of(row), needs, on=on)
    ]


def practitioners(people: Iterable[int], *, profile: Jurisdiction) -> list[Practitioner]:
    """The people of these keys, by name, with what counts under these rules."""
    found = OF_PEOPLE(people=tuple(sorted(people)), **_counted_by(profile))
    by_name = sorted(found, key=lambda user: (user.last_name, user.first_name, user.pk))
    return [practitioner_of(user) for user in by_name]


def _counted_by(profile: Jurisdiction) -> dict:
    """Where supervised sessions count: in a state, else under one profile, or nowhere."""
    counts = bool(profile.supervised_sessions)
    return {
        "state": profile.state if counts and profile.state else None,
        "profile": profile.pk if counts and not profile.state else None,
    }


def _of_people(people: tuple[int, ...], state: str | None, profile: int | None) -> QuerySet:
    return _with_credentials(User.objects.filter(pk__among=people), state, profile)


def _beside(user: int, state: str | None, profile: int | None) -> QuerySet:
    people = User.objects.filter(is_active=True, profession=User.Profession.PT).exclude(pk=user)
    return _with_credentials(people, state, profile).order_by("last_name", "first_name", "pk")


def _with_credentials(users: QuerySet, state: str | None, profile: int | None) -> QuerySet:
    """Users with their credentials, and with the sessions that count."""
    rows = Credential.objects.filter(user=OuterRef("pk")).order_by("pk")
    columns = ("kind", "number", "issued_on", "expires_on", "hours", "sessions")
    place = {"profile": "jurisdiction__code", "state": "jurisdiction__state"}
    held = RelatedRows(rows, **place, **{name: name for name in columns})
    here = Value(0) if state is None and profile is None else _supervised_sessions(state, profile)
    return users.annotate(held=held, sessions_here=here)


OF_PEOPLE = PreparedQuery(_of_people)
BESIDE = PreparedQuery(_beside)


def practitioner_of(user: User) -> Practitioner:
    """`user` comes from `with_held`."""
    held = tuple(
        HeldCredential(
            kind=row["kind"],
            profile=row["profile"] or "",
            state=row["state"] or "",
            number=row["number"],
            issued_on=day(row["issued_on"]),
            expires_on=day(row["expires_on"]),
            hours=row["hours"] or 0,
            sessions=row["sessions"] or 0,
        )
        for row in user.held
    )
    return Practitioner(user.pk, user.display_name, user.profession, held, user.sessions_here)


def _supervised_sessions(state: str | None, profile: int | None) -> Coalesce:
    """Sessions that count: signed, co-signed by the supervisor, not in error, and of the same state.

    A practice's own copy of the profile is another row of that state.
    """
    same = {"session__jurisdiction": profile} if state is None else {"session__jurisdiction__state": state}
    made = CoSignature.objects.filter(
        session__therapist=OuterRef("pk"),
        session__supervisor__isnull=False,
        session__error_mark=None,
        **same,
    )
    counted = made.order_by().values("session__therapist").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
