"""What earlier visits give the session page: the plan, the last visits, what helped."""

import datetime as dt

from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models.rows import RelatedRows
from treatments.models import NeedleSite, NeedlingSession, SessionCondition, SorenessReport
from treatments.rules.record import trends
from treatments.rules.record.trends import MuscleEffect
from treatments.rules.session.draft import DraftSession
from treatments.selectors.record import patient_sessions

MAX_VISITS = 3
MUSCLES_SHOWN = 4


def sites_with_plan(session: DraftSession) -> tuple[list[NeedleSite], list[dict]]:
    """The draft's sites; in the same query those of the visit before it, as that visit's plan."""
    found = PLANNED(pk=session.pk, patient=session.patient.pk, opened_at=session.opened_at)
    before = [site for site in found if site.session_id != session.pk]
    return [site for site in found if site.session_id == session.pk], _visit_of(before)


def _planned(pk: int, patient: int, opened_at: dt.datetime) -> QuerySet:
    own, before = NeedlingSession.objects.order_by().filter(pk=pk), _before(pk, patient, opened_at)
    visits = NeedlingSession.objects.order_by().in_any(own.values("pk"), before.values("pk")[:1])
    sites = NeedleSite.objects.filter(Q(session=pk) | Q(struck_at=None), session__in=visits)
    visit = {
        "visit_ref": F("session__ref"),
        "visit_at": Coalesce("session__started_at", "session__opened_at"),
    }
    return sites.select_related("muscle", "region").annotate(**visit).order_by("number", "pk")


PLANNED = PreparedQuery(_planned)


def earlier_visits(session: DraftSession) -> list[dict]:
    """The three visits before this one, in one query however long the history is."""
    visits = []
    for row in EARLIER_VISITS(pk=session.pk, patient=session.patient.pk, opened_at=session.opened_at):
        visits.append(
            {
                "ref": row.ref,
                "on": timezone.localdate(row.started_at or row.opened_at),
                "pains": [c for c in row.past_conditions if c["before"] is not None],
                "sites": [{**_past_site(site), "ref": row.ref} for site in row.past_sites],
                "reports": row.past_reports,
                "plan": row.plan,
            }
        )
    return visits


SITE_COLUMNS = {
    "pk": "pk",
    "code": "muscle__code",
    "name": "muscle__name",
    "unlisted": "unlisted_name",
    "side": "side",
    "insertions": "insertions",
    "gauge": "gauge_mm",
    "length": "length_mm",
}


def _earlier_visits(pk: int, patient: int, opened_at: dt.datetime) -> QuerySet:
    found = _before(pk, patient, opened_at).annotate(
        past_conditions=RelatedRows(_conditions(), before="pain_before", after="pain_after"),
        past_sites=RelatedRows(_sites(), **SITE_COLUMNS),
        past_reports=RelatedRows(_reports(), step="followup__step", now="now"),
    )
    return found[:MAX_VISITS]


EARLIER_VISITS = PreparedQuery(_earlier_visits)


def muscle_effects(session: DraftSession, condition: int | None) -> list[MuscleEffect]:
    """What the trends of this condition say about each muscle, those first that helped most."""
    treated = patient_sessions.measured_treatments(session.patient.pk)
    return trends.muscle_effects(treated, condition)[:MUSCLES_SHOWN]


def _before(pk: int, patient: int, opened_at: dt.datetime) -> QuerySet:
    """The visits before a session, the newest first. A note in error says nothing of this patient."""
    visits = NeedlingSession.objects.counted().filter(
        patient=patient, opened_at__lt=opened_at, error_mark=None
    )
    return visits.exclude(pk=pk).order_by("-opened_at")


def _visit_of(sites: list[NeedleSite]) -> list[dict]:
    """The chips of a plan: one earlier visit, from its sites."""
    if not sites:
        return []
    ref, at = (vars(sites[0])[name] for name in ("visit_ref", "visit_at"))
    chips = [{**_past_site(_as_row(site)), "ref": ref} for site in sites]
    return [{"ref": ref, "on": timezone.localdate(at), "sites": chips}]


def _as_row(site: NeedleSite) -> dict:
    return {
        "pk": site.pk,
        "code": site.muscle.code if site.muscle else None,
        "name": site.muscle.name if site.muscle else None,
        "unlisted": site.unlisted_name,
        "side": site.side,
        "insertions": site.insertions,
        "gauge": site.gauge_mm,
        "length": site.length_mm,
    }


def _conditions() -> QuerySet:
    return SessionCondition.objects.filter(session=OuterRef("pk"), removed_at=None).order_by("pk")


def _sites() -> QuerySet:
    return NeedleSite.objects.standing().filter(session=OuterRef("pk")).order_by("number")


def _reports() -> QuerySet:
    newest = SorenessReport.objects.filter(
        followup__session=OuterRef("pk"), superseded_by=None, now__isnull=False
    )
    return newest.order_by("followup__step", "pk")


def _past_site(row: dict) -> dict:
    name = row["name"] or row["unlisted"]
    gauge = f"{float(row['gauge']):.2f}"
    return {
        "pk": row["pk"],
        "name": name,
        "value": f"{name} ({row['code'].upper()})" if row["code"] else name,
        "side": row["side"],
        "letter": row["side"][:1].upper(),
        "insertions": row["insertions"],
        "needle": f"{gauge}x{row['length']}",
        "needle_words": f"{gauge}×{row['length']}",
    }
