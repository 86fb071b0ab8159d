"""Therapists and supervisors with their credentials and counted sessions."""

import datetime as dt

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinic.models import Credential, Jurisdiction, User
from clinic.models.rows import RelatedRows, day
from treatments.models import CoSignature
from treatments.rules import qualification
from treatments.rules.qualification import HeldCredential, Practitioner, QualificationFacts


def facts_for(
    user: User, *, profile: Jurisdiction, on: dt.date, supervisor: User | None = None
) -> QualificationFacts:
    """One query for both people with their credentials."""
    wanted = [person.pk for person in (user, supervisor) if person is not None]
    found = {
        row.pk: practitioner_of(row) for row in with_credentials(User.objects.filter(pk__in=wanted), profile)
    }
    return QualificationFacts(
        found[user.pk],
        qualification.requirements_of(profile),
        on,
        found.get(supervisor.pk) if supervisor else None,
    )


def supervisors_for(user: User, *, profile: Jurisdiction, on: dt.date) -> list[User]:
    """Everybody else who is qualified alone on that day, by name."""
    people = User.objects.filter(is_active=True, profession=User.Profession.PT).exclude(pk=user.pk)
    rows = with_credentials(people, profile).order_by("last_name", "first_name", "pk")
    needs = qualification.requirements_of(profile)
    return [
        row for row in rows if not qualification.missing_qualifications(practitioner_of(row), needs, on=on)
    ]


def with_credentials(users: QuerySet, profile: Jurisdiction) -> QuerySet:
    """Users with their credentials, and with the sessions that count where the profile counts them."""
    rows = Credential.objects.filter(user=OuterRef("pk")).order_by("pk")
    columns = ("kind", "number", "issued_on", "expires_on", "hours", "sessions")
    held = RelatedRows(rows, profile="jurisdiction__code", **{name: name for name in columns})
    here = _supervised_sessions(profile) if profile.supervised_sessions else Value(0)
    return users.annotate(held=held, sessions_here=here)


def practitioner_of(user: User) -> Practitioner:
    """`user` comes from `with_held`."""
    held = tuple(
        HeldCredential(
            kind=row["kind"],
            profile=row["profile"] or "",
            number=row["number"],
            issued_on=day(row["issued_on"]),
            expires_on=day(row["expires_on"]),
            hours=row["hours"] or 0,
            sessions=row["sessions"] or 0,
        )
        for row in user.held
    )
    return Practitioner(user.pk, user.display_name, user.profession, held, user.sessions_here)


def _supervised_sessions(profile: Jurisdiction):
    """Sessions that count: signed, co-signed by the supervisor, and not marked in error."""
    made = CoSignature.objects.filter(
        session__therapist=OuterRef("pk"),
        session__supervisor__isnull=False,
        session__jurisdiction=profile.pk,
        session__error_mark=None,
    )
    counted = made.order_by().values("session__therapist").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
