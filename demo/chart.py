"""A patient of the demo: who they are, who stands beside them, and what they are treated for."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from clinic.models import Side, User
from demo.people import Person
from demo.scene import Scene
from patients.models import (
    Allergy,
    Condition,
    Consent,
    Coverage,
    Episode,
    Medication,
    Patient,
    PatientCondition,
    PatientKey,
    Referral,
    RelatedPerson,
    Screening,
)
from patients.rules import ages
from patients.rules.conditions import diagnoses
from patients.rules.identity import keys as keys_rules

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
PAYERS = (
    (Coverage.Kind.SELF_PAY, ""),
    (Coverage.Kind.SELF_PAY, ""),
    (Coverage.Kind.COMMERCIAL, "Sample Mutual Health"),
    (Coverage.Kind.COMMERCIAL, "Placeholder Insurance"),
    (Coverage.Kind.WORKERS_COMP, "Specimen Works Fund"),
)
EMERGENCY = ("Spouse", "Partner", "Sister", "Brother", "Friend")


@dataclass
class Chart:
    """What is known while a patient's story is being told; `dice` are this patient's own."""

    scene: Scene
    dice: Random
    patient: Patient
    episode: Episode
    conditions: list[PatientCondition] = field(default_factory=list)
    screening: Screening | None = None
    consent: Consent | None = None
    sessions: int = 0
    supervisor: User | None = None

    @property
    def batch(self):
        return self.scene.batch

    @property
    def reception(self):
        return self.scene.team.reception

    def age(self, at: dt.datetime) -> int:
        return ages.age_on(self.patient.born, self.scene.clock.day_of(at))


def register(scene: Scene, dice: Random, person: Person, *, at: dt.datetime, visits_before: int = 0) -> Chart:
    """The desk registers somebody; a course of treatment is opened with the record."""
    desk, batch = scene.team.reception, scene.batch
    patient = _patient(scene, person, at)
    keys = keys_rules.keys_for(keys_rules.Identity.of(patient))
    patient.name_key = keys.name_key
    for kind, value in sorted(keys.rows):
        batch.put(PatientKey, patient_id=patient.pk, kind=kind, value=value)
    batch.note("patient.registered", patient, by=desk, patient=patient, at=at)
    episode = batch.add(
        Episode,
        patient=patient,
        opened_at=at,
        opened_by=desk,
        opened_on=scene.clock.day_of(at),
        visits_before=visits_before,
    )
    batch.note(
        "episode.opened", episode, by=desk, patient=patient, at=at, changes={"access": [None, "direct"]}
    )
    return Chart(scene, dice, patient, episode)


def _patient(scene: Scene, person: Person, at: dt.datetime) -> Patient:
    return scene.batch.add(
        Patient,
        ref=scene.minter.patient(),
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
        registered_by=scene.team.reception,
    )


def furnish(chart: Chart, *, at: dt.datetime, medicare: bool = False) -> None:
    """Who pays, whom to call in an emergency, allergies and medicines: asked for at the desk."""
    by, patient, dice = chart.reception, chart.patient, chart.dice
    noted = {"patient": patient, "noted_at": at, "noted_by": by}
    kind, payer = (Coverage.Kind.MEDICARE, "Medicare") if medicare else dice.choice(PAYERS)
    notice = (
        {"notice": Coverage.Notice.VOLUNTARY, "notice_signed_on": chart.episode.opened_on} if medicare else {}
    )
    member = "" if kind == Coverage.Kind.SELF_PAY else f"DEMO{dice.randrange(10**6):06d}"
    chart.batch.add(Coverage, payer=payer, kind=kind, member_id=member, **notice, **noted)
    chart.batch.add(
        RelatedPerson,
        kind=RelatedPerson.Kind.EMERGENCY,
        name=f"Sam {patient.family_name}",
        relationship=dice.choice(EMERGENCY),
        phone=f"({dice.randint(201, 989)}) 555-01{dice.randint(0, 99):02d}",
        **noted,
    )
    if dice.random() < 0.2:
        substance, reaction = dice.choice(ALLERGIES)
        allergy = chart.batch.add(Allergy, substance=substance, reaction=reaction, **noted)
        chart.batch.note("allergy.noted", allergy, by=by, patient=patient, at=at)
    else:
        patient.allergies_none_at, patient.allergies_none_by = at, by


def medicate(chart: Chart, name: str, dose: str, *, at: dt.datetime, thins_blood: bool = False) -> None:
    medicine = chart.batch.add(
        Medication,
        patient=chart.patient,
        name=name,
        dose=dose,
        thins_blood=thins_blood,
        noted_at=at,
        noted_by=chart.reception,
    )
    chart.batch.note("medication.noted", medicine, by=chart.reception, patient=chart.patient, at=at)


def guard(chart: Chart, *, at: dt.datetime) -> str:
    """A minor's guardian; gives the name under which they sign."""
    name = f"Rosa {chart.patient.family_name}"
    chart.batch.add(
        RelatedPerson,
        patient=chart.patient,
        kind=RelatedPerson.Kind.GUARDIAN,
        name=name,
        relationship="Mother",
        phone=chart.patient.phone,
        noted_at=at,
        noted_by=chart.reception,
    )
    return name


def refer(chart: Chart, diagnosis: str) -> None:
    """A physician's referral, from the week before the course began."""
    episode = chart.episode
    given_on = episode.opened_on - dt.timedelta(days=5)
    chart.batch.add(
        Referral,
        patient=chart.patient,
        by_whom="Dr. Vera Placeholder",
        profession="Family physician",
        diagnosis=diagnosis,
        for_dry_needling=True,
        given_on=given_on,
        expires_on=given_on + dt.timedelta(days=365),
        noted_at=episode.opened_at,
        noted_by=chart.reception,
    )


def diagnose(chart: Chart, code: str, side: str, *, by, at: dt.datetime) -> PatientCondition:
    """Record one condition on one side, with the code that follows from its usual variant."""
    shelf, dice = chart.scene.shelf, chart.dice
    condition, family = shelf.conditions[code], shelf.families.get(code)
    encounter = PatientCondition.Encounter.INITIAL if family and family.encounter else ""
    row = chart.batch.add(
        PatientCondition,
        episode=chart.episode,
        condition=condition,
        variant=family,
        side=side,
        icd10=diagnoses.code_for(family, side=side, encounter=encounter) if family else "",
        code_set_year=family.code_set_year if family else None,
        encounter=encounter,
        onset_on=_onset(chart, at),
        onset_precision=PatientCondition.Precision.MONTH,
        cause=dice.choice(PatientCondition.Cause.values),
        goal=dice.choice(GOALS),
        noted_at=at,
        noted_by=by,
    )
    chart.conditions.append(row)
    said = {"condition": [None, code], "side": [None, side]}
    chart.batch.note("condition.recorded", row, by=by, patient=chart.patient, at=at, changes=said)
    return row


def side_for(dice: Random, condition: Condition) -> str:
    if condition.side_policy == Condition.SidePolicy.LEFT_RIGHT_MIDLINE_BOTH and dice.random() < 0.3:
        return Side.MIDLINE
    return dice.choice((Side.LEFT, Side.RIGHT))


def _onset(chart: Chart, at: dt.datetime) -> dt.date:
    months_ago = chart.scene.clock.day_of(at) - dt.timedelta(days=chart.dice.randint(20, 400))
    return months_ago.replace(day=1)
