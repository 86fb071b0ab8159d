"""The patient, the episode of care, and what the desk and the therapist know before the first session."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from clinic.models import ConditionSide, Side, User
from demo.bulk.batch import Batch
from demo.record.particulars import Particulars
from demo.setup import people
from demo.setup.context import BuildContext
from demo.setup.people import FictionalPerson
from patients.models import (
    Allergy,
    Condition,
    Consent,
    Coverage,
    Episode,
    Medication,
    NonCoverageNotice,
    Patient,
    PatientCondition,
    PatientKey,
    Referral,
    RelatedPerson,
    Screening,
)
from patients.rules import ages, notices
from patients.rules.conditions import diagnoses
from patients.rules.identity import keys as keys_rules
from patients.rules.notices import MedicareFacts, Notice

# How long a course of treatment lasts that a notice is given for.
NOTICE_MONTHS = 12
GOALS = (
    "Sleep through the night",
    "Work a full day at the desk",
    "Run 5 km again",
    "Reach the top shelf",
    "Lift the grandchild",
    "Climb stairs without stopping",
    "Play a match without pain",
    "Turn the head when driving",
)
ALLERGIES = (("Nickel", "Rash"), ("Latex", "Itching"), ("Penicillin", "Hives"), ("Adhesive tape", "Red skin"))
HAS_ALLERGY = 0.2
PAYERS = (
    (Coverage.Kind.SELF_PAY, ""),
    (Coverage.Kind.SELF_PAY, ""),
    (Coverage.Kind.COMMERCIAL, "Sample Mutual Health"),
    (Coverage.Kind.COMMERCIAL, "Placeholder Insurance"),
    (Coverage.Kind.WORKERS_COMP, "Specimen Works Fund"),
)
EMERGENCY = ("Spouse", "Partner", "Sister", "Brother", "Friend")
ON_MIDLINE = 0.3
# of the complaints whose code says both sides or none
ON_BOTH = 0.2


@dataclass
class PatientRecord:
    """A patient's record while it is being built. `random_source` belongs to this patient alone."""

    context: BuildContext
    random_source: Random
    patient: Patient
    episode: Episode
    conditions: list[PatientCondition] = field(default_factory=list)
    screening: Screening | None = None
    coverage: Coverage | None = None
    consent: Consent | None = None
    sessions: int = 0
    supervisor: User | None = None
    medicare: MedicareFacts | None = None
    particulars: Particulars = Particulars()

    @property
    def batch(self) -> Batch:
        return self.context.batch

    @property
    def reception(self) -> User:
        return self.context.staff.reception

    def age(self, at: dt.datetime) -> int:
        return ages.age_on(self.patient.born, self.context.clock.day_of(at))

    def add_event(self, code: str, about, *, by: User, at: dt.datetime, **details) -> None:
        """An audit event about this patient."""
        self.batch.add_event(code, about, by=by, patient=self.patient, at=at, **details)


def register(
    context: BuildContext,
    random_source: Random,
    person: FictionalPerson,
    *,
    at: dt.datetime,
    visits_before: int = 0,
) -> PatientRecord:
    """The desk registers somebody; an episode of care is opened with the record."""
    patient = _patient(context, person, at)
    _add_search_keys(context.batch, patient)
    episode = _episode(context, patient, at, visits_before)
    record = PatientRecord(context, random_source, patient, episode)
    desk = record.reception
    record.add_event("patient.registered", patient, by=desk, at=at)
    record.add_event("episode.opened", episode, by=desk, at=at, changes={"access": [None, "direct"]})
    return record


def _patient(context: BuildContext, person: FictionalPerson, at: dt.datetime) -> Patient:
    return context.batch.add(
        Patient,
        ref=context.references.for_patient(),
        family_name=person.family_name,
        given_name=person.given_name,
        phone_key=keys_rules.phone_key_of(person.phone),
        born=person.born,
        sex=person.sex,
        phone=person.phone,
        email=person.email,
        address=person.address,
        city=person.city,
        postal_code=person.postal_code,
        language="English",
        may_text=True,
        may_leave_voicemail=True,
        registered_at=at,
        registered_by=context.staff.reception,
    )


def _add_search_keys(batch: Batch, patient: Patient) -> None:
    keys = keys_rules.keys_for(keys_rules.Identity.of(patient))
    patient.name_key = keys.name_key
    for kind, value in sorted(keys.rows):
        batch.add_columns(PatientKey, patient_id=patient.pk, kind=kind, value=value)


def _episode(context: BuildContext, patient: Patient, at: dt.datetime, visits_before: int) -> Episode:
    return context.batch.add(
        Episode,
        patient=patient,
        opened_at=at,
        opened_by=context.staff.reception,
        opened_on=context.clock.day_of(at),
        visits_before=visits_before,
    )


def add_desk_details(record: PatientRecord, *, at: dt.datetime, medicare: bool = False) -> None:
    """What the desk asks for: insurance coverage, an emergency contact and allergies."""
    noted = {"patient": record.patient, "noted_at": at, "noted_by": record.reception}
    record.coverage = _add_coverage(record, noted, medicare=medicare)
    _add_emergency_contact(record, noted)
    if record.random_source.random() < HAS_ALLERGY:
        substance, reaction = record.random_source.choice(ALLERGIES)
        allergy = record.batch.add(Allergy, substance=substance, reaction=reaction, **noted)
        record.add_event("allergy.noted", allergy, by=record.reception, at=at)
    else:
        record.patient.allergies_none_at, record.patient.allergies_none_by = at, record.reception


def _add_coverage(record: PatientRecord, noted: dict, *, medicare: bool) -> Coverage:
    if medicare:
        kind, payer = Coverage.Kind.MEDICARE, "Medicare"
        _add_notice(record, noted)
    else:
        kind, payer = record.random_source.choice(PAYERS)
    insured = kind != Coverage.Kind.SELF_PAY
    member_id = f"DEMO{record.random_source.randrange(10**6):06d}" if insured else ""
    return record.batch.add(Coverage, payer=payer, kind=kind, member_id=member_id, **noted)


def _add_notice(record: PatientRecord, noted: dict) -> None:
    """A voluntary notice for a course of treatment, given when the patient registered."""
    given_on = record.context.clock.day_of(noted["noted_at"])
    notice = record.batch.add(
        NonCoverageNotice,
        kind=NonCoverageNotice.Kind.VOLUNTARY,
        form_expires_on=notices.form_needed(given_on),
        items="Dry needling by a physical therapist (CPT 20560 or 20561)",
        reason="Medicare does not pay a physical therapist for dry needling.",
        estimated_cost=Decimal("60.00"),
        given_on=given_on,
        given_at=noted["noted_at"],
        for_on=given_on,
        until_on=ages.months_later(given_on, NOTICE_MONTHS),
        **noted,
    )
    columns = {name: getattr(notice, name) for name in ("kind", "given_on", "given_at", "for_on", "until_on")}
    record.medicare = MedicareFacts((Notice(**columns),))
    record.add_event("notice.noted", notice, by=record.reception, at=noted["noted_at"])


def _add_emergency_contact(record: PatientRecord, noted: dict) -> None:
    record.batch.add(
        RelatedPerson,
        kind=RelatedPerson.Kind.EMERGENCY,
        name=f"Sam {record.patient.family_name}",
        relationship=record.random_source.choice(EMERGENCY),
        phone=people.random_phone(record.random_source),
        **noted,
    )


def add_blood_thinner(record: PatientRecord, name: str, dose: str, *, at: dt.datetime) -> None:
    medication = record.batch.add(
        Medication,
        patient=record.patient,
        name=name,
        dose=dose,
        thins_blood=True,
        noted_at=at,
        noted_by=record.reception,
    )
    record.add_event("medication.noted", medication, by=record.reception, at=at)


def add_guardian(record: PatientRecord, *, at: dt.datetime) -> str:
    """A minor's guardian; returns the name under which they sign."""
    name = f"Rosa {record.patient.family_name}"
    record.batch.add(
        RelatedPerson,
        patient=record.patient,
        kind=RelatedPerson.Kind.GUARDIAN,
        name=name,
        relationship="Mother",
        phone=record.patient.phone,
        noted_at=at,
        noted_by=record.reception,
    )
    return name


def add_referral(record: PatientRecord, diagnosis: str) -> None:
    """A physician's referral, from the week before the episode was opened."""
    episode = record.episode
    given_on = episode.opened_on - dt.timedelta(days=5)
    record.batch.add(
        Referral,
        patient=record.patient,
        by_whom="Dr. Vera Placeholder",
        profession="Family physician",
        diagnosis=diagnosis,
        for_dry_needling=True,
        given_on=given_on,
        expires_on=given_on + dt.timedelta(days=365),
        noted_at=episode.opened_at,
        noted_by=record.reception,
    )


def add_condition(
    record: PatientRecord, code: str, side: str, *, by: User, at: dt.datetime
) -> PatientCondition:
    """One condition on one side, with the diagnosis code of its usual variant."""
    condition, family = record.context.catalogs.conditions[code], record.context.catalogs.families.get(code)
    encounter = PatientCondition.Encounter.INITIAL if family and family.encounter else ""
    row = record.batch.add(
        PatientCondition,
        episode=record.episode,
        condition=condition,
        variant=family,
        side=side,
        icd10=diagnoses.code_for(family, side=side, encounter=encounter) if family else "",
        code_set_year=family.code_set_year if family else None,
        encounter=encounter,
        onset_on=_onset(record, at),
        onset_precision=PatientCondition.Precision.MONTH,
        cause=record.random_source.choice(PatientCondition.Cause.values),
        goal=record.random_source.choice(GOALS),
        noted_at=at,
        noted_by=by,
    )
    record.conditions.append(row)
    changes = {"condition": [None, code], "side": [None, side]}
    record.add_event("condition.recorded", row, by=by, at=at, changes=changes)
    return row


def random_side(random_source: Random, condition: Condition) -> str:
    if condition.side_policy == Condition.SidePolicy.LEFT_RIGHT_MIDLINE_BOTH:
        if random_source.random() < ON_MIDLINE:
            return Side.MIDLINE
    if condition.side_policy == Condition.SidePolicy.LEFT_RIGHT_BOTH and random_source.random() < ON_BOTH:
        return ConditionSide.BOTH
    return random_source.choice((Side.LEFT, Side.RIGHT))


def _onset(record: PatientRecord, at: dt.datetime) -> dt.date:
    """The first of a month: few people know the day."""
    day = record.context.clock.day_of(at) - dt.timedelta(days=record.random_source.randint(20, 400))
    return day.replace(day=1)
