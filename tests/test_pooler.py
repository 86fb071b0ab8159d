"""What is served relies on nothing that it kept on a database connection before: a pooler lends it on."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
# Commands that go past the pooler (docs/scale.md), and what runs at the start of a SQLite connection.
ASIDE = ("migrations", "moving", "backup", "management", "locks")
# Looks on each connection, in each message, whether it kept there what it needs.
LOOKED_FOR = "clinic/django_internals/kept_plans.py"
KEPT = re.compile(
    r"\bLISTEN \w|\bPREPARE \w|\bpg_(try_)?advisory_lock\b|\bTEMP(ORARY)? (TABLE|VIEW)\b"
    r"|\bDECLARE \w+ CURSOR\b|\bWITH HOLD\b|[\"']SET (?!LOCAL|CONSTRAINTS|TRANSACTION)\w|\bset_config\("
    r"|\.iterator\(|cursor\(name="
)


def kept(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines() if KEPT.search(line)]


def test_no_served_code_keeps_anything_on_its_connection():
    found = {
        str(file.relative_to(ROOT)): lines
        for app in ("clinic", "patients", "treatments")
        for file in (ROOT / app).rglob("*.py")
        if not set(ASIDE) & set(file.relative_to(ROOT).parts)
        and (lines := kept(file.read_text(encoding="utf-8")))
    }

    assert found.keys() == {LOOKED_FOR}


@pytest.mark.parametrize(
    "line",
    [
        'cursor.execute("SET lock_timeout = 0")',
        'cursor.execute("LISTEN news")',
        'cursor.execute("SELECT pg_advisory_lock(1)")',
        'cursor.execute("CREATE TEMP TABLE found AS SELECT 1")',
        "for row in rows.iterator():",
    ],
)
def test_it_would_be_seen(line):
    assert kept(line) == [line]


@pytest.mark.parametrize(
    "line",
    [
        'cursor.execute("SET LOCAL lock_timeout = 0")',
        'cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")',
        '"SELECT pg_advisory_xact_lock(%s)"',
    ],
)
def test_what_ends_with_the_transaction_may_be_used(line):
    assert kept(line) == []


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_is_asked_without_cursors_on_the_server():
    assert connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
