"""Who somebody was when a note was signed: name, roles and credentials, as the seal keeps them."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import OuterRef
from django.utils import timezone

from clinic.models import Credential, RoleGrant, User
from clinic.models.rows import Rows, day

DATES = ("issued_on", "expires_on")
COLUMNS = ("pk", "kind", "number", "hours", "sessions", *DATES)


def facts_of(people: Iterable, *, on: dt.datetime) -> dict[int, dict]:
    """{key: who somebody was when it was signed}: the roles of that day and every credential on record."""
    theirs = {"user": OuterRef("pk")}
    grants = RoleGrant.objects.current(on=timezone.localdate(on)).filter(**theirs).order_by("pk")
    credentials = Credential.objects.filter(**theirs).order_by("pk")
    covered = Credential.regions.through.objects.filter(credential__user=OuterRef("pk")).order_by("pk")
    rows = User.objects.filter(pk__in=[person.pk for person in people if person]).annotate(
        held_roles=Rows(grants, role="role"),
        held=Rows(credentials, profile="jurisdiction__code", **{name: name for name in COLUMNS}),
        held_regions=Rows(covered, credential="credential_id", code="bodyregion__code"),
    )
    return {row.pk: _person(row) for row in rows}


def _person(row: User) -> dict:
    return {
        "username": row.username,
        "name": row.display_name,
        "profession": row.profession,
        "roles": sorted({grant["role"] for grant in row.held_roles}),
        "credentials": [_credential(held, row.held_regions) for held in row.held],
    }


def _credential(row: dict, regions: list[dict]) -> dict:
    return {
        **{name: row[name] for name in COLUMNS if name not in ("pk", *DATES)},
        **{name: row[name] and day(row[name]).isoformat() for name in DATES},
        "profile": row["profile"] or "",
        "regions": sorted(region["code"] for region in regions if region["credential"] == row["pk"]),
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
