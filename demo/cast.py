"""The cast of the demo: who comes today and who is called, each with what makes them worth a look."""

from dataclasses import dataclass

MARIA, JO = 0, 1
RIGHT, LEFT, MIDLINE = "right", "left", "midline"


@dataclass(frozen=True)
class Part:
    """One patient. Hours are those of a morning at which the clock would show 10:00."""

    condition: str
    therapist: int = MARIA
    side: str = RIGHT
    name: tuple[str, str] | None = None
    age: int | None = None
    # sessions before today, a week apart
    past: int = 2
    visits_before: int = 0
    # today: when booked, and how far the visit is: expected, arrived, in_room, treating, unsigned, signed,
    # missed or cancelled; no hour: no visit today
    hour: tuple[int, int] | None = None
    stage: str = "expected"
    # reviewed, waiting, ended, none
    screening: str = "reviewed"
    concerns: tuple[tuple[str, str], ...] = ()
    changed_today: tuple[tuple[str, str], ...] = ()
    # given, paper, guardian, ends_soon, ended, withdrawn, refused, none
    consent: str = "given"
    medicare: bool = False
    referred: bool = False
    medicine: tuple[str, str] | None = None
    # hours since the newest session, and what the follow-up call found: due, missed, sore, red, fine
    hours_ago: int | None = None
    reply: str = ""
    muscles: tuple[str, ...] = ()
    # Jo's sessions that Maria supervises: older ones are co-signed, the newest is overdue, today's waits
    supervised: bool = False
    # addendum, error: what was said after signing
    later: str = ""


THINNER = ("blood-thinner", "Apixaban, 5 mg twice a day")

PARTS = (
    Part("neck-pain", MARIA, MIDLINE, past=3, hour=(9, 15), stage="treating"),
    Part("headache", MARIA, past=2, hours_ago=27, reply="red", muscles=("ut", "sc", "smc")),
    Part("low-back-pain", MARIA, LEFT, past=4, hour=(8, 30), stage="unsigned", visits_before=6),
    Part(
        "rotator-cuff-strain",
        MARIA,
        past=0,
        hour=(9, 45),
        stage="arrived",
        screening="waiting",
        concerns=(THINNER,),
        medicine=("Apixaban", "5 mg twice a day"),
    ),
    Part("runners-knee", MARIA, LEFT, past=0, hour=(10, 30), screening="none", consent="none"),
    Part("knee-pain", MARIA, past=5, hour=(8, 0), stage="signed"),
    Part("tennis-elbow", JO, past=2, hours_ago=28, reply="due"),
    Part("plantar-fasciitis", MARIA, past=3, hour=(11, 30), later="addendum"),
    Part("hip-pain", JO, LEFT, past=3, hour=(10, 30), later="error"),
    Part("it-band-syndrome", MARIA, past=2, hour=(11, 0), name=("Examplewood", "Ada"), age=41),
    Part("achilles-tendinopathy", JO, LEFT, past=1, hour=(11, 0), name=("Examplewood", "Ada"), age=67),
    Part(
        "adhesive-capsulitis",
        JO,
        past=0,
        hour=(11, 30),
        screening="waiting",
        concerns=(("bleeding-disorder", "Von Willebrand disease"),),
    ),
    Part("ankle-strain", MARIA, past=1, hour=(13, 0), age=15, consent="guardian"),
    Part(
        "migraine",
        JO,
        LEFT,
        past=3,
        hour=(9, 15),
        stage="in_room",
        consent="ends_soon",
        medicare=True,
        age=71,
    ),
    Part("carpal-tunnel-syndrome", JO, past=2, hour=(13, 0), consent="withdrawn"),
    Part("shin-splints", JO, LEFT, past=3, hour=(8, 0), stage="signed", supervised=True),
    Part(
        "throwers-elbow",
        JO,
        past=2,
        hour=(9, 45),
        stage="arrived",
        changed_today=(("medicines-changed", "New blood pressure tablets"),),
    ),
    Part("muscle-strain", JO, past=2, hour=(14, 0), screening="ended", hours_ago=24 * 400),
    Part("decreased-range-of-movement", MARIA, past=2, hours_ago=76, reply="missed"),
    Part("muscle-hypertonicity", MARIA, LEFT, past=3, hours_ago=29, reply="sore"),
    Part("neck-pain", JO, past=1, hour=(8, 45), stage="signed"),
    Part("low-back-pain", JO, past=2, hour=(8, 30), stage="missed"),
    Part("knee-pain", MARIA, LEFT, past=2, hour=(15, 0), stage="cancelled"),
    Part("headache", MARIA, LEFT, past=1, hours_ago=51, reply="fine"),
    Part("hip-pain", MARIA, past=0, hour=(14, 0), consent="refused"),
    Part("rotator-cuff-strain", MARIA, LEFT, past=6, hour=(16, 0), referred=True, visits_before=3),
    Part("tennis-elbow", JO, past=1, hour=(15, 0), consent="paper"),
    Part("plantar-fasciitis", JO, LEFT, past=2, hour=(16, 0), consent="ended", hours_ago=24 * 390),
    Part("neck-pain", MARIA, past=9, hour=(16, 30), visits_before=4),
)
