"""What a signature seals, read from the database: the locked columns, the signers, the catalogues."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from operator import itemgetter

from django.db import models
from django.db.models import F, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import CatalogueFile, Credential, Jurisdiction, RoleGrant, User
from clinic.models.base import CatalogueRow
from clinic.models.rows import Beside, RelatedRows, day, instant, put_beside, read_beside
from clinic.values.words import in_source_words
from treatments.models import Aftercare, Measurement, NeedleSite, NeedlingSession, Override, SessionCondition
from treatments.rules.session import sentences
from treatments.rules.session.opened_under import JurisdictionRules
from treatments.rules.signing import seal
from treatments.rules.signing.seal import SealCheck
from treatments.selectors.signing import own_rows


def parts_of(session: NeedlingSession) -> sentences.NoteParts:
    """The rows that its text is made of, of a session that was read with `TEXT_RELATIONS`."""
    return seal.standing_parts(
        session.sites.all(), session.conditions.all(), session.measurements.all(), session.aftercare.all()
    )


# Fields whose values JSON cannot represent.
CONVERTED_FIELDS = (models.DateField, models.DecimalField, models.UUIDField)
# The rows that the text is made of, a query for each table.
TEXT_RELATIONS = (
    "conditions",
    Prefetch("measurements", Measurement.objects.select_related("muscle")),
    "aftercare",
    Prefetch("sites", NeedleSite.objects.select_related("muscle", "region")),
)
# The tables whose rows a signature locks, by the name that they have in the seal.
LOCKED_TABLES: dict[str, type[models.Model]] = {
    "conditions": SessionCondition,
    "sites": NeedleSite,
    "measurements": Measurement,
    "aftercare": Aftercare,
    "overrides": Override,
}


def with_locked_rows(sessions: QuerySet) -> QuerySet:
    """Sessions with every column that their signature locks, in one query."""
    return sessions.annotate(**{f"locked_{name}": _rows(model) for name, model in LOCKED_TABLES.items()})


def locked_values(session: NeedlingSession) -> dict:
    """The locked columns as they stand in the database. `session` is just read, by `with_locked_rows`."""
    parts = {name: _parts(session, name, model) for name, model in LOCKED_TABLES.items()}
    return {"session": columns(session), **parts}


@in_source_words()
def current_text(session: NeedlingSession, *, version: int) -> dict:
    """The note in sentences, read from the database now, in the writing of that version of the seal."""
    rows = NeedlingSession.objects.select_related("needles_second_by")
    row = rows.prefetch_related(*TEXT_RELATIONS).get(pk=session.pk)
    return seal.note_text(row, parts_of(row), version=version)


def catalogue_digests() -> dict[str, str]:
    """The catalogue files that stand now, by name."""
    return dict(CatalogueFile.objects.order_by("name").values_list("name", "digest"))


@in_source_words()
def verify(session: NeedlingSession) -> SealCheck:
    """Whether the rows agree with the seal. `session` is just read, by `with_locked_rows`, with its seal."""
    return seal.check(session.seal.text, session.seal.digest, locked_values(session))


def _rows(model: type[models.Model]) -> RelatedRows:
    rows = model.objects.filter(session=OuterRef("pk")).order_by("pk")
    return RelatedRows(rows, **{field.attname: _source(field) for field in model._meta.concrete_fields})


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
    """A whole row's own columns as the seal stores them; its catalogue rows by code."""
    known = _columns_of(type(row))
    found = dict(zip(known.names, known.values_of(vars(row)), strict=True))
    for column in known.converted:
        found[column] = _plain(found[column])
    for column, catalogue in known.catalogues:
        if found[column] is not None:
            found[column] = getattr(row, catalogue).code
    return found


@dataclass(frozen=True)
class ColumnKinds:
    """A model's columns: all of them, those that are converted for JSON, and those of a catalogue."""

    names: tuple[str, ...]
    values_of: Callable[[dict], tuple]
    converted: tuple[str, ...]
    catalogues: tuple[tuple[str, str], ...]


@cache
def _columns_of(model: type[models.Model]) -> ColumnKinds:
    fields = model._meta.concrete_fields
    names = tuple(field.attname for field in fields)
    return ColumnKinds(
        names,
        itemgetter(*names),
        converted=tuple(field.attname for field in fields if isinstance(field, CONVERTED_FIELDS)),
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
    """A value of a column in a form that JSON represents exactly."""
    convert = _PLAIN_FORMS.get(type(value))
    return convert(value) if convert else value


_PLAIN_FORMS = {
    dt.datetime: seal.plain_time,
    dt.date: dt.date.isoformat,
    Decimal: "{:f}".format,
    uuid.UUID: str,
}
BESIDE = (
    Beside(User, "therapist", "supervisor", "needles_second_by", columns=User.NAMED_BY),
    Beside(Jurisdiction, "jurisdiction", columns=JurisdictionRules.columns()),
)


def reread(session) -> NeedlingSession:
    """The note with its locked columns, in one query."""
    (note,) = TO_SEAL(pk=session.pk)
    return put_beside(note, *BESIDE)


@in_source_words()
def text_of(note: NeedlingSession, *, signer, at: dt.datetime) -> str:
    """What is signed. `note` comes from `reread`; the rows of its text are read in a query for each table."""
    people = signer_facts((signer, note.supervisor), on=at)
    return seal.compose(
        note,
        locked=locked_values(note),
        text=seal.note_text(note, seal.standing_parts(*(rows(session=note.pk) for rows in TEXT_ROWS))),
        signer=people[signer.pk],
        supervisor=people[note.supervisor_id] if note.supervisor_id else None,
        catalogues={row["name"]: row["digest"] for row in note.catalogues},
        at=at,
        own_rows=own_rows.of(note),
    )


def _to_seal(pk: int) -> QuerySet:
    notes = read_beside(NeedlingSession.objects.filter(pk=pk).select_related("patient"), *BESIDE)
    files = RelatedRows(CatalogueFile.objects.order_by("name"), name="name", digest="digest")
    return with_locked_rows(notes).annotate(catalogues=files, **own_rows.listed())


TO_SEAL = PreparedQuery(_to_seal)
# In the order of `standing_parts`.
TEXT_ROWS = (
    PreparedQuery(
        lambda session: NeedleSite.objects.filter(session=session).select_related("muscle", "region")
    ),
    PreparedQuery(lambda session: SessionCondition.objects.filter(session=session)),
    PreparedQuery(lambda session: Measurement.objects.filter(session=session).select_related("muscle")),
    PreparedQuery(lambda session: Aftercare.objects.filter(session=session)),
)
CREDENTIAL_DATES = ("issued_on", "expires_on")
CREDENTIAL_COLUMNS = ("pk", "kind", "number", "hours", "sessions", *CREDENTIAL_DATES)


def signer_facts(people: Iterable, *, on: dt.datetime) -> dict[int, dict]:
    """{key: who somebody was when it was signed}: the roles of that day and every credential on record."""
    keys = tuple(sorted({person.pk for person in people if person}))
    return {row.pk: _person(row) for row in SIGNERS(people=keys, day=timezone.localdate(on))}


def _signers(people: tuple[int, ...], day: dt.date) -> QuerySet:
    theirs = {"user": OuterRef("pk")}
    grants = RoleGrant.objects.current(on=day).filter(**theirs).order_by("pk")
    credentials = Credential.objects.filter(**theirs).order_by("pk")
    covered = Credential.regions.through.objects.filter(credential__user=OuterRef("pk")).order_by("pk")
    return User.objects.filter(pk__among=people).annotate(
        seal_roles=RelatedRows(grants, role="role"),
        seal_credentials=RelatedRows(
            credentials, profile="jurisdiction__code", **{name: name for name in CREDENTIAL_COLUMNS}
        ),
        seal_regions=RelatedRows(covered, credential="credential_id", code="bodyregion__code"),
    )


SIGNERS = PreparedQuery(_signers)


def _person(row: User) -> dict:
    return {
        "username": row.username,
        "name": row.display_name,
        "profession": row.profession,
        "roles": sorted({grant["role"] for grant in row.seal_roles}),
        "credentials": [_credential(found, row.seal_regions) for found in row.seal_credentials],
    }


def _credential(row: dict, regions: list[dict]) -> dict:
    return {
        **{name: row[name] for name in CREDENTIAL_COLUMNS if name not in ("pk", *CREDENTIAL_DATES)},
        **{name: row[name] and day(row[name]).isoformat() for name in CREDENTIAL_DATES},
        "profile": row["profile"] or "",
        "regions": sorted(region["code"] for region in regions if region["credential"] == row["pk"]),
    }
