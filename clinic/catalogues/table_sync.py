"""Keeps catalogue tables equal to their CSV files: rows are added, changed and retired, never deleted.

The practice's own rows are no concern of a file: it neither changes nor retires them. What the practice
retired for itself stays retired, whatever a file says of it.
"""

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from clinic.models import CatalogueFile
from clinic.models.own_rows import NAMESPACE

TRUE, FALSE = {"yes"}, {"no"}
# PostgreSQL's number of the type of a column of bytes
BYTEA = 17


@dataclass(frozen=True)
class Catalogue:
    """One file. `key` identifies a row; `practice_fields` belong to the practice once a row exists.

    A row of which one of the `facts` changes is stamped: its column `facts_changed_at` says when.
    """

    path: Path
    model: str
    key: tuple[str, ...] = ("code",)
    practice_fields: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.path.parent.parent.name}/{self.path.name}"


_REGISTRY: list[Catalogue] = []


def register(catalogues: Iterable[Catalogue]) -> None:
    _REGISTRY.extend(catalogue for catalogue in catalogues if catalogue not in _REGISTRY)


def sync(app_label: str) -> None:
    """Read this app's files whose digest changed, or whose table lacked columns. Called after migrate."""
    if not has_all_columns(CatalogueFile):
        return
    for catalogue in _REGISTRY:
        model = apps.get_model(catalogue.model)
        if model._meta.app_label != app_label:
            continue
        if has_all_columns(model):
            _sync_file(catalogue, model)
        else:
            # what the file says of the missing columns is read when they are there again
            CatalogueFile.objects.filter(name=catalogue.name).exclude(digest="").update(digest="")


def shipped(model: type[models.Model]) -> models.QuerySet:
    """The rows of a catalogue that come from its file, those that have left it included."""
    rows = model.objects.all()
    if _has(model, "own"):
        return rows.filter(own=False)
    if _has(model, "code"):
        return rows.exclude(code__startswith=NAMESPACE)
    # a row that only leads from one catalogue to another is the practice's where one of its ends is
    for field in model._meta.concrete_fields:
        if field.remote_field and _has(field.remote_field.model, "own"):
            rows = rows.exclude(**{f"{field.name}__own": True})
    return rows


def is_in_file(row: models.Model) -> bool:
    """Whether a shipped row stands in the file that ships now."""
    catalogue = next(each for each in _REGISTRY if apps.get_model(each.model) is type(row))
    names = [name for name in catalogue.key if name != "own"]
    key = [_text_of(getattr(row, name)) for name in names]
    return any(key == [found[name].strip() for name in names] for found in read(catalogue.path))


def _text_of(value) -> str:
    """As a cell of the file has it: another row by its code."""
    return value.code if isinstance(value, models.Model) else str(value)


def has_all_columns(model: type[models.Model]) -> bool:
    """Whether its table has every column, and bytes in those of bytes: before migrating it may not."""
    with connection.cursor() as cursor:
        columns = _columns(cursor, model._meta.db_table)
    return all(
        field.column in columns and (columns[field.column] or field.get_internal_type() != "BinaryField")
        for field in model._meta.local_concrete_fields
    )


def _columns(cursor, table: str) -> dict[str, bool]:
    """{name: whether it holds bytes}, empty when there is no such table.

    Django's own description parses the table's SQL on SQLite: half of the time that migrating took.
    """
    if table not in connection.introspection.table_names(cursor):
        return {}
    name = connection.ops.quote_name(table)
    if connection.vendor == "sqlite":
        cursor.execute(f"PRAGMA table_xinfo({name})")
        return {column[1]: column[2].upper() == "BLOB" for column in cursor.fetchall()}
    cursor.execute(f"SELECT * FROM {name} LIMIT 0")
    return {column.name: column.type_code == BYTEA for column in cursor.description}


def read(path: Path) -> list[dict[str, str]]:
    """The file's rows as text by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sync_file(catalogue: Catalogue, model: type[models.Model]) -> None:
    digest = hashlib.sha256(catalogue.path.read_bytes()).hexdigest()
    former = CatalogueFile.objects.filter(name=catalogue.name).first()
    if former is not None and former.digest == digest:
        return
    rows = read(catalogue.path)
    with transaction.atomic():
        _write_rows(catalogue, model, rows)
        CatalogueFile.objects.update_or_create(
            name=catalogue.name, defaults={"digest": digest, "rows": len(rows)}
        )


def _write_rows(catalogue: Catalogue, model: type[models.Model], rows: list[dict[str, str]]) -> None:
    _refuse_own_codes(catalogue, rows)
    columns = [name for name in rows[0] if not _is_many(model, name)]
    lookup, before = _Codes(), _facts(catalogue, model)
    objects = [_build(model, row, columns, place, lookup) for place, row in enumerate(rows, start=1)]
    model.objects.bulk_create(
        objects,
        update_conflicts=True,
        unique_fields=list(catalogue.key),
        update_fields=_updated_columns(catalogue, model, columns),
    )
    stored = {_key_of(obj, catalogue): obj for obj in shipped(model)}
    synced = [stored[_key_of(obj, catalogue)] for obj in objects]
    _relate(model, synced, rows, lookup)
    _retire(model, {obj.pk for obj in synced})
    _stamp_changed(catalogue, model, before)


def _refuse_own_codes(catalogue: Catalogue, rows: list[dict[str, str]]) -> None:
    """A file that used them would overwrite what the practice added."""
    taken = {row[name] for row in rows for name in catalogue.key if row.get(name, "").startswith(NAMESPACE)}
    if taken:
        raise ValueError(
            f"{catalogue.name} uses codes of the practice's own rows: {', '.join(sorted(taken))}"
        )


def _facts(catalogue: Catalogue, model: type[models.Model]) -> dict[int, list]:
    found = shipped(model).values_list("pk", *catalogue.facts) if catalogue.facts else ()
    return {pk: facts for pk, *facts in found}


def _stamp_changed(catalogue: Catalogue, model: type[models.Model], before: dict[int, list]) -> None:
    after = _facts(catalogue, model)
    changed = [pk for pk, facts in after.items() if pk in before and before[pk] != facts]
    if changed:
        model.objects.filter(pk__in=changed).update(facts_changed_at=timezone.now())


def _updated_columns(catalogue: Catalogue, model: type[models.Model], columns: list[str]) -> list[str]:
    """The columns that a row of the file overwrites."""
    names = dict.fromkeys([*columns, *(["position"] if _has(model, "position") else [])])
    return [name for name in names if name not in catalogue.key and name not in catalogue.practice_fields]


def _key_of(obj: models.Model, catalogue: Catalogue) -> tuple:
    return tuple(_key_value(obj, part) for part in catalogue.key)


def _relate(model: type[models.Model], objects: list, rows: list[dict[str, str]], lookup: "_Codes") -> None:
    """Set the many-to-many columns, whose cells have codes separated by semicolons."""
    for name in (name for name in rows[0] if _is_many(model, name)):
        target = model._meta.get_field(name).remote_field.model
        for obj, row in zip(objects, rows, strict=True):
            getattr(obj, name).set([lookup.find(target, code) for code in _split(row[name])])


def _retire(model: type[models.Model], synced_pks: set) -> None:
    """Shipped rows that left the file are retired; one that returns is not, unless it is retired here."""
    missing = shipped(model).exclude(pk__in=synced_pks)
    if not _has(model, "retired_at"):
        missing.delete()
        return
    missing.filter(retired_at=None).update(retired_at=timezone.now())
    returned = shipped(model).filter(pk__in=synced_pks, retired_at__isnull=False)
    if _has(model, "retired_here_at"):
        returned = returned.filter(retired_here_at=None)
    returned.update(retired_at=None)


def _build(model, row: dict[str, str], columns: list[str], place: int, lookup: "_Codes") -> models.Model:
    values = {name: _convert(model._meta.get_field(name), row[name].strip(), lookup) for name in columns}
    if _has(model, "position"):
        values.setdefault("position", place * 10)
    return model(**values)


def _convert(field: models.Field, text: str, lookup: "_Codes"):
    """The value of a cell by the type of its column. Blank is null where the column may be null."""
    if isinstance(field, models.JSONField):
        return _split(text)
    if isinstance(field, models.ForeignKey):
        return lookup.find(field.remote_field.model, text) if text else None
    if isinstance(field, models.BooleanField):
        return _truth(text, field)
    if not text and field.null:
        return None
    return field.to_python(text) if text else field.get_default()


def _truth(text: str, field: models.BooleanField) -> bool | None:
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    return None if field.null else bool(field.get_default())


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _is_many(model: type[models.Model], name: str) -> bool:
    return model._meta.get_field(name).many_to_many


def _key_value(obj: models.Model, name: str):
    return getattr(obj, obj._meta.get_field(name).attname)


class _Codes:
    """Rows of other catalogues by code, fetched once per model."""

    def __init__(self):
        self._rows: dict[type[models.Model], dict[str, models.Model]] = {}

    def find(self, model: type[models.Model], code: str) -> models.Model:
        if model not in self._rows:
            self._rows[model] = {row.code: row for row in model.objects.all()}
        return self._rows[model][code]
