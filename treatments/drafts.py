"""A draft with all its parts, gathered in one question."""

import json
from uuid import UUID

from django.db.models import Max, OuterRef, Q, QuerySet

from clinic.models.rows import Rows
from patients.models import Consent
from treatments.models import (
    AdverseEvent,
    Aftercare,
    AftercareAdvice,
    DraftEvent,
    Measurement,
    Override,
    SessionCondition,
)


def with_parts(sessions: QuerySet) -> QuerySet:
    """Sessions with their small parts as lists of dicts, so that a page asks once for all of them."""
    return sessions.select_related(
        "patient",
        "visit__room",
        "location",
        "therapist",
        "supervisor",
        "jurisdiction",
        "consent__withdrawal",
        "screening",
        "visit_screening",
    ).annotate(
        part_conditions=Rows(
            SessionCondition.objects.filter(session=OuterRef("pk"), removed_at=None).order_by("pk"),
            pk="pk",
            name="name",
            side="side",
            icd10="icd10",
            pain_before="pain_before",
            pain_after="pain_after",
            not_asked_before="not_asked_before",
            not_asked_after="not_asked_after",
        ),
        part_measurements=Rows(
            Measurement.objects.filter(session=OuterRef("pk"), struck_at=None).order_by("pk"),
            pk="pk",
            kind="kind",
            joint="joint",
            motion="motion",
            active="active",
            scale="scale",
            side="side",
            before="before",
            after="after",
            unit="unit",
            muscle="muscle__name",
        ),
        part_aftercare=Rows(_given(), code="item__code", by="given_by__first_name"),
        part_advice=Rows(
            AftercareAdvice.objects.current().order_by("position"), code="code", text="text", kind="kind"
        ),
        part_overrides=Rows(
            Override.objects.filter(session=OuterRef("pk")).order_by("pk"),
            rule="rule",
            key="site__key",
            reason="reason",
        ),
        part_adverse_events=Rows(AdverseEvent.objects.filter(session=OuterRef("pk")).order_by("pk"), pk="pk"),
        part_consents=Rows(_consented(), regions="regions"),
        part_versions=Rows(_newest_events(), field="field", part="part", key="site_key", version="version"),
    )


def answered(session) -> dict[tuple[str, str], str]:
    """{(rule, site key or ""): reason} for the rules that were answered."""
    return {(row["rule"], site_key(row["key"])): row["reason"] for row in session.part_overrides}


def versions(session) -> dict[tuple[str, str, str], int]:
    """{(field, part, site key): version}. A field's version is the number of its newest change."""
    return {
        (row["field"], row["part"], site_key(row["key"])): row["version"] for row in session.part_versions
    }


def consented(session) -> frozenset[str] | None:
    """The parts of the body that the session's consent names, later additions included."""
    if session.consent_id is None:
        return None
    lists = [_list(row["regions"]) for row in session.part_consents]
    return frozenset(group for groups in lists for group in groups)


def site_key(value) -> str:
    """A key as text in one spelling: the engines write it with and without dashes."""
    return str(UUID(str(value))) if value else ""


def _given() -> QuerySet:
    return Aftercare.objects.filter(session=OuterRef("pk"), given_at__isnull=False).order_by("pk")


def _consented() -> QuerySet:
    added = Q(parent=OuterRef("consent"), refused_at=None, withdrawal=None)
    return Consent.objects.filter(Q(pk=OuterRef("consent")) | added).order_by("pk")


def _newest_events() -> QuerySet:
    rows = DraftEvent.objects.filter(session=OuterRef("pk")).order_by()
    return rows.values("field", "part", "site_key").annotate(version=Max("pk"))


def _list(value) -> list:
    """SQLite hands a list inside a row over as text."""
    return json.loads(value) if isinstance(value, str) else value
