"""What was done of the duties of a state's rules, as annotations of a statement that reads patients."""

from django.db.models import OuterRef, QuerySet, Subquery

from clinic.models.rows import RelatedRows
from patients.models import Episode, Patient, Referral, StateDuty, Visit

# More visits than any rule counts.
VISITS_COUNTED = 60


def duty_rows(patient: OuterRef) -> dict[str, Subquery]:
    """The annotations that `patients.rules.state_duties.direct_access` reads of a patient.

    `duty_place` is where the patient was last: the rules of that place hold.
    """
    theirs = {"patient": patient}
    arrived = Visit.objects.standing().filter(**theirs, arrived_at__isnull=False)
    newest = arrived.order_by("-booked_for", "-pk")
    return {
        "duty_episode": RelatedRows(
            Episode.objects.open().filter(**theirs),
            access="access",
            opened_on="opened_on",
            visits_before="visits_before",
        ),
        "duty_visits": RelatedRows(newest[:VISITS_COUNTED], at="arrived_at"),
        "duty_place": Subquery(arrived.order_by("-arrived_at", "-pk").values("location")[:1]),
        "duty_referrals": RelatedRows(
            Referral.objects.filter(**theirs).order_by("-given_on", "-pk")[:5],
            given_on="given_on",
            expires_on="expires_on",
        ),
        "duty_rows": RelatedRows(
            StateDuty.objects.filter(**theirs).order_by("-done_on", "-pk")[:VISITS_COUNTED],
            kind="kind",
            done_on="done_on",
        ),
    }


def with_duties(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    return patients.annotate(**duty_rows(OuterRef("pk")))
