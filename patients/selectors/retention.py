"""When patients were last here, which decides how long their records are kept; and what was given to whom."""

from django.db.models import OuterRef, QuerySet, Subquery

from clinic.access import Permission, may
from clinic.models import User
from patients.models import Disclosure, Patient, Visit

PAGE_SIZE = 50


def with_last_encounter(patients):
    """Patients who know when they were last here, in the same statement."""
    came = Visit.objects.filter(patient=OuterRef("pk"), arrived_at__isnull=False)
    return patients.annotate(last_here_at=Subquery(came.order_by("-arrived_at").values("arrived_at")[:1]))


def disclosure_page(patient: Patient, *, before: int | None) -> tuple[list[Disclosure], int | None]:
    """In the order of their recording, the newest first; and where the next page begins."""
    rows = Disclosure.objects.filter(patient=patient).select_related("recorded_by", "corrected_by")
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None


def correctable_disclosures(patient: Patient, *, by: User) -> QuerySet[Disclosure]:
    """Entries that stand uncorrected, for whoever may read them."""
    if not may(by, Permission.DISCLOSURE_VIEW):
        return Disclosure.objects.none()
    return Disclosure.objects.filter(patient=patient, corrected_by=None)


def entry_to_correct(patient: Patient, pk: int | None, *, by: User) -> Disclosure | None:
    return correctable_disclosures(patient, by=by).filter(pk=pk).first() if pk else None
