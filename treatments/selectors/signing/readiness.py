"""The facts on which signing is decided."""

from treatments.models import NeedlingSession
from treatments.rules import qualification
from treatments.rules.session import draft_parts
from treatments.rules.signing import readiness
from treatments.rules.signing.readiness import ConditionFacts, SignFacts
from treatments.rules.sites import needled_site
from treatments.selectors import qualification as qualification_selectors
from treatments.selectors.session import draft_rows


def facts_for(session: NeedlingSession, *, sites=None, who: qualification.Facts | None = None) -> SignFacts:
    """Three queries: the draft with its parts, who writes it, and its standing sites (unless passed)."""
    if not hasattr(session, "part_conditions"):
        session = draft_rows.whole(session.pk)
    rows = session.sites.standing().select_related("muscle", "region") if sites is None else sites
    return SignFacts(
        ref=session.ref,
        who=who or who_for(session),
        sites=tuple(needled_site.facts_for(site) for site in rows),
        conditions=tuple(_condition(row) for row in session.part_conditions),
        limits=draft_parts.limits_of(session),
        answered=frozenset(draft_parts.answered(session)),
        needles_out=session.needles_out,
        tolerance=session.tolerance,
        tolerance_detail=session.tolerance_detail,
        adverse_events=len(session.part_adverse_events),
        started_at=session.started_at,
        ended_at=session.ended_at,
        aftercare_given=bool(session.part_aftercare),
        identity_checked=session.identity_checked_at is not None,
        billing_code=session.billing_code,
        billing_reason=session.billing_override_reason,
        other_care=session.other_care,
        coded_today=draft_parts.coded_today(session),
        reading=draft_parts.reading_of(session),
    )


def who_for(session: NeedlingSession, *, supervisor=None) -> qualification.Facts:
    """Who needled, on the day of the session and under its own profile."""
    return qualification_selectors.facts_for(
        session.therapist,
        profile=session.jurisdiction,
        on=readiness.day_of(session),
        supervisor=supervisor or session.supervisor,
    )


def _condition(row: dict) -> ConditionFacts:
    names = ("pk", "pain_before", "pain_after", "not_asked_before", "not_asked_after")
    return ConditionFacts(name=f"{row['name']}, {row['side']}", **{name: row[name] for name in names})
