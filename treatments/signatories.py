"""Who somebody was when a note was signed: name, roles and credentials, as the seal keeps them."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils import timezone

from clinic.models import Credential, RoleGrant, User
from clinic.models.rows import day


def facts_of(people: Iterable, *, on: dt.datetime) -> dict[int, dict]:
    """{key: who somebody was when it was signed}: the roles of that day and every credential on record."""
    grants = RoleGrant.objects.current(on=timezone.localdate(on))
    credentials = Credential.objects.select_related("jurisdiction").order_by("pk")
    rows = User.objects.filter(pk__in=[person.pk for person in people if person]).prefetch_related(
        Prefetch("role_grants", grants), Prefetch("credentials", credentials), "credentials__regions"
    )
    return {row.pk: _person(row) for row in rows}


def _person(row: User) -> dict:
    return {
        "username": row.username,
        "name": row.display_name,
        "profession": row.profession,
        "roles": sorted({grant.role for grant in row.role_grants.all()}),
        "credentials": [_credential(held) for held in row.credentials.all()],
    }


def _credential(row: Credential) -> dict:
    return {
        "kind": row.kind,
        "profile": row.jurisdiction.code if row.jurisdiction else "",
        "regions": sorted(region.code for region in row.regions.all()),
        "number": row.number,
        "issued_on": row.issued_on and row.issued_on.isoformat(),
        "expires_on": row.expires_on and row.expires_on.isoformat(),
        "hours": row.hours,
        "sessions": row.sessions,
    }


def said(sealed: dict, who: str) -> str:
    """“Maria Lund, PT, licence PT-20417 to 3 Mar 2028, under General”, as it stood when it was signed."""
    person = sealed.get(who)
    if not person:
        return ""
    licences = [row for row in person["credentials"] if row["kind"] == Credential.Kind.LICENCE]
    parts = [person["name"], *(_licence(row) for row in licences)]
    return f"{', '.join(parts)}, under {sealed.get('profile') or sealed['jurisdiction']}"


def _licence(row: dict) -> str:
    number = f" {row['number']}" if row["number"] else ""
    until = f" to {day(row['expires_on']):%-d %b %Y}" if row["expires_on"] else ""
    return f"licence{number}{until}"
