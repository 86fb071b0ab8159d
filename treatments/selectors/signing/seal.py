"""What a signature seals, read from the database: the locked columns, the signers, the catalogues."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from operator import itemgetter

from django.db import models
from django.db.models import F, OuterRef, Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from clinic.django_internals.prepared import Prepared
from clinic.models import CatalogueFile, Credential, RoleGrant, User
from clinic.models.base import CatalogueRow
from clinic.models.rows import Rows, day, instant
from treatments.models import Aftercare, Measurement, NeedleSite, NeedlingSession, Override, SessionCondition
from treatments.rules.session import sentences
from treatments.rules.signing import seal
from treatments.rules.signing.seal import Verdict


def parts_of(session: NeedlingSession) -> sentences.Parts:
    """The rows of its words, of a session that was read with `SPOKEN`."""
    return seal.standing_parts(
        session.sites.all(), session.conditions.all(), session.measurements.all(), session.aftercare.all()
    )


# Fields whose values JSON has no words for.
WORDED = (models.DateField, models.DecimalField, models.UUIDField)
# The rows that the words need, a question for each table.
SPOKEN = (
    "conditions",
    Prefetch("measurements", Measurement.objects.select_related("muscle")),
    "aftercare",
    Prefetch("sites", NeedleSite.objects.select_related("muscle", "region")),
)
# The tables whose rows a signature locks, by the name that they have in the seal.
PARTS: dict[str, type[models.Model]] = {
    "conditions": SessionCondition,
    "sites": NeedleSite,
    "measurements": Measurement,
    "aftercare": Aftercare,
    "overrides": Override,
}


def with_locked_rows(sessions: QuerySet) -> QuerySet:
    """Sessions with every column that their signature locks, in one question."""
    return sessions.annotate(**{f"locked_{name}": _rows(model) for name, model in PARTS.items()})


def project(session: NeedlingSession) -> dict:
    """The locked columns as they stand in the database. `session` is just read, by `with_locked_rows`."""
    parts = {name: _parts(session, name, model) for name, model in PARTS.items()}
    return {"session": columns(session), **parts}


def said(session: NeedlingSession) -> dict:
    """The note in words, read from the database now."""
    row = NeedlingSession.objects.prefetch_related(*SPOKEN).get(pk=session.pk)
    return seal.words_of(row, parts_of(row))


def digests() -> dict[str, str]:
    """The catalogue files that stand now, by name."""
    return dict(CatalogueFile.objects.order_by("name").values_list("name", "digest"))


def verify(session: NeedlingSession) -> Verdict:
    """Whether the rows agree with the seal. `session` is just read, by `with_locked_rows`, with its seal."""
    return seal.verdict_of(session.seal.text, session.seal.digest, project(session))


def _rows(model: type[models.Model]) -> Rows:
    rows = model.objects.filter(session=OuterRef("pk")).order_by("pk")
    return Rows(rows, **{field.attname: _source(field) for field in model._meta.concrete_fields})


def _source(field: models.Field) -> F:
    return F(f"{field.name}__code") if _is_catalogue(field) else F(field.attname)


def _is_catalogue(field: models.Field) -> bool:
    """A catalogue row is signed by its code; its name may be put better later."""
    return isinstance(field, models.ForeignKey) and issubclass(field.remote_field.model, CatalogueRow)


def _parts(session: NeedlingSession, name: str, model: type[models.Model]) -> list[dict]:
    rows = getattr(session, f"locked_{name}")
    found = [
        {field.attname: _read(field, row[field.attname]) for field in model._meta.concrete_fields}
        for row in rows
    ]
    return sorted(found, key=_pk)


def _pk(row: dict) -> int:
    return row["id"]


def columns(row: models.Model) -> dict:
    """A whole row's own columns as the seal keeps them; its catalogue rows by code."""
    known = _columns_of(type(row))
    found = dict(zip(known.names, known.values_of(vars(row)), strict=True))
    for column in known.worded:
        found[column] = _plain(found[column])
    for column, catalogue in known.catalogues:
        if found[column] is not None:
            found[column] = getattr(row, catalogue).code
    return found


@dataclass(frozen=True)
class Columns:
    """A model's columns: all of them, those that JSON does not know, and those that lead to a catalogue."""

    names: tuple[str, ...]
    values_of: Callable[[dict], tuple]
    worded: tuple[str, ...]
    catalogues: tuple[tuple[str, str], ...]


@cache
def _columns_of(model: type[models.Model]) -> Columns:
    fields = model._meta.concrete_fields
    names = tuple(field.attname for field in fields)
    return Columns(
        names,
        itemgetter(*names),
        worded=tuple(field.attname for field in fields if isinstance(field, WORDED)),
        catalogues=tuple((field.attname, field.name) for field in fields if _is_catalogue(field)),
    )


def _read(field: models.Field, value):
    """A value out of the database's JSON, the same on both engines."""
    if value is None or _is_catalogue(field):
        return value
    if isinstance(field, models.DateTimeField):
        return seal.plain_time(instant(value))
    if isinstance(field, models.DateField):
        return _plain(day(value))
    if isinstance(field, models.DecimalField):
        return _plain(Decimal(str(value)).quantize(Decimal(1).scaleb(-field.decimal_places)))
    if isinstance(field, models.BooleanField):
        return bool(value)
    if isinstance(field, models.UUIDField):
        return str(uuid.UUID(str(value)))
    return value


def _plain(value):
    """A value of a column as JSON keeps it exactly."""
    say = _SAID_PLAINLY.get(type(value))
    return say(value) if say else value


_SAID_PLAINLY = {
    dt.datetime: seal.plain_time,
    dt.date: dt.date.isoformat,
    Decimal: "{:f}".format,
    uuid.UUID: str,
}
BESIDE = ("patient", "therapist", "supervisor", "jurisdiction")


def reread(session) -> NeedlingSession:
    """The note with its locked columns in one question, and the rows of its words in one for each table."""
    (note,) = TO_SEAL(pk=session.pk)
    prefetch_related_objects([note], *SPOKEN)
    return note


def text_of(note: NeedlingSession, *, signer, at: dt.datetime) -> str:
    """What is signed. `note` comes from `reread`."""
    people = facts_of((signer, note.supervisor), on=at)
    return seal.compose(
        note,
        locked=project(note),
        words=seal.words_of(note, parts_of(note)),
        signer=people[signer.pk],
        supervisor=people[note.supervisor_id] if note.supervisor_id else None,
        catalogues={row["name"]: row["digest"] for row in note.catalogues},
        at=at,
    )


def _to_seal(pk: int) -> QuerySet:
    notes = NeedlingSession.objects.filter(pk=pk).select_related(*BESIDE)
    files = Rows(CatalogueFile.objects.order_by("name"), name="name", digest="digest")
    return with_locked_rows(notes).annotate(catalogues=files)


TO_SEAL = Prepared(_to_seal)
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
