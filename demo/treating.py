"""A needling session as a therapist writes it: sites, pain before and after, what was advised."""

import datetime as dt
import uuid
from decimal import Decimal

from clinic.models import Side
from demo.chart import Chart
from patients.models import Screening, Visit
from treatments.models import Aftercare, Measurement, Muscle, NeedleSite, NeedlingSession, SessionCondition
from treatments.rules import billing

TECHNIQUES = (
    NeedleSite.Technique.PISTON,
    NeedleSite.Technique.PISTON,
    NeedleSite.Technique.IN_OUT,
    NeedleSite.Technique.STATIC,
)
TISSUES = (
    NeedleSite.Tissue.TRIGGER_POINT,
    NeedleSite.Tissue.TRIGGER_POINT,
    NeedleSite.Tissue.MUSCLE,
    NeedleSite.Tissue.FASCIA,
)
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
ADVICE = ("drink-water", "keep-moving", "soreness", "call-chest")
# Depth in mm: shallow over the lung, where a needle meets the ribs or the pleura.
DEPTHS = (12, 15, 18, 20, 25)
DEPTHS_OVER_LUNG = (8, 10, 12)
RANGES = {
    "neck": ("cervical spine", "rotation", 60),
    "shoulder": ("shoulder", "abduction", 120),
    "low-back": ("lumbar spine", "flexion", 45),
}
ELSEWHERE = ("hip", "flexion", 100)
HUNDREDTHS = Decimal("0.01")
LASTS = dt.timedelta(minutes=24)


def open_session(chart: Chart, visit: Visit, short_screen: Screening, *, at: dt.datetime) -> NeedlingSession:
    """An empty draft, opened when screening and consent stood."""
    chart.sessions += 1
    by = visit.therapist
    session = chart.batch.add(
        NeedlingSession,
        ref=chart.scene.minter.record(),
        patient=chart.patient,
        visit=visit,
        episode=chart.episode,
        location=visit.location,
        therapist=by,
        supervisor=chart.supervisor,
        jurisdiction=chart.scene.team.jurisdiction,
        screening=chart.screening,
        visit_screening=short_screen,
        consent=chart.consent,
        consent_confirmed_at=at,
        consent_confirmed_by=by,
        visit_number=chart.episode.visits_before + chart.sessions,
        opened_at=at,
        opened_by=by,
        started_at=at,
        identity_checked_at=at,
        identity_checked_by=by,
    )
    chart.batch.note("session.opened", session, by=by, patient=chart.patient, at=at)
    return session


def treat_conditions(
    chart: Chart, session: NeedlingSession, pain: tuple[int, int | None]
) -> list[SessionCondition]:
    before, after = pain
    return [
        chart.batch.add(
            SessionCondition,
            session=session,
            patient_condition=condition,
            name=condition.variant.label if condition.variant else condition.condition.name,
            side=condition.side,
            icd10=condition.icd10,
            code_set_year=condition.code_set_year,
            pain_before=before,
            pain_after=after,
        )
        for condition in chart.conditions
    ]


def needle(
    chart: Chart,
    session: NeedlingSession,
    condition: SessionCondition,
    muscle: Muscle,
    *,
    number: int,
    **fields,
) -> NeedleSite:
    """One site with the usual numbers for its muscle."""
    dice = chart.dice
    needle = chart.scene.shelf.needles[muscle.code]
    technique = dice.choice(TECHNIQUES)
    dwell = (
        {"dwell_seconds": dice.choice((300, 480, 600))} if technique == NeedleSite.Technique.STATIC else {}
    )
    insertions = dice.randint(1, 4)
    usual = {
        "tissue": dice.choice(TISSUES),
        "technique": technique,
        "gauge_mm": needle.gauge_mm,
        "length_mm": needle.length_mm,
        "depth_mm": dice.choice(DEPTHS_OVER_LUNG if muscle.over_lung else DEPTHS),
        "needles": 1,
        "insertions": insertions,
        "twitches": dice.randint(0, insertions),
        "manipulation_seconds": dice.choice((10, 20, 30)),
        "pain_during": dice.randint(1, 5),
        "bleeding": NeedleSite.Bleeding.SPOT if dice.random() < 0.15 else NeedleSite.Bleeding.NONE,
        "added_at": session.opened_at + dt.timedelta(minutes=4 * number),
    }
    return chart.batch.add(
        NeedleSite,
        key=uuid.UUID(int=dice.getrandbits(128), version=4),
        session=session,
        number=number,
        session_condition=condition,
        muscle=muscle,
        region=chart.scene.shelf.regions[muscle.code],
        side=_side(condition, number, muscle),
        added_by=session.therapist,
        **{**usual, **dwell, **fields},
    )


def _side(condition: SessionCondition, number: int, muscle: Muscle) -> str:
    """The condition's side; in the middle, left and right in turn, but never both lungs on one day."""
    if condition.side != Side.MIDLINE:
        return condition.side
    return Side.RIGHT if number % 2 or muscle.over_lung else Side.LEFT


def finish(chart: Chart, session: NeedlingSession, sites: list[NeedleSite], conditions: list) -> None:
    """Needles out, end, advice, billing: everything that a signature asks for."""
    dice, by = chart.dice, session.therapist
    session.ended_at = session.started_at + LASTS
    used = sum(site.needles for site in sites)
    spare = dice.choice((0, 0, 1))
    session.needles_opened, session.needles_unused, session.needles_out = used + spare, spare, used
    session.needles_counted_at, session.needles_counted_by = session.ended_at, by
    session.position = dice.choice((session.Position.PRONE, session.Position.SUPINE))
    session.skin_prep = session.SkinPrep.ALCOHOL
    session.tolerance = session.Tolerance.WELL
    session.other_care, session.note, session.plan = (
        dice.choice(words) for words in (OTHER_CARE, NOTES, PLANS)
    )
    session.next_visit_on = chart.scene.clock.day_of(session.ended_at) + dt.timedelta(days=7)
    proposal = billing.proposal_for(sites, chart.scene.team.practice)
    session.billing_code, session.billing_muscles = proposal.code, proposal.muscles
    session.billing_reason = proposal.reason
    _measure(chart, session, conditions[0])
    _advise(chart, session)


def _measure(chart: Chart, session: NeedlingSession, condition: SessionCondition) -> None:
    region = condition.patient_condition.condition.region
    joint, motion, usual = RANGES.get(region, ELSEWHERE)
    before = usual - chart.dice.randint(10, 25)
    side = condition.side if condition.side != Side.MIDLINE else Side.RIGHT
    chart.batch.add(
        Measurement,
        session=session,
        session_condition=condition,
        kind=Measurement.Kind.RANGE,
        joint=joint,
        motion=motion,
        side=side,
        before=_measured(before),
        after=_measured(before + chart.dice.randint(3, 10)),
        unit="degrees",
    )


def _measured(number: int) -> Decimal:
    """With the places that the column keeps: the seal is composed from this row."""
    return Decimal(number).quantize(HUNDREDTHS)


def _advise(chart: Chart, session: NeedlingSession) -> None:
    given = {"session": session, "given_at": session.ended_at, "given_by": session.therapist}
    for item in chart.scene.shelf.advice:
        if item.code in ADVICE:
            chart.batch.add(Aftercare, item=item, text=item.text, **given)


def cosign(chart: Chart, session: NeedlingSession, *, at: dt.datetime) -> None:
    chart.batch.cosign(session, at=at)
    chart.batch.note("session.cosigned", session, by=session.supervisor, patient=chart.patient, at=at)


def sign(chart: Chart, session: NeedlingSession) -> None:
    at = chart.batch.sign(session)
    chart.batch.note("session.signed", session, by=session.therapist, patient=chart.patient, at=at)
