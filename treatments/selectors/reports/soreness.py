"""Soreness by muscle and number of insertions. Nobody is named."""

from django.db.models import Avg, Case, Count, IntegerField, Q, QuerySet, Value, When

from treatments.models import NeedleSite
from treatments.rules.reports import soreness
from treatments.rules.reports.report import Terms
from treatments.rules.reports.soreness import DoseSoreness
from treatments.selectors.reports import sessions

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
    """Joined to their sessions: a list of those of ninety days would be read once more for each patient."""
    doses = [When(insertions__gte=least, then=Value(least)) for least in reversed(soreness.DOSES)]
    ended = Q(session__signed_at__isnull=False) | Q(session__closed_unsigned_at__isnull=False)
    # by the columns that join, as in `NeedlingSession.objects.without_error()`
    answered = {
        "session__error_mark__session": None,
        "session__followups__step": step,
        f"{REPORT}__superseded_by__supersedes": None,
        f"{REPORT}__isnull": False,
    }
    of_days = {"day": "session__started_at", "therapist": "session__therapist"}
    sites = sessions.of_terms(NeedleSite.objects.standing().order_by(), terms, **of_days)
    rows = sites.filter(ended, muscle__isnull=False, **answered)
    return rows.annotate(dose=Case(*doses, output_field=IntegerField()))
