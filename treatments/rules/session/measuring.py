"""What can be measured, of what, in which unit and within which limits."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from treatments.models import Measurement
from treatments.models.session.measured import Device, Joint, Motion, Scale, Unit

Kind = Measurement.Kind

# source: Bohannon and Smith 1987, as in rehabmeasures.org PrintView ID=902. The number of “1+” is only where
# it is stored and drawn, between its neighbors.
MODIFIED_ASHWORTH = {
    "0": Decimal(0), "1": Decimal(1), "1+": Decimal("1.5"), "2": Decimal(2), "3": Decimal(3), "4": Decimal(4),
}  # fmt: skip
# source: Ashworth scale, doi 10.12998/wjcc.v7.i10.1133, table 1
ASHWORTH = {str(grade): Decimal(grade) for grade in range(5)}
# source: Medical Research Council scale, doi 10.5312/wjo.v8.i1.21, table 10
MRC = {str(grade): Decimal(grade) for grade in range(6)}
GRADES: dict[str, dict[str, Decimal]] = {
    Scale.MODIFIED_ASHWORTH: MODIFIED_ASHWORTH,
    Scale.ASHWORTH: ASHWORTH,
    Scale.MRC: MRC,
}


@dataclass(frozen=True)
class Limits:
    """The lowest and the highest value that is taken."""

    low: Decimal
    high: Decimal


# own choice: a motion beyond half a circle is a mistyped one
ANGLE = Limits(Decimal(-90), Decimal(200))
# own choice: far above the thresholds of healthy people (Fischer 1987, pubmed 3614975)
PRESSURE = Limits(Decimal(0), Decimal(20))
# own choice: the same pressure in the other unit
KILOPASCAL = Limits(Decimal(0), Decimal(2000))
# own choice: what lines of earlier releases could hold, and still may
ANYTHING = Limits(Decimal(-360), Decimal(9999))
LIMITS: dict[str, Limits] = {Unit.DEGREES: ANGLE, Unit.KG_PER_CM2: PRESSURE, Unit.KPA: KILOPASCAL}

WORDS = {"unit": Unit, "scale": Scale, "device": Device}

_HINGE = (Motion.FLEXION, Motion.EXTENSION)
_SPINE = (*_HINGE, Motion.SIDE_BENDING, Motion.ROTATION)
_BALL = (
    *_HINGE, Motion.ABDUCTION, Motion.ADDUCTION, Motion.INTERNAL_ROTATION, Motion.EXTERNAL_ROTATION,
)  # fmt: skip
MOTIONS: dict[Joint, tuple[Motion, ...]] = {
    Joint.CERVICAL: _SPINE,
    Joint.THORACOLUMBAR: _SPINE,
    Joint.LUMBAR: _SPINE,
    Joint.SHOULDER: _BALL,
    Joint.ELBOW: _HINGE,
    Joint.FOREARM: (Motion.SUPINATION, Motion.PRONATION),
    Joint.WRIST: (*_HINGE, Motion.RADIAL_DEVIATION, Motion.ULNAR_DEVIATION),
    Joint.THUMB: (*_HINGE, Motion.ABDUCTION, Motion.ADDUCTION),
    Joint.FINGERS: (*_HINGE, Motion.ABDUCTION, Motion.ADDUCTION),
    Joint.HIP: _BALL,
    Joint.KNEE: _HINGE,
    Joint.ANKLE: (Motion.DORSIFLEXION, Motion.PLANTAR_FLEXION),
    Joint.SUBTALAR: (Motion.INVERSION, Motion.EVERSION),
    Joint.TOES: _HINGE,
}


@dataclass(frozen=True)
class Quantity:
    """What one kind of measurement names. A list of one word is not asked: it is that word."""

    units: tuple[Unit, ...]
    devices: tuple[Device, ...]
    scales: tuple[Scale, ...] = ()
    of_joint: bool = False
    active_or_passive: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of its form, in the order in which they are asked."""
        place = ("joint", "motion") if self.of_joint else ("muscle",)
        manner = ("active",) if self.active_or_passive else ()
        lists = {"unit": self.units, "scale": self.scales, "device": self.devices}
        asked = tuple(name for name, words in lists.items() if len(words) > 1)
        return (*place, "side", *manner, *asked, "position", "before", "after", "remark")

    @property
    def implied(self) -> dict[str, str]:
        """{column: word} of the lists that leave no choice."""
        lists = {"unit": self.units, "scale": self.scales, "device": self.devices}
        return {name: str(words[0]) for name, words in lists.items() if len(words) == 1}


QUANTITIES: dict[str, Quantity] = {
    Kind.RANGE: Quantity(
        units=(Unit.DEGREES,),
        devices=(Device.GONIOMETER, Device.INCLINOMETER, Device.CROM, Device.APP),
        of_joint=True,
        active_or_passive=True,
    ),
    Kind.STRENGTH: Quantity(units=(Unit.GRADE,), devices=(Device.HAND,), scales=(Scale.MRC,), of_joint=True),
    Kind.TONE: Quantity(
        units=(Unit.GRADE,), devices=(Device.HAND,), scales=(Scale.MODIFIED_ASHWORTH, Scale.ASHWORTH)
    ),
    Kind.PRESSURE: Quantity(
        units=(Unit.KG_PER_CM2, Unit.KPA), devices=(Device.ALGOMETER, Device.ALGOMETER_HALF)
    ),
}


def limits(unit: str, *, position: str) -> Limits:
    """The limits of a line's values. A line of an earlier release names no position."""
    return LIMITS.get(unit, ANYTHING) if position else ANYTHING


def grades(scale: str) -> dict[str, Decimal]:
    """{what is typed: what is stored} of a scale; empty for lines of earlier releases."""
    return GRADES.get(scale, {})


def grade_text(scale: str, value: Decimal) -> str:
    """A value as its scale writes it: “1+”."""
    found = {number: grade for grade, number in grades(scale).items()}
    return found.get(value, f"{value.normalize():f}")


def motion_reasons(joint: str, motion: str) -> list[Reason]:
    """Why a motion is none of that joint."""
    if not joint or not motion or motion in MOTIONS[Joint(joint)]:
        return []
    others = ", ".join(str(one.label).lower() for one in MOTIONS[Joint(joint)])
    message = _("%(joint)s has no %(motion)s. Choose one of: %(others)s.") % {
        "joint": Joint(joint).label,
        "motion": str(Motion(motion).label).lower(),
        "others": others,
    }
    return [Reason("motion-not-of-joint", message, field="motion")]
