"""Rules that a session raises, each answered with a reason before it is signed."""

from demo.record.patients import PatientRecord
from treatments.models import NeedleSite, NeedlingSession, Override
from treatments.rules.signing import readiness
from treatments.rules.sites import depth_bound, entry, hazards, needled_site
from treatments.rules.sites.needled_site import NeedledSite, SiteConstraints

OVER_INSERTIONS, NOT_USED = "needles-over-insertions", "opened-not-used"
OVER_PUBLISHED = hazards.OVER_PUBLISHED
REASONS = {
    OVER_INSERTIONS: "Two needles side by side through one guide tube.",
    NOT_USED: "One needle fell to the floor and went into the sharps container.",
    OVER_PUBLISHED: "Muscle lifted between finger and thumb, needle toward the thumb and away from the ribs.",
    readiness.NEEDLES_DIFFER: "One needle was found in the towel after the count. All are accounted for.",
}


def raise_at_site(record: PatientRecord, site: NeedleSite) -> None:
    if OVER_INSERTIONS in record.particulars.overrides:
        site.needles = site.insertions + 1
    if OVER_PUBLISHED in record.particulars.overrides:
        bound = depth_bound.of(needled_site.from_row(site))
        # a limit stands for some muscles elsewhere too
        if bound is not None and not bound.is_limit:
            site.depth_mm = bound.asks_from_mm


def raise_at_count(record: PatientRecord, session: NeedlingSession) -> None:
    if NOT_USED in record.particulars.overrides:
        session.needles_opened += 1
    if readiness.NEEDLES_DIFFER in record.particulars.overrides:
        session.needles_out -= 1


def answer(record: PatientRecord, session: NeedlingSession, sites: list[NeedleSite]) -> None:
    """Each prompt of these rules with its words as they stand, which the reason answers."""
    wanted = record.particulars.overrides
    if not wanted:
        return
    rows = {str(site.key): site for site in sites}
    needled = [needled_site.from_row(site) for site in sites]
    for prompt in entry.prompts(needled, SiteConstraints(), needled_site.values_of(session)):
        if prompt.rule in wanted:
            _add(record, session, prompt.rule, prompt.asked, site=rows.get(prompt.site_key))
    _answer_count(record, session, needled)


def _answer_count(record: PatientRecord, session: NeedlingSession, needled: list[NeedledSite]) -> None:
    facts = readiness.SigningFacts(session.ref, sites=tuple(needled), needles_out=session.needles_out)
    if facts.needles_in != facts.needles_out:
        _add(record, session, readiness.NEEDLES_DIFFER, readiness.needles_differ_message(facts))


def _add(
    record: PatientRecord,
    session: NeedlingSession,
    rule: str,
    asked: str,
    *,
    site: NeedleSite | None = None,
) -> None:
    reason, by, at = REASONS[rule], session.therapist, session.ended_at
    record.batch.add(
        Override, session=session, site=site, rule=rule, asked=asked, reason=reason, at=at, by=by
    )
    if rule != readiness.NEEDLES_DIFFER:
        changes = {"rule": [None, rule]}
        record.add_event("session.rule_answered", session, by=by, at=at, changes=changes, reason=reason)
