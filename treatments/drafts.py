"""A draft with all its parts, gathered in one question."""

import json
import re
from uuid import UUID

from django.db.models import F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.models import Credential
from clinic.models.rows import Rows, day
from patients.models import Consent, ScreeningAnswer, ScreeningItem
from treatments import dosing, fields
from treatments.models import (
    AdverseEvent,
    Aftercare,
    AftercareAdvice,
    DraftEvent,
    Measurement,
    Override,
    SessionCondition,
)

CONDITION_COLUMNS = (
    "pk", "name", "side", "icd10", "pain_before", "pain_after", "not_asked_before", "not_asked_after",
)  # fmt: skip
MEASUREMENT_COLUMNS = (
    "pk", "kind", "joint", "motion", "active", "scale", "side", "before", "after", "unit",
)  # fmt: skip
BESIDE = (
    "patient", "visit__room", "location", "therapist", "supervisor", "jurisdiction", "consent__withdrawal",
    "screening", "visit_screening",
)  # fmt: skip


def with_parts(sessions: QuerySet) -> QuerySet:
    """Sessions with their small parts as lists of dicts, so that a page asks once for all of them."""
    advice = AftercareAdvice.objects.current().order_by("position")
    return sessions.select_related(*BESIDE).annotate(
        part_conditions=Rows(_of(SessionCondition, removed_at=None), **_named(CONDITION_COLUMNS)),
        part_measurements=Rows(
            _of(Measurement, struck_at=None), muscle="muscle__name", **_named(MEASUREMENT_COLUMNS)
        ),
        part_aftercare=Rows(
            _of(Aftercare, given_at__isnull=False), code="item__code", by="given_by__first_name"
        ),
        part_advice=Rows(advice, **_named(("code", "text", "kind"))),
        part_overrides=Rows(_of(Override), rule="rule", key="site__key", reason="reason"),
        part_adverse_events=Rows(_of(AdverseEvent), pk="pk"),
        part_consents=Rows(_consented(), regions="regions"),
        part_avoided=Rows(
            _avoided(),
            code="item__code",
            label="item__strip_label",
            guidance="item__guidance",
            places="regions",
        ),
        part_courses=Rows(
            _courses(),
            code="bodyregion__code",
            issued_on="credential__issued_on",
            expires_on="credential__expires_on",
        ),
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


def covered(session) -> frozenset[str] | None:
    """The parts of the body that the therapist's courses cover on the day. None: no course says which."""
    on = timezone.localdate(session.started_at or session.opened_at)
    standing = [
        row["code"]
        for row in session.part_courses
        if (day(row["issued_on"]) or on) <= on <= (day(row["expires_on"]) or on)
    ]
    asks = session.part_courses or session.jurisdiction.hours_practicum
    return frozenset(standing) if asks else None


def avoided(session) -> tuple[dosing.Avoided, ...]:
    """What the health questions said of single parts of the body."""
    return tuple(
        dosing.Avoided(row["code"], row["label"], row["guidance"], _places(_list(row["places"])))
        for row in session.part_avoided
    )


def had(session, name: str) -> bool:
    """Whether the draft has, or had before it was removed, the line that a field is a part of."""
    field, part = fields.split(name)
    if fields.PLACES[field] == fields.AFTERCARE:
        return AftercareAdvice.objects.filter(code=part).exists()
    lines = SessionCondition if fields.PLACES[field] == fields.CONDITION else Measurement
    # 18 digits fit the column; a longer number is none that a page was given
    is_number = re.fullmatch(r"[0-9]{1,18}", part) is not None
    return is_number and lines.objects.filter(session=session, pk=part).exists()


def site_key(value) -> str:
    """A key as text in one spelling: the engines write it with and without dashes."""
    return str(UUID(str(value))) if value else ""


def _of(model, **which) -> QuerySet:
    return model.objects.filter(session=OuterRef("pk"), **which).order_by("pk")


def _named(columns) -> dict[str, str]:
    return {name: name for name in columns}


def _consented() -> QuerySet:
    added = Q(parent=OuterRef("consent"), refused_at=None, withdrawal=None)
    return Consent.objects.filter(Q(pk=OuterRef("consent")) | added).order_by("pk")


def _avoided() -> QuerySet:
    asked = Q(screening=OuterRef("screening")) | Q(screening=OuterRef("visit_screening"))
    local = ScreeningAnswer.objects.filter(asked, item__scope=ScreeningItem.Scope.SITE)
    return local.filter(answer=F("item__concern_answer")).order_by("item__position", "pk")


def _places(rows: list[dict]) -> frozenset[tuple[str, str]]:
    return frozenset((row["region"], row["side"]) for row in rows)


def _courses() -> QuerySet:
    """The regions of the therapist's courses, one row each."""
    rows = Credential.regions.through.objects.filter(credential__user=OuterRef("therapist"))
    return rows.filter(credential__kind=Credential.Kind.COURSE).order_by("pk")


def _newest_events() -> QuerySet:
    rows = DraftEvent.objects.filter(session=OuterRef("pk")).order_by()
    return rows.values("field", "part", "site_key").annotate(version=Max("pk"))


def _list(value) -> list:
    """SQLite hands a list inside a row over as text."""
    return json.loads(value) if isinstance(value, str) else value
