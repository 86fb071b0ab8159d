"""The last encounter of patients, which starts the retention period, and disclosures."""

from django.db.models import OuterRef, QuerySet, Subquery

from clinic.access import Permission, may
from clinic.models import User
from patients.models import Disclosure, Patient, Visit

PAGE_SIZE = 50


def with_last_encounter(patients):
    """Patients annotated with their last encounter, under whichever record of theirs it was."""
    one_person = Patient.objects.of_one_person(OuterRef(OuterRef("pk")), OuterRef(OuterRef("merged_into")))
    arrivals = Visit.objects.filter(patient__among=one_person.values("pk"), arrived_at__isnull=False)
    return patients.annotate(last_here_at=Subquery(arrivals.order_by("-arrived_at").values("arrived_at")[:1]))


def disclosure_page(patient: Patient, *, before: int | None) -> tuple[list[Disclosure], int | None]:
    """One page of disclosures, the newest first, and the key before which the next page starts."""
    rows = Disclosure.objects.filter(patient=patient).select_related("recorded_by", "corrected_by")
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None


def every_disclosure(patient: Patient) -> list[Disclosure]:
    """The newest first."""
    rows = Disclosure.objects.filter(patient=patient).select_related("recorded_by", "corrected_by")
    return list(rows.order_by("-pk"))


def correctable_disclosures(patient: Patient, *, by: User) -> QuerySet[Disclosure]:
    """Disclosures without a correction, for users who may read them."""
    if not may(by, Permission.DISCLOSURE_VIEW):
        return Disclosure.objects.none()
    return Disclosure.objects.filter(patient=patient, corrected_by=None)


def entry_to_correct(patient: Patient, pk: int | None, *, by: User) -> Disclosure | None:
    return correctable_disclosures(patient, by=by).filter(pk=pk).first() if pk else None
