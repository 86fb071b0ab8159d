"""The facts on which signing is decided."""

from treatments.rules import qualification
from treatments.rules.session import draft_parts
from treatments.rules.session.draft import Draft
from treatments.rules.session.parts import DraftCondition
from treatments.rules.signing.readiness import ConditionFacts, SigningFacts
from treatments.rules.sites import needled_site


def facts_for(draft: Draft, *, who: qualification.QualificationFacts | None = None) -> SigningFacts:
    """The draft as its signature sees it; `who` where its signer is judged with somebody else beside."""
    session = draft.session
    return SigningFacts(
        ref=session.ref,
        who=who or draft.signer,
        sites=tuple(needled_site.from_row(site) for site in draft.standing_sites),
        conditions=tuple(_condition(row) for row in draft.conditions),
        limits=draft_parts.constraints_of(draft),
        answered=frozenset(draft.answers),
        needles_out=session.needles_out,
        tolerance=session.tolerance,
        tolerance_detail=session.tolerance_detail,
        adverse_events=draft.adverse_events,
        started_at=session.started_at,
        ended_at=session.ended_at,
        aftercare_given=bool(draft.advice_given),
        identity_checked=session.identity_checked_at is not None,
        billing_code=session.billing_code,
        billing_reason=session.billing_override_reason,
        other_care=session.other_care,
        coded_today=draft.coded_today,
        reading=draft_parts.reading_of(draft),
    )


def _condition(row: DraftCondition) -> ConditionFacts:
    names = ("pk", "pain_before", "pain_after", "not_asked_before", "not_asked_after")
    return ConditionFacts(name=f"{row.name}, {row.side}", **{name: getattr(row, name) for name in names})
