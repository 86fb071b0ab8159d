"""Questions an owner asks: how often a rule was answered with a reason, and who had a lot of needles."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Upper

from treatments.models import NeedleSite, Override

DAYS = 90
MOST = 500
# What each rule asks, in a few words; a rule about a place that the health questions name has its own stem.
RULES = {
    "added-modality": "Other treatment with the needles",
    "both-lungs": "Both sides of the thorax in one session",
    "bleeding-deep": "A deep muscle with a bleeding risk",
    "chest-at-risk": "A site over a lung at risk",
    "code-of-the-day": "A second billing code on one day",
    "depth-over-limit": "Deeper than the practice's limit",
    "device-stimulated": "Stimulation with an electrical device in the body",
    "dwell-over-limit": "Needles left in longer than the profile allows",
    "insertions-over-needles": "More insertions than needles",
    "long-needle-at-abdomen": "A long needle near the abdomen",
    "long-needle-at-neck": "A long needle near the spinal canal",
    "muscle-not-recommended": "A muscle that should not be needled",
    "needles-differ": "Needles in and out differ",
    "outside-course": "A region that no course covers",
    "point-not-local": "A point far from what is treated",
    "pregnancy-low": "Low back, pelvis or abdomen in pregnancy",
    "region-not-consented": "A region that the consent does not name",
    "stimulation-not-allowed": "Stimulation that the profile does not allow",
}
AVOID = "avoid-"


@dataclass(frozen=True)
class Answered:
    """How often one rule was answered with a reason."""

    name: str
    reasons: int
    sessions: int
    people: int
    last_at: dt.datetime


def answered(*, since: dt.datetime) -> list[Answered]:
    """Rules that were answered since then, the most often answered first. Nobody is named."""
    rows = Override.objects.filter(at__gte=since).order_by().values("rule").annotate(
        reasons=Count("pk"), sessions=Count("session", distinct=True), people=Count("by", distinct=True),
        last_at=Max("at"),
    )  # fmt: skip
    found = [
        Answered(named(row["rule"]), row["reasons"], row["sessions"], row["people"], row["last_at"])
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row.reasons, row.name))


def named(rule: str) -> str:
    if rule.startswith(AVOID):
        return f"A place that the health questions name: {rule.removeprefix(AVOID).replace('-', ' ')}"
    return RULES.get(rule, rule)


def lot(number: str, *, visible: QuerySet) -> list[dict]:
    """Sessions in which needles of this lot were used, the newest first, among the `visible` ones."""
    every = NeedleSite.objects.standing().exclude(lot="").alias(upper=Upper("lot"))
    of_lot = every.filter(upper=Upper(Value(number))).order_by()
    # from the lot to its sessions: from all that may be seen to the lot, each of them would be looked at
    found = visible.filter(pk__in=of_lot.values("session"), voided_at=None)
    used = of_lot.filter(session=OuterRef("pk")).values("session").annotate(sum=Sum("needles")).values("sum")
    rows = found.annotate(needles=Subquery(used)).values(
        "ref", "started_at", "patient__ref", "patient__family_name", "patient__given_name",
        "therapist__first_name", "needles",
    )  # fmt: skip
    return [
        {
            "session": row["ref"],
            "on": row["started_at"],
            "patient": row["patient__ref"],
            "name": ", ".join(filter(None, (row["patient__family_name"], row["patient__given_name"]))),
            "therapist": row["therapist__first_name"],
            "needles": row["needles"],
        }
        for row in rows.order_by("-started_at", "-pk")[:MOST]
    ]
