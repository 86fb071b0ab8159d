"""Soreness by muscle and number of insertions. Nobody is named."""

from django.db.models import Avg, Case, Count, IntegerField, QuerySet, Value, When

from treatments.models import NeedleSite
from treatments.rules.reports import soreness
from treatments.rules.reports.report import Terms
from treatments.rules.reports.soreness import DoseSoreness
from treatments.selectors.adverse_events import rates

REPORT = "session__followups__reports"


def by_muscle_and_dose(terms: Terms, *, step: int) -> list[DoseSoreness]:
    """Sites of these days whose patients answered at `step` hours; a corrected report counts once."""
    rows = _sites(terms, step=step).values("muscle__name", "dose").annotate(
        patients=Count("session__patient", distinct=True), sites=Count("pk", distinct=True),
        now=Avg(f"{REPORT}__now"), worst=Avg(f"{REPORT}__worst"),
    )  # fmt: skip
    return [
        DoseSoreness(
            row["muscle__name"], row["dose"], row["patients"], row["sites"], row["now"], row["worst"]
        )
        for row in rows
    ]


def _sites(terms: Terms, *, step: int) -> QuerySet:
    held = rates.treated(terms).order_by().values("pk")
    doses = [When(insertions__gte=least, then=Value(least)) for least in reversed(soreness.DOSES)]
    answered = {
        "session__followups__step": step,
        f"{REPORT}__superseded_by": None,
        f"{REPORT}__isnull": False,
    }
    sites = NeedleSite.objects.standing().filter(session__in=held, muscle__isnull=False, **answered)
    return sites.annotate(dose=Case(*doses, output_field=IntegerField())).order_by()
