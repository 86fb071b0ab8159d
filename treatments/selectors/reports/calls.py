"""Follow-up calls in which nobody was reached."""

from django.db.models import Max, OuterRef, Subquery

from clinic.models import User
from treatments.models import ContactAttempt, FollowUp
from treatments.rules.reports.calls import CallRow
from treatments.rules.reports.report import MAX_ROWS, Terms
from treatments.selectors.reports import sessions


def not_reached(terms: Terms, *, user: User) -> list[CallRow]:
    """Calls that were due in these days: given up, or tried and still open. The newest first."""
    given_up = FollowUp.objects.filter(outcome=FollowUp.Outcome.UNREACHABLE)
    tried = FollowUp.objects.open().filter(attempts__gt=0)
    # a union: for an OR between the two lists the databases would read every call of these days
    keys = [
        sessions.of_terms(calls, terms, day="due_at", therapist="session__therapist").order_by().values("pk")
        for calls in (given_up, tried)
    ]
    found = FollowUp.objects.visible_to(user).filter(pk__among=keys[0].union(keys[1]))
    contacts = ContactAttempt.objects.filter(followup=OuterRef("pk")).order_by().values("followup")
    found = found.annotate(last_at=Subquery(contacts.annotate(last=Max("made_at")).values("last")))
    rows = found.select_related("session__patient", "session__therapist").order_by("-due_at", "-pk")
    return [_row(row) for row in rows[:MAX_ROWS]]


def _row(row) -> CallRow:
    patient = row.session.patient
    return CallRow(
        ref=row.ref,
        patient_ref=patient.ref,
        patient=patient.listed_name,
        phone=patient.phone,
        therapist=row.session.therapist.display_name,
        due_at=row.due_at,
        attempts=row.attempts,
        last_at=row.last_at,
        closed=row.closed_at is not None,
    )
