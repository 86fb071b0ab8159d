"""The rows that an event made, changed or removed: each with a MAC of its state, packed into the event.

The chain covers the packed entries, so that a row that says something else than the last event about it,
stands there without any or is gone is found (`clinic.audit.row_check`). Nobody makes a MAC without the key.
"""

import datetime as dt
import hmac
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache, lru_cache
from itertools import islice

from django.apps import apps
from django.db import models

from clinic.audit.packing import GONE, MAC_BYTES, RowEntry
from clinic.django_internals.writes import UNREAD
from clinic.models.columns import FileBytes

# Rows read in one statement.
CHUNK = 500
# Times whose text is kept: rows of one moment share it.
KEPT_TIMES = 4096

# Tables whose rows no event covers, with the reason.
UNCOVERED = {
    "clinic_auditevent": "the chain itself",
    "clinic_formkey": "presses of buttons, forgotten after days",
    "clinic_heldform": "what a page holds until it is sent",
    "patients_likelypair": "a list that a command makes anew; what is decided about a pair has an event",
    "treatments_draftpresence": "who has a draft open just now",
    "treatments_unkeptentry": "what is typed and not recorded yet",
    "django_session": "open sign-ins",
    "django_admin_log": "Django's own log; every save there has an event",
    "django_content_type": "named by the code",
    "auth_permission": "named by the code",
    "axes_accessattempt": "failed sign-ins, counted and forgotten",
    "axes_accessattemptexpiration": "failed sign-ins, counted and forgotten",
    "axes_accessfailurelog": "failed sign-ins, counted and forgotten",
    "axes_accesslog": "failed sign-ins, counted and forgotten",
}
# Columns that change without an event, with the reason.
UNCOVERED_COLUMNS = {
    ("clinic_user", "last_login"): "written by every sign-in, which has an event of its own",
    ("mfa_authenticator", "last_used_at"): "written by every use, which has an event of its own",
}


@cache
def covered_models() -> dict[str, type[models.Model]]:
    """{table: model} of every row that events cover."""
    found = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found if model._meta.db_table not in UNCOVERED}


def is_covered(table: str) -> bool:
    return table in covered_models()


@cache
def covered_columns(table: str) -> tuple[str, ...]:
    fields = covered_models()[table]._meta.local_concrete_fields
    covered = (field for field in fields if not isinstance(field, FileBytes))
    return tuple(sorted(field.attname for field in covered if (table, field.column) not in UNCOVERED_COLUMNS))


def noted_columns(table: str) -> tuple[str, ...] | None:
    """The columns that a write of this table is to give back."""
    return covered_columns(table) if is_covered(table) else None


def entries(table: str, written: dict, key: str) -> Iterator[RowEntry]:
    """The entry of each row written, {key: state}. Those known only by their keys are read as they stand."""
    unread = [pk for pk, state in written.items() if state == UNREAD]
    read = {row[0]: row for row in _rows(table, unread)}
    for pk in sorted(written):
        row = read.get(pk) if written[pk] == UNREAD else written[pk]
        yield RowEntry(table, str(pk), row_mac(table, row, key) if row else GONE)


def _rows(table: str, keys: Iterable) -> Iterator[tuple]:
    if not is_covered(table):
        return  # its rows went with it
    ordered = iter(sorted(keys))
    while some := list(islice(ordered, CHUNK)):
        model = covered_models()[table]
        yield from model._base_manager.filter(pk__in=some).values_list("pk", *covered_columns(table))


def row_mac(table: str, row: tuple, key: str) -> bytes:
    """The MAC of a row given as (key, *covered columns). A column without a value adds nothing to it."""
    pk, *values = row
    said = {
        name: value for name, value in zip(covered_columns(table), values, strict=True) if value is not None
    }
    return hmac.digest(key.encode(), canonical([table, str(pk), said]).encode(), "sha256")[:MAC_BYTES]


def _plain(value) -> str:
    if isinstance(value, dt.datetime):
        return _instant(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)


@lru_cache(KEPT_TIMES)
def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode
