"""Reports of the practice: overrides by rule, and sessions by needle lot."""

import datetime as dt

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Upper

from treatments.models import NeedleSite, Override
from treatments.rules import reports
from treatments.rules.reports import OverrideCount

MAX_SESSIONS = 500


def overrides_by_rule(*, since: dt.datetime) -> list[OverrideCount]:
    """Rules that were answered since then, the most often answered first. Nobody is named."""
    rows = Override.objects.filter(at__gte=since).order_by().values("rule").annotate(
        reasons=Count("pk"), sessions=Count("session", distinct=True), people=Count("by", distinct=True),
        last_at=Max("at"),
    )  # fmt: skip
    found = [
        OverrideCount(
            reports.rule_name(row["rule"]), row["reasons"], row["sessions"], row["people"], row["last_at"]
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row.reasons, row.name))


def sessions_of_lot(number: str, *, visible: QuerySet) -> list[dict]:
    """Sessions in which needles of this lot were used, the newest first, among the `visible` ones."""
    every = NeedleSite.objects.standing().exclude(lot="").alias(upper=Upper("lot"))
    of_lot = every.filter(upper=Upper(Value(number))).order_by()
    # start from the sites of the lot: starting from the visible sessions would check every one of them
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
        for row in rows.order_by("-started_at", "-pk")[:MAX_SESSIONS]
    ]
