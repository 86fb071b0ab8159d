"""The scenarios of the demo: who comes today and who is called, each with what makes it worth showing."""

from dataclasses import dataclass, replace

from demo.record import overrides
from demo.record.particulars import Particulars, Tolerance
from treatments.models import AdverseEvent
from treatments.rules.signing import readiness

MARIA, JO = 0, 1
RIGHT, LEFT, MIDLINE = "right", "left", "midline"


@dataclass(frozen=True)
class HeardEvent:
    """An adverse event of the newest session that the practice hears of today."""

    kind: str
    severity: int
    phase: str
    action: str
    hours_after: int = 0
    closing_note: str = ""


WITH_LOTS = Particulars(has_lots=True)
TONE = replace(WITH_LOTS, has_tone=True)
SIDE_BY_SIDE = replace(WITH_LOTS, overrides=(overrides.OVER_INSERTIONS,))
DROPPED = replace(WITH_LOTS, overrides=(overrides.NOT_USED,))
DEEP = replace(WITH_LOTS, overrides=(overrides.OVER_PUBLISHED,))
LOST_AND_FOUND = replace(WITH_LOTS, overrides=(readiness.NEEDLES_DIFFER,))
SORE = replace(WITH_LOTS, tolerance=Tolerance.SORE, tolerance_detail="Sore at the first site for a minute.")
FAINT = replace(
    WITH_LOTS, tolerance=Tolerance.FAINT, tolerance_detail="Dizzy for a moment; lay flat and had some water."
)


@dataclass(frozen=True)
class Scenario:
    """One patient. Hours are given as if it were 10:00 now."""

    condition: str
    therapist: int = MARIA
    side: str = RIGHT
    name: tuple[str, str] | None = None
    age: int | None = None
    # sessions before today, a week apart
    past: int = 2
    visits_before: int = 0
    # today's visit: when it is booked (none: no visit today), and how far it has come: expected, arrived,
    # in_room, treating, unsigned, signed, missed or cancelled
    hour: tuple[int, int] | None = None
    stage: str = "expected"
    # reviewed, waiting (for a review), ended, none
    screening: str = "reviewed"
    concerns: tuple[tuple[str, str], ...] = ()
    changed_today: tuple[tuple[str, str], ...] = ()
    # given, paper, guardian, ends_soon, ended, withdrawn, refused, none
    consent: str = "given"
    medicare: bool = False
    referred: bool = False
    blood_thinner: tuple[str, str] | None = None
    # hours since the newest session, and the result of its call: due, missed, sore, red (flag), fine
    hours_ago: int | None = None
    reply: str = ""
    muscles: tuple[str, ...] = ()
    # Maria supervises Jo's sessions: older ones are co-signed, the newest is overdue, today's waits
    supervised: bool = False
    # what was added to the newest note after it was signed: addendum, error
    after_signing: str = ""
    # what sets the sessions apart, and the adverse event that is heard of after the newest one
    particulars: Particulars = WITH_LOTS
    event: HeardEvent | None = None
    # the next visit is booked, a week from today
    planned: bool = False


Phase = AdverseEvent.Phase
NEAR_FAINT = HeardEvent("near-faint", 1, Phase.DURING, "Needles out, lay flat, fine after ten minutes.")
FAINTED = HeardEvent(
    "faint",
    2,
    Phase.DURING,
    "Needles out, legs up, stayed with the patient.",
    closing_note="Recovered within five minutes. Treat lying down, if at all.",
)
BRUISE = HeardEvent(
    "bruise",
    1,
    Phase.SAME_DAY,
    "Told that it fades within two weeks.",
    hours_after=5,
    closing_note="The bruise has faded.",
)
LONG_SORE = HeardEvent(
    "soreness-over-72-hours", 2, Phase.LATER, "Area to be looked at before the next needle.", hours_after=24
)
PAIN_AFTER = HeardEvent("pain-after", 1, Phase.LATER, "Gentle movement; call again tomorrow.", hours_after=20)

BLOOD_THINNER = ("blood-thinner", "Apixaban, 5 mg twice a day")

SCENARIOS = (
    Scenario(
        "neck-pain", MARIA, MIDLINE, past=3, hour=(9, 15), stage="treating", particulars=TONE, planned=True
    ),
    Scenario("headache", MARIA, past=2, hours_ago=27, reply="red", muscles=("ut", "sc", "smc")),
    Scenario(
        "low-back-pain",
        MARIA,
        LEFT,
        past=4,
        hour=(8, 30),
        stage="unsigned",
        visits_before=6,
        particulars=TONE,
    ),
    Scenario(
        "rotator-cuff-strain",
        MARIA,
        past=0,
        hour=(9, 45),
        stage="arrived",
        screening="waiting",
        concerns=(BLOOD_THINNER,),
        blood_thinner=("Apixaban", "5 mg twice a day"),
    ),
    Scenario("runners-knee", MARIA, LEFT, past=0, hour=(10, 30), screening="none", consent="none"),
    Scenario("knee-pain", MARIA, past=5, hour=(8, 0), stage="signed", particulars=SIDE_BY_SIDE, planned=True),
    Scenario("tennis-elbow", JO, past=2, hours_ago=28, reply="due", particulars=FAINT, event=NEAR_FAINT),
    Scenario(
        "plantar-fasciitis",
        MARIA,
        past=3,
        hour=(11, 30),
        after_signing="addendum",
        particulars=SIDE_BY_SIDE,
        planned=True,
    ),
    Scenario("hip-pain", JO, LEFT, past=3, hour=(10, 30), after_signing="error"),
    Scenario(
        "it-band-syndrome",
        MARIA,
        past=2,
        hour=(11, 0),
        name=("Examplewood", "Ada"),
        age=41,
        particulars=SIDE_BY_SIDE,
        planned=True,
    ),
    Scenario(
        "achilles-tendinopathy",
        JO,
        LEFT,
        past=1,
        hour=(11, 0),
        name=("Examplewood", "Ada"),
        age=67,
        particulars=SORE,
        event=BRUISE,
    ),
    Scenario(
        "adhesive-capsulitis",
        JO,
        past=0,
        hour=(11, 30),
        screening="waiting",
        concerns=(("bleeding-disorder", "Von Willebrand disease"),),
    ),
    Scenario("ankle-strain", MARIA, past=1, hour=(13, 0), age=15, consent="guardian"),
    Scenario(
        "migraine",
        JO,
        LEFT,
        past=3,
        hour=(9, 15),
        stage="in_room",
        consent="ends_soon",
        medicare=True,
        age=71,
        particulars=SIDE_BY_SIDE,
        planned=True,
    ),
    Scenario(
        "carpal-tunnel-syndrome",
        JO,
        past=2,
        hour=(13, 0),
        consent="withdrawn",
        particulars=FAINT,
        event=FAINTED,
    ),
    Scenario(
        "shin-splints", JO, LEFT, past=3, hour=(8, 0), stage="signed", supervised=True, particulars=DROPPED
    ),
    Scenario(
        "throwers-elbow",
        JO,
        past=2,
        hour=(9, 45),
        stage="arrived",
        changed_today=(("medicines-changed", "New blood pressure tablets"),),
        particulars=SIDE_BY_SIDE,
    ),
    Scenario("muscle-strain", JO, past=2, hour=(14, 0), screening="ended", hours_ago=24 * 400),
    Scenario(
        "decreased-range-of-movement",
        MARIA,
        past=2,
        hours_ago=76,
        reply="missed",
        particulars=SORE,
        event=LONG_SORE,
    ),
    Scenario(
        "muscle-hypertonicity",
        MARIA,
        LEFT,
        past=3,
        hours_ago=29,
        reply="sore",
        particulars=replace(SORE, has_tone=True),
        event=PAIN_AFTER,
    ),
    Scenario("neck-pain", JO, past=1, hour=(8, 45), stage="signed", muscles=("ut", "smc"), particulars=DEEP),
    Scenario("low-back-pain", JO, past=2, hour=(8, 30), stage="missed"),
    Scenario("knee-pain", MARIA, LEFT, past=2, hour=(15, 0), stage="cancelled"),
    Scenario("headache", MARIA, LEFT, past=1, hours_ago=51, reply="fine", particulars=LOST_AND_FOUND),
    Scenario("hip-pain", MARIA, past=0, hour=(14, 0), consent="refused"),
    Scenario(
        "rotator-cuff-strain",
        MARIA,
        LEFT,
        past=6,
        hour=(16, 0),
        referred=True,
        visits_before=3,
        particulars=TONE,
        planned=True,
    ),
    Scenario("tennis-elbow", JO, past=1, hour=(15, 0), consent="paper"),
    Scenario("plantar-fasciitis", JO, LEFT, past=2, hour=(16, 0), consent="ended", hours_ago=24 * 390),
    Scenario("neck-pain", MARIA, past=9, hour=(16, 30), visits_before=4, particulars=TONE, planned=True),
)
