"""What the second floor is for: the names that its modules carry, room by room."""

CAPABILITIES = {
    "session": "opening, the one draft, its fields, co-editing, unsaved input, history",
    "sites": "entry, proposals, shorthand, hazards, needles in and out",
    "signing": "readiness, the seal, co-signature, addenda and error marks",
    "billing": "the code that the needled muscles propose",
    "code_sets": "the publisher's file of diagnosis codes, and the notes under an expired set",
    "set_up": "what the practice needs before its first session",
    "qualification": "who may needle on a day under a state's rules",
    "delegation": "who else than a physical therapist may needle",
    "followups": "calls, soreness, red flags",
    "adverse_events": "recorded, reported, closed; their register and rates",
    "sharps": "injuries of staff, apart from every patient's record",
    "taking_away": "what hangs on a row that somebody is about to take away",
    "leaving": "what somebody who leaves still has, and who takes it over",
    "merging": "two records of one person merged into one, and taken apart again",
    "record": "a patient's page, trends, history of changes, print, amendments",
    "board": "today's visits, a therapist's day, absence",
    "reports": "what an owner asks",
    "audit": "searching the trail",
    "practice_export": "the whole practice as files that another system reads",
    "session_fields": "template tags of the session page",
}
