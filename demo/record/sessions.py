"""A needling session: opened, its sites, pain before and after, the end, advice, billing and signatures."""

import datetime as dt
import uuid

from clinic.models import Side
from clinic.rules import code_sets
from demo.record import measurements, overrides
from demo.record.patients import PatientRecord
from patients.models import PatientCondition, Screening, Visit
from treatments.models import Aftercare, Muscle, NeedleSite, NeedlingSession, SessionCondition
from treatments.rules import billing
from treatments.rules.sites import muscle_parts, places, proposals
from treatments.rules.sites.over_lung import is_over_lung

Technique, Tissue = NeedleSite.Technique, NeedleSite.Tissue
# What is listed twice is drawn twice as often.
TECHNIQUES = (Technique.PISTON, Technique.PISTON, Technique.IN_OUT, Technique.STATIC)
TISSUES = (Tissue.TRIGGER_POINT, Tissue.TRIGGER_POINT, Tissue.MUSCLE, Tissue.FASCIA)
OTHER_CARE = ("Manual therapy 10 min, home exercises reviewed", "Heat 10 min", "Exercise 15 min", "")
NOTES = (
    "Taut band softer after needling. No bleeding.",
    "Local twitch at the first site, referred pain as known to the patient.",
    "Moved more freely afterwards. Shown how to stretch at home.",
    "",
)
PLANS = (
    "Same muscles in one week; exercises daily.",
    "Reassess next visit, fewer sites if pain stays low.",
    "Continue once a week, add strength work.",
)
ADVICE = ("drink-water", "keep-moving", "soreness", "call-signs")
# Depth in mm: over the lung shallower than any depth at which it was reached.
DEPTHS = (12, 15, 18, 20, 25)
DEPTHS_OVER_LUNG = (7, 8, 9)
DWELL_SECONDS = (300, 480, 600)
BLED = 0.15
BRAND = "Sample Needles"
LASTS = dt.timedelta(minutes=24)


def open_session(
    record: PatientRecord, visit: Visit, visit_screening: Screening, *, at: dt.datetime
) -> NeedlingSession:
    """An empty draft, opened while screening and consent are valid."""
    record.sessions += 1
    session = record.batch.add(
        NeedlingSession,
        ref=record.context.references.for_record(),
        patient=record.patient,
        visit=visit,
        episode=record.episode,
        location=visit.location,
        therapist=visit.therapist,
        supervisor=record.supervisor,
        jurisdiction=record.context.staff.jurisdiction,
        screening=record.screening,
        visit_screening=visit_screening,
        consent=record.consent,
        visit_number=record.episode.visits_before + record.sessions,
        **_opening_stamps(visit.therapist, at),
    )
    record.add_event("session.opened", session, by=visit.therapist, at=at)
    return session


def _opening_stamps(by, at: dt.datetime) -> dict:
    """Consent and identity are confirmed as the session is opened, and it starts then."""
    pairs = ("consent_confirmed", "opened", "identity_checked")
    stamps = {f"{name}_at": at for name in pairs} | {f"{name}_by": by for name in pairs}
    return {**stamps, "started_at": at}


def add_conditions(
    record: PatientRecord, session: NeedlingSession, pain: tuple[int, int | None]
) -> list[SessionCondition]:
    """The patient's conditions with pain before and after; pain is not asked after an open session."""
    return [_add_condition(record, session, condition, pain) for condition in record.conditions]


def _add_condition(
    record: PatientRecord,
    session: NeedlingSession,
    condition: PatientCondition,
    pain: tuple[int, int | None],
) -> SessionCondition:
    pain_before, pain_after = pain
    return record.batch.add(
        SessionCondition,
        session=session,
        patient_condition=condition,
        name=condition.variant.label if condition.variant else condition.condition.name,
        side=condition.side,
        icd10=condition.icd10,
        code_set_year=condition.code_set_year,
        code_set_ended_on=_set_ended_on(record, session, condition),
        pain_before=pain_before,
        pain_after=pain_after,
    )


def _set_ended_on(
    record: PatientRecord, session: NeedlingSession, condition: PatientCondition
) -> dt.date | None:
    """Of a session on a day after the end of the set that ships."""
    on = record.context.clock.day_of(session.opened_at)
    return code_sets.ended_on(record.context.catalogs.code_set, on) if condition.icd10 else None


def add_site(
    record: PatientRecord,
    session: NeedlingSession,
    condition: SessionCondition,
    muscle: Muscle,
    *,
    number: int,
    **fields,
) -> NeedleSite:
    """A site with values usual for its muscle; `fields` replace some of them."""
    region = record.context.catalogs.muscle.regions[muscle.code]
    over_lung = is_over_lung(muscle, region)
    values = {**_usual_values(record, muscle, over_lung=over_lung), **_lot(record, session, muscle)}
    values |= fields
    return record.batch.add(
        NeedleSite,
        key=uuid.UUID(int=record.random_source.getrandbits(128), version=4),
        session=session,
        number=number,
        session_condition=condition,
        muscle=muscle,
        region=region,
        side=_side(condition, number, over_lung=over_lung),
        added_by=session.therapist,
        **{"added_at": session.opened_at + dt.timedelta(minutes=4 * number), **values},
    )


def _usual_values(record: PatientRecord, muscle: Muscle, *, over_lung: bool) -> dict:
    random_source = record.random_source
    technique = random_source.choice(TECHNIQUES)
    dwell = {"dwell_seconds": random_source.choice(DWELL_SECONDS)} if technique == Technique.STATIC else {}
    needle = record.context.catalogs.muscle.needles[muscle.code]
    insertions = random_source.randint(1, 4)
    return {
        "tissue": random_source.choice(TISSUES),
        "technique": technique,
        "gauge_mm": needle.gauge_mm,
        "length_mm": needle.length_mm,
        "depth_mm": random_source.choice(DEPTHS_OVER_LUNG if over_lung else DEPTHS),
        "needles": proposals.needles_for(insertions, technique=technique, one_each=False),
        "insertions": insertions,
        "twitches": random_source.randint(0, insertions),
        "manipulation_seconds": random_source.choice((10, 20, 30)),
        "pain_during": random_source.randint(1, 5),
        # of a row that stands for several muscles, the first
        "sub_site": muscle_parts.members(muscle)[0] if muscle.members else "",
        "bleeding": NeedleSite.Bleeding.SPOT if random_source.random() < BLED else NeedleSite.Bleeding.NONE,
        **dwell,
    }


def _lot(record: PatientRecord, session: NeedlingSession, muscle: Muscle) -> dict:
    """Needles of one length come out of the same box for three months."""
    if not record.particulars.has_lots:
        return {}
    on, length = (
        record.context.clock.day_of(session.opened_at),
        record.context.catalogs.muscle.needles[muscle.code].length_mm,
    )
    return {"brand": BRAND, "lot": f"DEMO-{length}-{on:%y}Q{(on.month + 2) // 3}"}


def _side(condition: SessionCondition, number: int, *, over_lung: bool) -> str:
    """The condition's side; of both and in the middle right and left in turn, never both lungs on one day."""
    if condition.side in (Side.LEFT, Side.RIGHT):
        return condition.side
    return Side.RIGHT if number % 2 or over_lung else Side.LEFT


def complete(
    record: PatientRecord,
    session: NeedlingSession,
    sites: list[NeedleSite],
    conditions: list[SessionCondition],
) -> None:
    """Everything that a signature requires: needle count, end, advice and billing."""
    session.ended_at = session.started_at + LASTS
    _count_needles(record, session, sites)
    _fill_fields(record, session)
    proposal = billing.proposal_for(sites, record.context.staff.practice)
    session.billing_code, session.billing_muscles = proposal.code, proposal.muscles
    session.billing_reason = proposal.reason
    if modifiers := billing.modifiers_of(record.medicare, at=session.started_at):
        session.billing_modifiers, session.billing_modifiers_reason = modifiers.words, modifiers.reason
    measurements.measure(record, session, conditions[0])
    _advise(record, session, sites)
    overrides.answer(record, session, sites)


def _count_needles(record: PatientRecord, session: NeedlingSession, sites: list[NeedleSite]) -> None:
    used = sum(site.needles for site in sites)
    unused = record.random_source.choice((0, 0, 1))
    session.needles_opened, session.needles_unused, session.needles_out = used + unused, unused, used
    overrides.raise_at_count(record, session)
    session.needles_counted_at, session.needles_counted_by = session.ended_at, session.therapist


def _fill_fields(record: PatientRecord, session: NeedlingSession) -> None:
    random_source = record.random_source
    session.position = random_source.choice((session.Position.PRONE, session.Position.SUPINE))
    session.skin_prep = session.SkinPrep.ALCOHOL
    session.tolerance = record.particulars.tolerance
    session.tolerance_detail = record.particulars.tolerance_detail
    session.other_care = random_source.choice(OTHER_CARE)
    session.note = random_source.choice(NOTES)
    session.plan = random_source.choice(PLANS)
    session.next_visit_on = record.context.clock.day_of(session.ended_at) + dt.timedelta(days=7)


def _advise(record: PatientRecord, session: NeedlingSession, sites: list[NeedleSite]) -> None:
    given = {"session": session, "given_at": session.ended_at, "given_by": session.therapist}
    needled = places.of_sites(sites)
    for item in record.context.catalogs.advice:
        if item.code in ADVICE or item.place in needled:
            record.batch.add(Aftercare, item=item, text=item.text, **given)


def sign(record: PatientRecord, session: NeedlingSession) -> None:
    at = record.batch.sign(session)
    record.add_event("session.signed", session, by=session.therapist, at=at)


def cosign(record: PatientRecord, session: NeedlingSession, *, at: dt.datetime) -> None:
    record.batch.cosign(session, at=at)
    record.add_event("session.cosigned", session, by=session.supervisor, at=at)
