"""Keeps a file of another system until somebody confirms it, and ends it."""

import zlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.values import errors
from patients.models import BroughtFile
from patients.rules.bringing_in import files
from patients.selectors import bringing_in as selectors


@dataclass(frozen=True)
class FileFacts:
    """Of a file that is brought in at once; `mapping` says what each column holds."""

    kind: str
    name: str
    digest: str
    mapping: list[str]


@transaction.atomic
def keep(facts: FileFacts, content: bytes, *, by) -> BroughtFile:
    """Keep an uploaded file; the one that waited before it is taken away."""
    errors.refuse(files.again_reasons(selectors.brought_before(facts.digest, kind=facts.kind)))
    for former in BroughtFile.objects.select_for_update().filter(uploaded_by=by, ended_at=None):
        _end(former, by=by, written=0)
    file = _new(facts, by=by)
    file.content = zlib.compress(content)
    file.save()

    audit.record("brought_file.uploaded", file, by=by, changes={"digest": [None, file.digest]})
    return file


@transaction.atomic
def choose_columns(file: BroughtFile, *, by, mapping: list[str]) -> None:
    """What the columns hold, as somebody chose it."""
    file = waiting(file.pk)
    before, file.mapping = file.mapping, mapping
    if before == mapping:
        return
    file.save(update_fields=["mapping"])

    audit.record("brought_file.mapped", file, by=by, changes={"mapping": [before, mapping]})


@transaction.atomic
def take_away(file: BroughtFile, *, by) -> None:
    """Nothing of it is kept but that it was here."""
    file = waiting(file.pk)
    _end(file, by=by, written=0)

    audit.record("brought_file.taken_away", file, by=by)


def waiting(pk: int) -> BroughtFile:
    """The row lock of a file that waits; refused where it was brought in or taken away meanwhile."""
    found = list(BroughtFile.objects.select_for_update().filter(pk=pk, ended_at=None))
    errors.refuse(files.waiting_reasons(is_waiting=bool(found)))
    return found[0]


def finish(file: BroughtFile | FileFacts, *, by, written: int) -> BroughtFile:
    """The file as brought in, without what it held. The transaction is the caller's."""
    row = _new(file, by=by) if isinstance(file, FileFacts) else waiting(file.pk)
    _end(row, by=by, written=written)
    return row


def _new(facts: FileFacts, *, by) -> BroughtFile:
    kept = {"name": facts.name[:200], "digest": facts.digest, "mapping": facts.mapping}
    return BroughtFile(kind=facts.kind, uploaded_by=by, **kept)


def _end(file: BroughtFile, *, by, written: int) -> None:
    file.content, file.written = b"", written
    file.ended_at, file.ended_by = timezone.now(), by
    if file.pk:
        file.save(update_fields=["content", "written", "ended_at", "ended_by"])
    else:
        file.save()
