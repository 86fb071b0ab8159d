"""What may be proposed in a field of a site: freely, as a proposal, or never."""

from collections.abc import Iterable
from enum import StrEnum

from treatments.rules.session.parts import DraftSite
from treatments.rules.sites import needled_site


class ProposalPolicy(StrEnum):
    FREE = "free"  # facts of the visit, and hidden values of the page
    PROPOSED = "proposed"  # equipment and technique, dashed until the site is saved
    NEVER = "never"  # sides, counts, outcomes: a wrong one that nobody changed would be believed


# source: experience 1.2, 40 % of the harm tied to defaults came from one that nobody changed
POLICY: dict[str, ProposalPolicy] = {
    **dict.fromkeys(("key", "region", "origins", "adopted_from", "started_at"), ProposalPolicy.FREE),
    **dict.fromkeys(
        (
            "needle",
            "gauge_mm",
            "length_mm",
            "technique",
            "dwell",
            "tissue",
            "depth_mm",
            "needles",
            "ended_at",
        ),
        ProposalPolicy.PROPOSED,
    ),  # fmt: skip
}
# A plan from the last visit proposes these, and never a result.
PLAN_FIELDS = frozenset({"muscle", "side", "needle"})
OVER_LUNG_NEVER = frozenset({"depth_mm"})


def policy_of(field: str) -> ProposalPolicy:
    """A field that is not listed is never filled in."""
    return POLICY.get(field, ProposalPolicy.NEVER)


def may_propose(field: str, *, over_lung: bool = False) -> bool:
    return policy_of(field) == ProposalPolicy.PROPOSED and not (over_lung and field in OVER_LUNG_NEVER)


def needles_for(insertions: int | None, *, technique: str, one_each: bool) -> int | None:
    """The needles that are proposed: one needle may be inserted again, unless it stays where it is.

    `one_each`: the profile wants a new needle for each insertion.
    """
    return insertions if one_each or technique in needled_site.LEFT_IN else 1


def plan(visits: list[dict], sites: Iterable[DraftSite]) -> list[dict]:
    """The last visit's sites as chips; one that stands in this draft already is ticked."""
    if not visits:
        return []
    standing = {(site.name, site.side) for site in sites if not site.struck_at}
    return [{**past, "done": (past["name"], past["side"]) in standing} for past in visits[0]["sites"]]


def muscles_in_region(rows: list[dict], region: str) -> str:
    """“Infraspinatus (IS), Teres minor (TM)”: the muscles of one region."""
    return ", ".join(row["value"] for row in rows if region and region in row["regions"].split())
