"""Medicare notices of a patient, and what has changed since, as values of the rules."""

import datetime as dt

from django.db.models import OuterRef, QuerySet, Subquery

from clinic.models.rows import RelatedRows
from patients.models import Coverage, Level, NonCoverageNotice, PatientCondition, Screening
from patients.rules import notices
from patients.rules.notices import MedicareFacts

COLUMNS = (
    "pk", "kind", "form_expires_on", "items", "reason", "estimated_cost", "option", "given_on", "given_at",
    "is_signed", "for_on", "until_on", "noted_at", "ended_at",
)  # fmt: skip


def rows(patient: str = "pk") -> RelatedRows:
    """Every notice that was given, in the order of giving. `patient` leads from the outer row to its key."""
    given = NonCoverageNotice.objects.filter(patient=OuterRef(patient)).order_by("given_on", "pk")
    return RelatedRows(given, **{name: name for name in COLUMNS})


def medicare_facts(insurances: list, given: list[dict], *changed: dt.datetime | None) -> MedicareFacts | None:
    """None: Medicare does not insure them. `insurances` and `given` are what `medicare` and `rows` found."""
    if not insurances:
        return None
    newest = max((at for at in changed if at), default=None)
    return MedicareFacts(tuple(notices.notice_of(row) for row in given), newest)


def medicare(patient: str = "pk") -> QuerySet:
    """The insurances with Medicare that stand, of the outer row's patient."""
    insured = Coverage.objects.filter(patient=OuterRef(patient), kind=Coverage.Kind.MEDICARE)
    return insured.filter(ended_at=None).order_by("pk")


def changed_at(patient: str = "pk") -> tuple[Subquery, Subquery]:
    """When a condition was recorded last, and when an answer was given last that says caution or stop."""
    conditions = PatientCondition.objects.filter(episode__patient=OuterRef(patient)).order_by("-noted_at")
    answers = Screening.objects.filter(patient=OuterRef(patient)).exclude(computed_level=Level.CLEAR)
    return (
        Subquery(conditions.values("noted_at")[:1]),
        Subquery(answers.order_by("-taken_at").values("taken_at")[:1]),
    )
