"""Scanned papers of a record, without their bytes; the bytes part by part; and their verification."""

import hashlib
from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from clinic.access import Permission, may
from clinic.audit.verification import Fault, RecordCheck
from clinic.models import User
from patients.models import Consent, Coverage, Paper, PaperPart, Patient

# Papers on one page of the list, and papers verified between two reports of progress.
PAGE, CHUNK = 50, 100  # own choice:


def page(patient: Patient, *, before: int | None = None) -> tuple[list[Paper], int | None]:
    """The newest papers, those that were filed last first, and the key before which older ones are."""
    found = Paper.objects.filter(patient=patient).select_related("consent", "coverage", "mark")
    older = found.filter(pk__lt=before) if before else found
    rows = list(older.order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def visible_to(user: User, *, ref: str) -> QuerySet[Paper]:
    """Papers of one patient that the user may open."""
    patients = Patient.objects.visible_to(user).filter(ref=ref)
    found = Paper.objects.select_related("patient", "mark").filter(patient__in=patients)
    return found if may(user, Permission.CHART_VIEW) else found.nonclinical()


def of_record(user: User, *, ref: str) -> QuerySet[Paper]:
    """Papers of one patient that the user knows of."""
    return Paper.objects.select_related("patient", "mark").filter(
        patient__in=Patient.objects.visible_to(user).filter(ref=ref)
    )


def scans_of(consent: Consent) -> QuerySet[Paper]:
    """Scans of a consent that were not marked as wrong."""
    return Paper.objects.filter(patient=consent.patient_id, consent=consent, mark=None).order_by("pk")


def paper_consents(patient: Patient) -> QuerySet[Consent]:
    return Consent.objects.given().filter(patient=patient, method=Consent.Method.PAPER).order_by("-paper_on")


def coverages(patient: Patient) -> QuerySet[Coverage]:
    return Coverage.objects.filter(patient=patient, ended_at=None).order_by("pk")


def parts_of(paper: Paper) -> Iterator[bytes]:
    """The bytes in their order, one part in memory at a time."""
    number = 0
    parts = PaperPart.objects.filter(paper=paper).values_list("content", flat=True)
    while (content := parts.filter(number=number).first()) is not None:
        yield bytes(content)
        number += 1


def count() -> int:
    return Paper.objects.count()


def faults(report_progress: Callable[[int], None]) -> Iterator[Fault]:
    """Each paper whose bytes are not those that were filed. Its digest is verified with all rows."""
    papers = Paper.objects.select_related("patient").order_by("pk")
    done, found = 0, list(papers[:CHUNK])
    while found:
        for paper in found:
            if not _is_whole(paper):
                text = "does not hold the bytes that were filed: they do not have its digest"
                yield Fault(f"document {paper.pk} ({paper.patient.ref})", "altered", text)
        done += len(found)
        report_progress(done)
        found = list(papers.filter(pk__gt=found[-1].pk)[:CHUNK])


def _is_whole(paper: Paper) -> bool:
    digest, size = hashlib.sha256(), 0
    for content in parts_of(paper):
        digest.update(content)
        size += len(content)
    return (digest.hexdigest(), size) == (paper.digest, paper.size)


CHECK = RecordCheck("Documents", "documents", count, faults)
