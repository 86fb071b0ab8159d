"""Files scanned papers, records that one is opened, and marks the wrong ones. Nothing is deleted."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.values import errors
from patients.actions import records
from patients.models import Consent, Coverage, Paper, PaperMark, PaperPart, Patient
from patients.models.papers import PART_BYTES
from patients.rules.papers import files, filing


@transaction.atomic
def file(
    patient: Patient, *, by, content: BinaryIO, size: int, kind: str, title: str, paper_on: dt.date,
    consent: Consent | None = None, coverage: Coverage | None = None,
) -> Paper:  # fmt: skip
    """File what is in `content`, of `size` bytes. One part of it is in memory at a time."""
    patient = records.lock_record(patient.pk)
    facts = files.judged(content, size)
    unfit = filing.reasons(
        patient, kind=kind, paper_on=paper_on, today=timezone.localdate(), consent=consent, coverage=coverage
    )
    errors.refuse([*facts.reasons, *unfit])

    paper = Paper.objects.create(
        patient=patient,
        kind=kind,
        title=title,
        paper_on=paper_on,
        consent=consent,
        coverage=coverage,
        media_type=facts.media_type,
        size=facts.size,
        digest=_digest(content, facts.size),
        filed_by=by,
    )
    for number, part in enumerate(_parts(content, facts.size)):
        PaperPart.objects.create(paper=paper, number=number, content=part)

    audit.record("paper.filed", paper, by=by, patient=patient, changes={"digest": ["", paper.digest]})
    return paper


@transaction.atomic
def record_opening(paper: Paper, *, by) -> None:
    """Record it before it is sent: when this fails, nothing is sent."""
    audit.record("paper.opened", paper, by=by, patient=paper.patient)


@transaction.atomic
def mark_wrong(paper: Paper, *, by, reason: str) -> PaperMark:
    """Say that it belongs elsewhere, or is not what it is called. It stays and can be opened."""
    patient = records.lock_record(paper.patient_id)
    errors.refuse(filing.mark_reasons(marked=PaperMark.objects.filter(paper=paper).exists()))

    mark = PaperMark.objects.create(paper=paper, reason=reason, marked_by=by)

    audit.record("paper.marked", paper, by=by, patient=patient, reason=reason)
    return mark


def _digest(content: BinaryIO, size: int) -> str:
    digest = hashlib.sha256()
    for part in _parts(content, size):
        digest.update(part)
    return digest.hexdigest()


def _parts(content: BinaryIO, size: int) -> Iterator[bytes]:
    content.seek(0)
    while size:
        part = content.read(min(size, PART_BYTES))
        size -= len(part)
        yield part
