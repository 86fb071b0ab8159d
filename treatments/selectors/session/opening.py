"""The facts on which opening a session is decided."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.models import Jurisdiction, Practice, User
from patients.models import Coverage, Patient, PatientCondition, Referral, Visit
from patients.rules.visits.days import day_bounds
from patients.selectors import validity as validity_selectors
from patients.selectors import visits as visits_selectors
from treatments.models import NeedlingSession
from treatments.rules.session.opening import LATE_DAYS, Occasion, OpenFacts
from treatments.selectors import qualification


def open_facts_for(
    patient: Patient,
    *,
    user: User,
    practice: Practice,
    occasion: Occasion,
    supervisor: User | None = None,
) -> OpenFacts:
    """Gather the facts of the visit that the session would belong to, as they stood on its day."""
    visit, on = occasion.visit, occasion.on
    has_condition = PatientCondition.objects.open().filter(
        episode__patient=OuterRef("pk"), episode__discharged_at=None
    )
    condition, referral, medicare = (
        Patient.objects.filter(pk=patient.pk)
        .values_list(Exists(has_condition), Exists(_referrals(on)), Exists(_medicare_without_notice()))
        .get()
    )
    profile = practice.jurisdiction
    return OpenFacts(
        ref=patient.ref,
        on=on,
        who=qualification.facts_for(user, profile=jurisdiction_of(practice), on=on, supervisor=supervisor),
        safety=validity_selectors.validity_facts([patient], on=on)[patient.pk],
        visit_id=visit.pk if visit else None,
        has_condition=condition,
        deceased_on=patient.deceased_on,
        is_merged=patient.merged_into_id is not None,
        jurisdiction=profile.name if profile else "",
        allowed=profile.allowed if profile else None,
        referral_rule=profile.referral if profile else Jurisdiction.Referral.NONE,
        has_referral=referral,
        medicare_without_notice=medicare,
        late=occasion.late,
        needles=occasion.needles,
    )


def jurisdiction_of(practice: Practice) -> Jurisdiction:
    """The jurisdiction rules that a session opened now is subject to."""
    return practice.jurisdiction or Jurisdiction.objects.get(code="general")


def visit_of_today(patient: Patient, *, user: User, on: dt.date) -> Visit | None:
    """The visit that a session opened now belongs to: the user's own first, then the latest arrival."""
    visits = visits_selectors.current_visits(patient, on=on).select_related("room", "location")
    return next((visit for visit in visits if visit.therapist_id == user.pk), next(iter(visits), None))


def visits_to_note(patient: Patient, *, today: dt.date) -> QuerySet:
    """Visits of today and the last days that the patient came to."""
    first, _ = day_bounds(today - dt.timedelta(days=LATE_DAYS))
    _, end = day_bounds(today)
    came = Visit.objects.standing().filter(patient=patient, arrived_at__gte=first, arrived_at__lt=end)
    return came.select_related("therapist", "room", "location")


def unnoted_visits(patient: Patient, *, today: dt.date) -> QuerySet:
    """Those of them that are over and of which nobody has written a note, newest first."""
    start, _ = day_bounds(today)
    sessions = NeedlingSession.objects.counted().filter(visit=OuterRef("pk"))
    over = visits_to_note(patient, today=today).filter(Q(left_at__isnull=False) | Q(arrived_at__lt=start))
    return over.exclude(Exists(sessions)).order_by("-arrived_at", "-pk")


def _referrals(on: dt.date):
    referrals = Referral.objects.filter(patient=OuterRef("pk"), for_dry_needling=True)
    return referrals.filter(given_on__lte=on).exclude(expires_on__lt=on)


def _medicare_without_notice():
    coverage = Coverage.objects.filter(patient=OuterRef("pk"), ended_at=None)
    return coverage.filter(kind=Coverage.Kind.MEDICARE, notice=Coverage.Notice.NONE)
