"""Rules that were answered with a reason, counted. Nobody is named."""

from django.db.models import Count, Max, QuerySet

from treatments.models import Override
from treatments.rules.reports import overrides
from treatments.rules.reports.overrides import OverrideCount
from treatments.rules.reports.report import Terms
from treatments.selectors.reports import sessions


def by_rule(terms: Terms) -> list[OverrideCount]:
    """Rules that were answered in these days, the most often answered first."""
    rows = _answered(terms).values("rule").annotate(
        reasons=Count("pk"), sessions=Count("session", distinct=True), people=Count("by", distinct=True),
        patients=Count("session__patient", distinct=True), last_at=Max("at"),
    )  # fmt: skip
    found = [
        OverrideCount(
            overrides.rule_name(row["rule"]), row["reasons"], row["sessions"], row["people"], row["patients"],
            row["last_at"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.reasons, row.name))


def patients(terms: Terms) -> int:
    """How many there are behind all rules together."""
    return _answered(terms).aggregate(n=Count("session__patient", distinct=True))["n"]


def _answered(terms: Terms) -> QuerySet[Override]:
    return sessions.of_terms(Override.objects.order_by(), terms, day="at", therapist="session__therapist")
