"""The scenarios of the demo: who comes today and who is called, each with what makes it worth showing."""

from dataclasses import dataclass

MARIA, JO = 0, 1
RIGHT, LEFT, MIDLINE = "right", "left", "midline"


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


BLOOD_THINNER = ("blood-thinner", "Apixaban, 5 mg twice a day")

SCENARIOS = (
    Scenario("neck-pain", MARIA, MIDLINE, past=3, hour=(9, 15), stage="treating"),
    Scenario("headache", MARIA, past=2, hours_ago=27, reply="red", muscles=("ut", "sc", "smc")),
    Scenario("low-back-pain", MARIA, LEFT, past=4, hour=(8, 30), stage="unsigned", visits_before=6),
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
    Scenario("knee-pain", MARIA, past=5, hour=(8, 0), stage="signed"),
    Scenario("tennis-elbow", JO, past=2, hours_ago=28, reply="due"),
    Scenario("plantar-fasciitis", MARIA, past=3, hour=(11, 30), after_signing="addendum"),
    Scenario("hip-pain", JO, LEFT, past=3, hour=(10, 30), after_signing="error"),
    Scenario("it-band-syndrome", MARIA, past=2, hour=(11, 0), name=("Examplewood", "Ada"), age=41),
    Scenario("achilles-tendinopathy", JO, LEFT, past=1, hour=(11, 0), name=("Examplewood", "Ada"), age=67),
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
    ),
    Scenario("carpal-tunnel-syndrome", JO, past=2, hour=(13, 0), consent="withdrawn"),
    Scenario("shin-splints", JO, LEFT, past=3, hour=(8, 0), stage="signed", supervised=True),
    Scenario(
        "throwers-elbow",
        JO,
        past=2,
        hour=(9, 45),
        stage="arrived",
        changed_today=(("medicines-changed", "New blood pressure tablets"),),
    ),
    Scenario("muscle-strain", JO, past=2, hour=(14, 0), screening="ended", hours_ago=24 * 400),
    Scenario("decreased-range-of-movement", MARIA, past=2, hours_ago=76, reply="missed"),
    Scenario("muscle-hypertonicity", MARIA, LEFT, past=3, hours_ago=29, reply="sore"),
    Scenario("neck-pain", JO, past=1, hour=(8, 45), stage="signed"),
    Scenario("low-back-pain", JO, past=2, hour=(8, 30), stage="missed"),
    Scenario("knee-pain", MARIA, LEFT, past=2, hour=(15, 0), stage="cancelled"),
    Scenario("headache", MARIA, LEFT, past=1, hours_ago=51, reply="fine"),
    Scenario("hip-pain", MARIA, past=0, hour=(14, 0), consent="refused"),
    Scenario("rotator-cuff-strain", MARIA, LEFT, past=6, hour=(16, 0), referred=True, visits_before=3),
    Scenario("tennis-elbow", JO, past=1, hour=(15, 0), consent="paper"),
    Scenario("plantar-fasciitis", JO, LEFT, past=2, hour=(16, 0), consent="ended", hours_ago=24 * 390),
    Scenario("neck-pain", MARIA, past=9, hour=(16, 30), visits_before=4),
)
