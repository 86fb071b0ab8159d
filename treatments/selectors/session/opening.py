"""The facts on which opening a session is decided."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.models import Jurisdiction, Location, Practice, User
from clinic.models.rows import RelatedRows
from clinic.rules import all_states, state_rules
from clinic.selectors import all_states as all_states_selectors
from patients.models import ConsentCopy, Patient, PatientCondition, Referral, StateDuty, Visit
from patients.rules import state_duties as duty_rules
from patients.rules.validity import ValidityFacts
from patients.rules.visits.days import day_bounds
from patients.selectors import notices, state_duties
from patients.selectors import validity as validity_selectors
from patients.selectors import visits as visits_selectors
from treatments.models import NeedlingSession
from treatments.rules.qualification import QualificationFacts
from treatments.rules.session.opening import LATE_DAYS, Occasion, OpenFacts, StateRule
from treatments.rules.session.state_rules import StateFacts
from treatments.selectors import qualification


def open_facts_for(
    patient: Patient,
    *,
    user: User,
    practice: Practice,
    occasion: Occasion,
    supervisor: User | None = None,
    who: QualificationFacts | None = None,
) -> OpenFacts:
    """Gather the facts of the visit that the session would belong to, as they stood on its day.

    `who` says whether the user may needle there, where that was read already.
    """
    visit, on = occasion.visit, occasion.on
    stored = _stored(patient, visit, on)
    profile = jurisdiction_at(visit.location if visit else None, practice)
    safety = validity_selectors.validity_facts([patient], on=on, rules=profile)[patient.pk]
    changed = (stored.condition_at, stored.answer_at)
    medicare = notices.medicare_facts(stored.insured, stored.notice_rows, *changed)
    return OpenFacts(
        ref=patient.ref,
        on=on,
        who=who or qualification.facts_for(user, profile=profile, on=on, supervisor=supervisor),
        safety=safety,
        visit_id=visit.pk if visit else None,
        has_condition=stored.has_condition,
        deceased_on=patient.deceased_on,
        is_merged=patient.merged_into_id is not None,
        jurisdiction=profile.name,
        state_rule=state_rule(profile, on=on),
        referral_rule=profile.referral,
        has_referral=stored.has_referral,
        medicare=medicare,
        at=day_bounds(on)[1] - dt.timedelta(microseconds=1) if occasion.late else timezone.now(),
        late=occasion.late,
        needles=occasion.needles,
        state=_state_facts(stored, profile, safety, visit, on=on),
    )


def _stored(patient: Patient, visit: Visit | None, on: dt.date):
    """The patient with what is on record of conditions, papers, notices and duties, in one statement."""
    has_condition = PatientCondition.objects.open().filter(
        episode__patient=OuterRef("pk"), episode__discharged_at=None
    )
    condition_at, answer_at = notices.changed_at()
    return (
        state_duties.with_duties(Patient.objects.filter(pk=patient.pk))
        .annotate(
            has_condition=Exists(has_condition),
            has_diagnosis=Exists(has_condition.exclude(icd10="")),
            has_referral=Exists(_referrals(on)),
            insured=RelatedRows(notices.medicare(), pk="pk"),
            notice_rows=notices.rows(),
            condition_at=condition_at,
            answer_at=answer_at,
            was_needled=Exists(_needled_before(visit)),
            copied=RelatedRows(_copies(), consent="consent_id"),
        )
        .get()
    )


def _state_facts(
    stored, profile: Jurisdiction, safety: ValidityFacts, visit: Visit | None, *, on: dt.date
) -> StateFacts:
    """`stored` is annotated with what is on record of papers and duties."""
    given = safety.consent if safety.consent and not safety.consent.refused else None
    noted = {row["kind"] for row in stored.duty_rows}
    access = duty_rules.direct_access(stored, on=on)
    return StateFacts.of(
        profile,
        consent=given.pk if given else None,
        has_copy=given is not None and any(row["consent"] == given.pk for row in stored.copied),
        has_document=StateDuty.Kind.DOCUMENT in noted,
        knows_training=StateDuty.Kind.TRAINING in noted,
        was_needled=stored.was_needled,
        has_diagnosis=stored.has_diagnosis or not stored.has_condition,
        duties=tuple(duty_rules.counters(access, duty_rules.limits_of(profile), on=on)),
        place=visit.location.name if visit else "",
        place_state=visit.location.state if visit else "",
    )


def _copies() -> QuerySet:
    return ConsentCopy.objects.filter(consent__patient=OuterRef("pk")).order_by("pk")


def _needled_before(visit: Visit | None) -> QuerySet:
    """Sessions with needles of other visits: whoever had one is not new to dry needling."""
    earlier = NeedlingSession.objects.counted().filter(
        patient=OuterRef("pk"), not_needled="", error_mark=None
    )
    return earlier.exclude(visit=visit) if visit is not None else earlier


def jurisdiction_at(location: Location | None, practice: Practice) -> Jurisdiction:
    """The jurisdiction rules that a session opened there now is subject to."""
    return state_rules.rules_at(location, practice) or Jurisdiction.objects.get(code="general")


def state_rule(profile: Jurisdiction, *, on: dt.date) -> StateRule:
    """What counsel said is read only where the state bars needling."""
    barred_by = all_states.barring(profile, on=on)
    speaks = barred_by or profile
    return StateRule(
        name=speaks.name,
        status=speaks.status,
        bars=barred_by is not None,
        # the citation itself comes first; who quoted it follows
        source=speaks.source.partition(";")[0],
        checked_on=speaks.checked_on,
        opinion=all_states_selectors.opinion_in_force(barred_by) if barred_by else None,
    )


def visit_of_today(patient: Patient, *, user: User, on: dt.date) -> Visit | None:
    """The visit that a session opened now belongs to: the user's own first, then the latest arrival."""
    visits = _with_place(visits_selectors.current_visits(patient, on=on))
    return next((visit for visit in visits if visit.therapist_id == user.pk), next(iter(visits), None))


def visits_to_note(patient: Patient, *, today: dt.date) -> QuerySet:
    """Visits of today and the last days that the patient came to."""
    first, _ = day_bounds(today - dt.timedelta(days=LATE_DAYS))
    _, end = day_bounds(today)
    came = Visit.objects.standing().filter(patient=patient, arrived_at__gte=first, arrived_at__lt=end)
    return _with_place(came).select_related("therapist")


def _with_place(visits: QuerySet) -> QuerySet:
    """Where each visit is, with the rules that hold there, and whether it could have been elsewhere."""
    others = Location.objects.filter(retired_at=None).exclude(pk=OuterRef("location"))
    return visits.select_related("room", "location__jurisdiction").annotate(is_one_of_many=Exists(others))


def unnoted_visits(patient: Patient, *, today: dt.date) -> QuerySet:
    """Those of them that are over and of which nobody has written a note, newest first."""
    start, _ = day_bounds(today)
    sessions = NeedlingSession.objects.counted().filter(visit=OuterRef("pk"))
    over = visits_to_note(patient, today=today).filter(Q(left_at__isnull=False) | Q(arrived_at__lt=start))
    return over.exclude(Exists(sessions)).order_by("-arrived_at", "-pk")


def _referrals(on: dt.date):
    referrals = Referral.objects.filter(patient=OuterRef("pk"), for_dry_needling=True)
    return referrals.filter(given_on__lte=on).exclude(expires_on__lt=on)
