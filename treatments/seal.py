"""The seal of a signed note: its text as canonical JSON, and whether the rows still say the same.

Version 1 knew the signer and their credentials. Version 2 adds the roles, the profile behind each credential,
the supervisor, the profile's name and the years of the code sets. Both are read and checked here.
"""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from operator import itemgetter

from django.db import models
from django.db.models import F, OuterRef, Prefetch, QuerySet
from django.utils.dateparse import parse_datetime

from clinic.models import CatalogueFile
from clinic.models.base import CatalogueRow
from clinic.models.rows import Rows, day
from treatments import sentences
from treatments.models import (
    Aftercare,
    Measurement,
    NeedleSite,
    NeedlingSession,
    Override,
    Seal,
    SessionCondition,
)

VERSION = 2
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
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


@dataclass(frozen=True)
class Verdict:
    """Whether the rows agree with the seal. `differences` are (where, signed, now) in plain values."""

    text_is_whole: bool
    differences: tuple[tuple[str, object, object], ...] = ()

    @property
    def agrees(self) -> bool:
        return self.text_is_whole and not self.differences


MISSING = Verdict(text_is_whole=False)


def with_locked_rows(sessions: QuerySet) -> QuerySet:
    """Sessions with every column that their signature locks, in one question."""
    return sessions.annotate(**{f"locked_{name}": _rows(model) for name, model in PARTS.items()})


def project(session: NeedlingSession) -> dict:
    """The locked columns as they stand in the database. `session` is just read, by `with_locked_rows`."""
    parts = {name: _parts(session, name, model) for name, model in PARTS.items()}
    return {"session": columns(session), **parts}


def compose(
    session: NeedlingSession,
    *,
    locked: dict,
    words: dict,
    signer: dict,
    supervisor: dict | None,
    catalogues: dict,
    at: dt.datetime,
) -> str:
    """The sealed text from what was read. `session` with its patient and jurisdiction."""
    years = {row["code_set_year"] for row in locked["conditions"] if row["code_set_year"]}
    return canonical(
        {
            "version": VERSION,
            "sealed_at": _plain_time(at),
            "signer": signer,
            "supervisor": supervisor,
            "patient": {
                "ref": session.patient.ref,
                "name": session.patient.listed_name,
                "born": session.patient.born.isoformat(),
            },
            "jurisdiction": session.jurisdiction.code,
            "profile": session.jurisdiction.name,
            "catalogues": catalogues,
            "code_set_years": sorted(years),
            "locked": locked,
            "said": words,
        }
    )


def said(session: NeedlingSession) -> dict:
    """The note in words, read from the database now."""
    return words_of(NeedlingSession.objects.prefetch_related(*SPOKEN).get(pk=session.pk))


def words_of(session: NeedlingSession | sentences.Spoken) -> dict:
    """The note in words: what is read back, what is signed and what is shown. Needs `SPOKEN` at hand."""
    return {
        "sites": [said_of(site) for site in session.sites.all()],
        "session": sentences.session_sentences(session),
    }


def said_of(site: NeedleSite) -> dict:
    return {
        "number": site.number,
        "head": sentences.site_head(site),
        "tail": sentences.site_tail(site),
        "region": site.region.code if site.region else "",
        "side": site.side,
        "struck": site.struck_at is not None,
    }


def digests() -> dict[str, str]:
    """The catalogue files that stand now, by name."""
    return dict(CatalogueFile.objects.order_by("name").values_list("name", "digest"))


def canonical(said: dict) -> str:
    return _encode(said)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def verify(session: NeedlingSession) -> Verdict:
    """Compare the seal with the rows, column by column.

    Only columns that the seal knows are compared: a column that a later release added was not signed.
    """
    sealed = session.seal
    whole = digest(sealed.text) == sealed.digest
    signed, now = json.loads(sealed.text)["locked"], project(session)
    found = list(_compare("session", signed["session"], now["session"]))
    for name in PARTS:
        found += _compare_rows(name, signed[name], now[name])
    return Verdict(whole, tuple(found))


def read(seal: Seal) -> dict:
    return json.loads(seal.text)


def _rows(model: type[models.Model]) -> Rows:
    rows = model.objects.filter(session=OuterRef("pk")).order_by("pk")
    return Rows(rows, **{field.attname: _source(field) for field in model._meta.concrete_fields})


def _source(field: models.Field) -> F:
    return F(f"{field.name}__code") if _is_catalogue(field) else F(field.attname)


def _is_catalogue(field: models.Field) -> bool:
    """A catalogue row is signed by its code; its name may be put better later."""
    return field.is_relation and issubclass(field.remote_field.model, CatalogueRow)


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
        at = parse_datetime(value)
        return _plain_time(at if at.tzinfo else at.replace(tzinfo=dt.UTC))
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


@lru_cache(maxsize=1024)
def _plain_time(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


_SAID_PLAINLY = {
    dt.datetime: _plain_time,
    dt.date: dt.date.isoformat,
    Decimal: "{:f}".format,
    uuid.UUID: str,
}


def _compare(where: str, signed: dict, now: dict) -> list[tuple]:
    return [
        (f"{where} {name}", value, now.get(name)) for name, value in signed.items() if now.get(name) != value
    ]


def _compare_rows(name: str, signed: list[dict], now: list[dict]) -> list[tuple]:
    before, after = {row["id"]: row for row in signed}, {row["id"]: row for row in now}
    found = [(f"{name} {pk}", "present", "gone") for pk in before.keys() - after.keys()]
    found += [(f"{name} {pk}", "not there", "added") for pk in after.keys() - before.keys()]
    for pk in sorted(before.keys() & after.keys()):
        found += _compare(f"{name} {pk}", before[pk], after[pk])
    return found
