"""Demos built for comparison, and their rows without what differs between two runs."""

import datetime as dt
import hashlib
import re
import sys

import time_machine
from django.apps import apps

from demo import builder
from demo.making import DemoPlan

NOW = dt.datetime(2026, 5, 12, 19, 7, 31, tzinfo=dt.UTC)
# Columns that differ between two runs, such as salted password hashes and chained MACs.
DIFFERING = {"password", "mac", "previous", "key_id", "digest", "rows"}
TABLES = [
    model for model in apps.get_models() if model._meta.app_label in ("clinic", "patients", "treatments")
]


def ignore(progress) -> None:
    """Discards the progress output."""


def stored_rows() -> dict[str, list[dict]]:
    """Every row of the product, without the columns that differ."""
    return {
        model._meta.label: [
            {name: _bare(value) for name, value in row.items() if name not in DIFFERING}
            for row in model.objects.order_by("pk").values()
        ]
        for model in TABLES
    }


def _bare(value):
    return bytes(value) if isinstance(value, memoryview) else value


def without_keys(row: dict) -> dict:
    """Without keys, because PostgreSQL's sequences are not rolled back."""
    comparable = {name: value for name, value in row.items() if not (name == "id" or name.endswith("_id"))}
    if comparable.get("object_ref", "").isdigit():
        comparable["object_ref"] = "a key"
    if "seal" in (comparable.get("changes") or {}):
        comparable["changes"] = "a digest over keys"
    if comparable.get("field") == "site":
        comparable["new"] = {
            name: value for name, value in comparable["new"].items() if name != "session_condition"
        }
    if "sealed_at" in comparable:
        comparable["text"] = re.sub(r'("[a-z_]*id"):\d+', r"\1", comparable["text"])
    return comparable


def told() -> dict[str, list[dict]]:
    return {label: [without_keys(row) for row in rows] for label, rows in stored_rows().items()}


def digests() -> dict[str, str]:
    """Of each table with its keys: the same for two runs on two copies of one database."""
    return {
        label: hashlib.sha256(repr([sorted(row.items()) for row in rows]).encode()).hexdigest()
        for label, rows in stored_rows().items()
    }


def build(patients: int, *, at_once: int, processes: int) -> None:
    """Each piece is reported as a line at once, so that whoever reads along may stop it there."""
    builder.PATIENTS_AT_ONCE = at_once
    with time_machine.travel(NOW, tick=False):
        builder.build(
            DemoPlan(patients=patients, sessions=2),
            now=NOW,
            report_progress=_say,
            processes=processes,
        )


def _say(progress) -> None:
    sys.stdout.write(f"{progress.patients}\n")
    sys.stdout.flush()
