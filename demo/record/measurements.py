"""Motion and tone before and after a session; both ease from visit to visit."""

from decimal import Decimal

from clinic.models import Side
from demo.record.patients import PatientRecord
from treatments.models import Measurement, NeedlingSession, SessionCondition
from treatments.models.session.measured import Device, Joint, Motion, Position, Scale, Unit

# joint, motion and usual range in degrees, by region of the condition
RANGES = {
    "neck": (Joint.CERVICAL, Motion.ROTATION, 60),
    "shoulder": (Joint.SHOULDER, Motion.ABDUCTION, 120),
    "low-back": (Joint.LUMBAR, Motion.FLEXION, 45),
}
RANGE_ELSEWHERE = (Joint.HIP, Motion.FLEXION, 100)
POSITIONS = {
    Joint.CERVICAL: Position.SITTING,
    Joint.SHOULDER: Position.STANDING,
    Joint.LUMBAR: Position.STANDING,
    Joint.HIP: Position.SUPINE,
}
# Degrees short of the usual range at the first visit, and how many return until each later one.
SHORT_AT_FIRST, RETURNED = 26, 5
# Grades of Ashworth at the first visit.
TONE_AT_FIRST = 3
HUNDREDTHS = Decimal("0.01")


def measure(record: PatientRecord, session: NeedlingSession, condition: SessionCondition) -> None:
    _measure_range(record, session, condition)
    if record.particulars.has_tone:
        _measure_tone(record, session, condition)


def _measure_range(record: PatientRecord, session: NeedlingSession, condition: SessionCondition) -> None:
    region = condition.patient_condition.condition.region
    joint, motion, usual = RANGES.get(region, RANGE_ELSEWHERE)
    short = max(SHORT_AT_FIRST - RETURNED * (record.sessions - 1), 0)
    before = usual - short - record.random_source.randint(3, 6)
    after = before + record.random_source.randint(3, 8)
    fields = {"kind": Measurement.Kind.RANGE, "joint": joint.value, "motion": motion.value}
    how = {"unit": Unit.DEGREES.value, "device": Device.GONIOMETER.value, "position": POSITIONS[joint].value}
    _add(record, session, condition, before=before, after=after, **fields, **how)


def _measure_tone(record: PatientRecord, session: NeedlingSession, condition: SessionCondition) -> None:
    """Of the muscle that is usually needled first, so that visits can be compared."""
    muscle = record.context.catalogs.muscle.for_condition[condition.patient_condition.condition.code][0]
    before = max(TONE_AT_FIRST - (record.sessions - 1) // 2, 1)
    how = {"unit": Unit.GRADE.value, "device": Device.HAND.value, "position": Position.SUPINE.value}
    scale = Scale.MODIFIED_ASHWORTH.value
    fields = {"kind": Measurement.Kind.TONE, "muscle": muscle, "scale": scale, **how}
    _add(record, session, condition, before=before, after=before - 1, **fields)


def _add(
    record: PatientRecord,
    session: NeedlingSession,
    condition: SessionCondition,
    *,
    before: int,
    after: int,
    **fields,
) -> None:
    record.batch.add(
        Measurement,
        session=session,
        session_condition=condition,
        side=condition.side if condition.side == Side.LEFT else Side.RIGHT,
        before=_as_stored(before),
        after=_as_stored(after),
        **fields,
    )


def _as_stored(number: int) -> Decimal:
    """With the decimal places of the column, because the seal is composed from this instance."""
    return Decimal(number).quantize(HUNDREDTHS)
