"""The sessions of one patient with their parts, read in one statement."""

from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clinic.django_internals.prepared import PreparedQuery
from clinic.models.rows import RelatedRows
from treatments.models import (
    Addendum,
    ErrorMark,
    FollowUp,
    Measurement,
    NeedleSite,
    NeedlingSession,
    SessionCondition,
    SorenessReport,
)
from treatments.rules.adverse_events import event as event_rules
from treatments.rules.record.patient_sessions import (
    NONE_MERGED,
    Merged,
    PainScore,
    SorenessScore,
    TreatedSite,
    Treatment,
)
from treatments.rules.record.trends_page import MAX_TREATMENTS
from treatments.rules.session.parts import DraftMeasurement
from treatments.selectors.adverse_events import event


def sessions_of(patient, merged: tuple[int, ...] | None = None) -> QuerySet:
    """The sessions of this patient that took place, newest first, ready for `treatments_of`.

    Those of the records `merged` into this one too.
    """
    of_patient = Q(patient=patient) | Q(patient__among=merged) if merged else Q(patient=patient)
    return NeedlingSession.objects.counted().filter(of_patient).order_by("-opened_at", "-pk")


def newest_treatments(patient, count: int, *, merged: Merged = NONE_MERGED) -> list[Treatment]:
    return treatments_of(sessions_of(patient, tuple(merged) or None)[:count], merged)


def older_sessions(sessions: QuerySet, ref: str) -> QuerySet:
    """The sessions that are older than the one with that reference."""
    limit = sessions.order_by().filter(ref=ref)
    at, pk = Subquery(limit.values("opened_at")), Subquery(limit.values("pk"))
    return sessions.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=pk))


def page_of_treatments(patient, *, before: str, at_most: int, merged: Merged) -> list[Treatment]:
    """The newest, or those before the session with the reference `before`. One statement."""
    rows = PAGE_OF(
        patient=patient.pk,
        merged=tuple(merged) or None,
        before=before or None,
        at_most=frozenset({at_most}),
    )
    return [_treatment(row, merged) for row in rows]


def _page_of(
    patient: int, merged: tuple[int, ...] | None, before: str | None, at_most: frozenset[int]
) -> QuerySet:
    """`at_most` is of the page, not of who asks: its number is in the text of the statement."""
    (number,) = at_most
    rows = sessions_of(patient, merged)
    return _with_parts((older_sessions(rows, before) if before else rows)[:number])


def treatments_of(sessions: QuerySet, merged: Merged = NONE_MERGED) -> list[Treatment]:
    """One statement. Slice `sessions` first where a page shows only some."""
    return [_treatment(row, merged) for row in _with_parts(sessions)]


def measured_treatments(patient: int) -> list[Treatment]:
    """The newest finished treatments with their pain and sites alone; those in error are left out."""
    return [
        Treatment(row.ref, row.started_at or row.opened_at, pains=_pains(row), sites=_sites(row))
        for row in MEASURED(patient=patient)
    ]


def _measured(patient: int) -> QuerySet:
    found = NeedlingSession.objects.finished().filter(patient=patient, error_mark=None)
    return found.annotate(**_pains_and_sites()).order_by("-opened_at", "-pk")[:MAX_TREATMENTS]


MEASURED = PreparedQuery(_measured)


def _with_parts(sessions: QuerySet) -> QuerySet:
    of_session = {"session": OuterRef("pk")}
    reports = SorenessReport.objects.filter(
        followup__session=OuterRef("pk"), superseded_by=None, now__isnull=False
    )
    return sessions.annotate(
        **_pains_and_sites(),
        report_rows=RelatedRows(
            reports.order_by("followup__step"), step="followup__step", now="now", worst="worst", hours="hours"
        ),
        event_rows=event.rows_of_session(),
        measurement_rows=_measurements(of_session),
        followup_rows=RelatedRows(FollowUp.objects.filter(**of_session), step="step", outcome="outcome"),
        is_amended=Exists(Addendum.objects.amending().filter(**of_session)),
        is_in_error=Exists(ErrorMark.objects.filter(**of_session)),
    )


def _measurements(of_session: dict) -> RelatedRows:
    names = (
        "pk",
        "kind",
        "side",
        "joint",
        "motion",
        "active",
        "scale",
        "before",
        "after",
        "unit",
        "pain_at_end",
        "device",
        "position",
        "remark",
    )
    rows = Measurement.objects.filter(**of_session, struck_at=None)
    return RelatedRows(rows, muscle_name="muscle__name", **{name: name for name in names})


PAGE_OF = PreparedQuery(_page_of)


def _pains_and_sites() -> dict[str, RelatedRows]:
    of_session = {"session": OuterRef("pk")}
    return {
        "pain_rows": RelatedRows(
            SessionCondition.objects.filter(**of_session, removed_at=None),
            pk="pk",
            condition="patient_condition_id",
            name="name",
            side="side",
            before="pain_before",
            after="pain_after",
            region="patient_condition__condition__region",
        ),
        "site_rows": RelatedRows(
            NeedleSite.objects.standing().filter(**of_session),
            number="number",
            muscle=Coalesce("muscle__name", "unlisted_name"),
            side="side",
            insertions="insertions",
            condition=F("session_condition__patient_condition_id"),
            region=Coalesce("region__code", _first_region()),
        ),
    }


def _first_region():
    through = NeedleSite._meta.get_field("muscle").related_model.regions.through
    # the back first: a muscle that shows in both views is mostly needled there
    rows = through.objects.filter(muscle=OuterRef("muscle")).order_by(
        "bodyregion__view", "bodyregion__position"
    )
    return Subquery(rows.values("bodyregion__code")[:1])


def _treatment(row: NeedlingSession, merged: Merged) -> Treatment:
    return Treatment(
        ref=row.ref,
        record_ref=merged.get(row.patient_id, ""),
        at=row.started_at or row.opened_at,
        number=row.visit_number,
        state=row.state,
        amended=row.is_amended,
        in_error=row.is_in_error,
        is_late=row.is_late_entry,
        not_needled=row.get_not_needled_display() if row.not_needled else "",
        pains=_pains(row),
        sites=_sites(row),
        soreness=tuple(SorenessScore(**part) for part in sorted(row.report_rows, key=_step)),
        events=tuple(event_rules.lines(row.event_rows, ref=row.ref)),
        steps={part["step"]: part["outcome"] for part in row.followup_rows},
        measurements=tuple(_measurement(part) for part in sorted(row.measurement_rows, key=_pk)),
        plan=row.plan,
    )


def _pains(row: NeedlingSession) -> tuple[PainScore, ...]:
    return tuple(_pain(part) for part in sorted(row.pain_rows, key=_pk))


def _sites(row: NeedlingSession) -> tuple[TreatedSite, ...]:
    return tuple(_site(part) for part in sorted(row.site_rows, key=_number))


def _pain(part: dict) -> PainScore:
    return PainScore(**{name: value for name, value in part.items() if name != "pk"})


def _site(part: dict) -> TreatedSite:
    named = {name: value for name, value in part.items() if name != "number"}
    return TreatedSite(**{**named, "region": named["region"] or ""})


def _measurement(part: dict) -> DraftMeasurement:
    numbers = {name: None if part[name] is None else Decimal(str(part[name])) for name in ("before", "after")}
    muscle = part["muscle_name"] or ""
    return DraftMeasurement(**{**part, **numbers, "active": bool(part["active"]), "muscle_name": muscle})


def _pk(part: dict) -> int:
    return part["pk"]


def _number(part: dict) -> int:
    return part["number"]


def _step(part: dict) -> int:
    return part["step"]
