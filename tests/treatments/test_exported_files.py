"""The files of the whole practice: every table and value, each column described, and no secret."""

import base64
import csv
import datetime as dt
import hashlib
import json
import re
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from clinic.models import PatientLink, User
from clinic.rules import csv_export
from patients.models import PaperPart, Patient
from patients.models.papers import PART_BYTES
from tests import sample_rows
from treatments.actions import practice_export as actions
from treatments.models import Seal
from treatments.selectors.practice_export import rows, schema, tables, values

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"password|secret|token|digest|hash|mac$|(^|_)keys?($|_)|seed|session_data|cookie")
# Exported columns whose names sound like a secret's, with what they are.
NO_SECRET = {
    "clinic_codeset.digest": "of a published file",
    "clinic_counselopinion.text_digest": "of published rules",
    "clinic_practice.one_time_password_hours": "a setting",
    "patients_consent.text_digest": "of a published text",
    "patients_consenttext.digest": "of a published text",
    "patients_paper.digest": "of a scanned document",
    "treatments_cosignature.digest": "of the note",
    "treatments_draftevent.site_key": "names a site",
    "treatments_muscle.billing_key": "groups muscles",
    "treatments_needlesite.key": "names a site",
    "treatments_seal.digest": "of the note",
}
READ = {
    "instant": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "decimal": Decimal,
    "uuid": uuid.UUID,
    "base64": base64.b64decode,
}
READ_CELL = READ | {"boolean": "true".__eq__, "json": json.loads, "integer": int}


@pytest.fixture(scope="module")
def filled(practice):
    """Rows in every table, with texts that want to be formulas."""
    with transaction.atomic():
        sample_rows.add_rows(practice)
        yield practice
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def folder(filled, tmp_path_factory):
    """Everything, as the command writes it."""
    path = tmp_path_factory.mktemp("export")
    actions.into_folder(path)
    return path


def every_exported_column() -> list[str]:
    return [
        f"{table}.{field.column}"
        for table, model in tables.exported().items()
        for field in tables.columns(model)
    ]


def stored(model) -> list[tuple]:
    names = [field.attname for field in tables.columns(model)]
    rows = model._base_manager.order_by("pk").values_list(*names)
    return [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in rows]


def test_every_table_and_column_is_described_and_no_words_are_left_over():
    of_tables, of_columns = schema.words()
    columns = every_exported_column()
    unsaid = [name for name in columns if schema.meaning(*name.split(".")) is None]
    used = {name for name in columns if name in of_columns}
    used |= {column for table, column in (name.split(".") for name in columns if name not in of_columns)}
    stamps = {f"@{re.sub('_(at|by_id|by_name)$', '', name)}" for name in used}

    assert not tables.exported().keys() - of_tables.keys(), "describe them in words.txt"
    assert not unsaid, "describe them in words.txt"
    assert of_tables.keys() == tables.exported().keys()
    assert of_columns.keys() - used - stamps == set()


def test_what_is_left_out_is_there_and_says_why():
    every = {f"{table}.{field.column}" for table, model in tables.all_models().items()
             for field in model._meta.local_concrete_fields}  # fmt: skip

    assert tables.LEFT_OUT.keys() <= tables.all_models().keys()
    assert tables.COLUMNS_LEFT_OUT.keys() <= every
    assert all((tables.LEFT_OUT | tables.COLUMNS_LEFT_OUT).values())


def test_no_column_that_sounds_like_a_secret_leaves():
    sounding = {name for name in every_exported_column() if SECRET.search(name.split(".")[1])}

    assert sounding == NO_SECRET.keys()


def test_pieces_of_files_are_not_held_in_memory_by_the_thousand():
    assert (
        rows.held_at_once(PaperPart) * PART_BYTES <= 2 * 1024 * 1024 < rows.held_at_once(Patient) * PART_BYTES
    )


def test_no_secret_stands_in_any_file(folder):
    text = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.*"))

    hashes = [user.password for user in User.objects.all()]
    digests = list(PatientLink.objects.values_list("digest", flat=True))
    assert hashes
    assert not [secret for secret in (*hashes, *digests) if secret and secret in text]


def test_each_table_is_whole(folder):
    told = json.loads((folder / "manifest.json").read_text())["rows"]
    described = {row["name"] for row in json.loads((folder / "schema.json").read_text())["tables"]}

    assert told.keys() == described == tables.exported().keys()
    for table, model in tables.exported().items():
        count = model._base_manager.count()
        assert (table, told[table]) == (table, count)
        assert len(json.loads((folder / f"json/{table}.json").read_text())) == count
    assert sum(1 for count in told.values() if count) > 55


def test_each_value_is_read_back_from_json(folder):
    for table, model in tables.exported().items():
        kinds = [values.kind_of(field) for field in tables.columns(model)]
        rows = json.loads((folder / f"json/{table}.json").read_text())
        found = [
            tuple(
                value if value is None else READ.get(kind, lambda same: same)(value)
                for value, kind in zip(row.values(), kinds, strict=True)
            )
            for row in rows
        ]
        assert found == stored(model), table


def test_each_value_is_read_back_from_csv(folder):
    for table, model in tables.exported().items():
        kinds = [values.kind_of(field) for field in tables.columns(model)]
        with (folder / f"csv/{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            _, *rows = csv.reader(file)
        assert [_read(row, kinds) for row in rows] == [_as_in_csv(row, kinds) for row in stored(model)], table


def _read(row: list[str], kinds: list[str]) -> list:
    """As docs/export.md says."""
    bare = [text[1:] if text[:1] == "'" and csv_export.begins_formula(text[1:]) else text for text in row]
    return [READ_CELL.get(kind, str)(text) if text else None for text, kind in zip(bare, kinds, strict=True)]


def _as_in_csv(row: tuple, kinds: list[str]) -> list:
    """Nothing and an empty text are the same there, and a text has no control characters."""
    return [
        (value or "").translate(csv_export.CONTROL_CHARACTERS) or None
        if kind == "text"
        else value or None
        if kind == "base64"
        else value
        for value, kind in zip(row, kinds, strict=True)
    ]


def test_a_signed_note_comes_as_it_was_signed(folder):
    rows = json.loads((folder / "json/treatments_seal.json").read_text())

    assert [row["text"] for row in rows] == list(Seal.objects.order_by("pk").values_list("text", flat=True))
    assert rows
    for row in rows:
        assert hashlib.sha256(row["text"].encode()).hexdigest() == row["digest"]
        assert json.loads(row["text"])["version"] == row["version"]


def test_each_file_is_what_the_manifest_says(folder):
    told = json.loads((folder / "manifest.json").read_text())["sha256"]
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    assert told.keys() == there - {"manifest.json"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == told[name] for name in told)
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} == {0}


def test_the_page_of_the_documentation_lists_what_the_files_hold():
    page = (Path(settings.BASE_DIR) / "docs/export.md").read_text(encoding="utf-8")
    said = schema.words()[0] | tables.LEFT_OUT | tables.COLUMNS_LEFT_OUT

    assert [name for name, words in said.items() if f"| `{name}` | {words} |" not in page] == []
